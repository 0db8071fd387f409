import { expect, test } from '@playwright/test';
import { giveAuthenticator } from './support/authenticator.ts';
import { demo, openStudy, signIn } from './support/demo.ts';

test('a passkey signs in and signs a report, which an addendum then stands before', async ({
	page
}) => {
	test.slow();
	await giveAuthenticator(page);
	await signIn(page, 'tomas');

	await test.step('one is made for this device, soon after signing in', async () => {
		await page.goto('/admin/account');
		await page.getByLabel('Name of this device').fill('Reading desk');
		await page.getByRole('button', { name: 'Add a passkey' }).click();
		await expect(page.getByRole('listitem').filter({ hasText: 'Reading desk' })).toBeVisible();
	});

	await test.step('it signs in without a name or a password', async () => {
		await page.goto('/sign-out');
		await page.getByRole('button', { name: 'Sign out' }).click();
		await page.goto('/sign-in');
		await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
		await expect(page).not.toHaveURL(/sign-in/);
	});

	await test.step('it signs the report', async () => {
		await openStudy(page, 'Novák');
		await page.keyboard.press('Control+Enter');
		const dialog = page.getByRole('dialog', { name: 'Sign this report' });
		await dialog.getByRole('button', { name: 'Passkey' }).click();
		await expect(page).toHaveURL(/\/reports\//, { timeout: 30_000 });
		await expect(page.getByText('by passkey')).toBeVisible();
	});

	await test.step('an addendum is a version of its own, and stands first', async () => {
		await page.getByRole('button', { name: 'Amend' }).click();
		const dialog = page.getByRole('dialog', { name: 'Change a signed report' });
		await dialog.getByLabel('What is said now').fill('The referrer was told by telephone.');
		await dialog.getByLabel('Reason').fill('Call after the report');
		await dialog.getByLabel('Password', { exact: true }).fill(demo.password);
		await dialog.getByRole('button', { name: /^Sign/ }).click();
		await expect(dialog).toBeHidden();
		await expect(page.getByRole('article')).toContainText('The referrer was told by telephone.');
		const signed = page.getByRole('listitem').filter({ hasText: 'Signed by' });
		const newest = signed.filter({ hasText: 'Version 2' });
		await expect(newest).toContainText('Addendum');
		await expect(newest).toContainText('by password');
		await expect(signed.last()).toContainText('Version 1');
	});
});
