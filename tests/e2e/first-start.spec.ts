import { expect, test } from '@playwright/test';
import { startEmpty } from './support/own-server.ts';

const link = /^(http:\S+\/welcome\/\S+#\S+)$/m;

test('on an empty server the first administrator founds the practice by a link that works once', async ({
	page
}) => {
	const server = await startEmpty(link);
	try {
		const address = link.exec(server.said)?.[1] ?? '';
		await page.goto(address);
		await expect(page.getByRole('heading', { name: 'Set up your practice' })).toBeVisible();
		await page.getByLabel('Name of the practice').fill('Quay Street Echo');
		await page.getByLabel('Your name').fill('Aino Berglund');
		await page.getByLabel('E-mail address').fill('aino@quay.example');
		await page.getByLabel('Password', { exact: true }).fill('a sentence to keep in mind');
		await page.getByLabel('The password again').fill('another sentence altogether');
		const goOn = page.getByRole('button', { name: 'Go on' });
		await goOn.click();
		// A mistake costs neither what was typed nor the link.
		await expect(page.getByRole('alert')).toContainText('The two passwords differ.');
		await expect(page.getByLabel('Name of the practice')).toHaveValue('Quay Street Echo');
		await page.getByLabel('The password again').fill('a sentence to keep in mind');
		await goOn.click();
		await expect(page.getByRole('button', { name: 'Aino Berglund' })).toBeVisible();
		await expect(page.getByText('Quay Street Echo')).toBeVisible();
		expect(page.url()).not.toContain('#');

		await page.context().clearCookies();
		await page.goto('about:blank');
		await page.goto(address);
		await expect(page.getByRole('heading', { name: 'Set up your practice' })).toBeHidden();
	} finally {
		await server.stop();
	}
});
