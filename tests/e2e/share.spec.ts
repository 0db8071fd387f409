import { expect, test, type Browser, type Page } from '@playwright/test';
import { as } from './support/demo.ts';

/** Greta's report: signed and released in the demo's story. Her own page knows its address. */
async function gretasReport(browser: Browser): Promise<string> {
	const greta = await as(browser, 'greta', phone);
	const href = await greta.page.locator('a[href^="/my/"]').first().getAttribute('href');
	await greta.context.close();
	return href?.replace('/my/', '') ?? '';
}

const phone = { width: 390, height: 844 };
const tablet = { viewport: { width: 820, height: 1180 }, hasTouch: true };

interface Wish {
	recipient: string;
	days?: string;
	/** Names of switches to turn over. */
	turn: string[];
}

/** Through the dialog, as a person does. */
async function makeLink(page: Page, { recipient, days, turn }: Wish) {
	await page.getByRole('button', { name: 'New link' }).click();
	const dialog = page.getByRole('dialog', { name: 'Share this report' });
	await dialog.getByLabel('For whom').fill(recipient);
	if (days) await dialog.getByLabel('Days until it ends').fill(days);
	for (const name of turn) await dialog.getByRole('switch', { name }).click();
	await dialog.getByRole('button', { name: 'Make the link' }).click();
	const link = await dialog.getByLabel('Link', { exact: true }).inputValue();
	const passcode = await dialog.getByLabel('Passcode', { exact: true }).inputValue();
	await dialog.getByRole('button', { name: 'Close' }).last().click();
	return { link, passcode };
}

async function open(page: Page, link: string, passcode: string) {
	await page.goto(link);
	await page.getByLabel('Passcode').fill(passcode);
	await page.getByRole('button', { name: 'Open' }).click();
}

test('a link does what its switches say, on a tablet, with measuring brought when it is asked for', async ({
	browser
}) => {
	test.slow();
	const report = await gretasReport(browser);
	const ingrid = await as(browser, 'ingrid');
	await ingrid.page.goto(`/reports/${report}`);
	const all = await makeLink(ingrid.page, {
		recipient: 'Dr Wide',
		days: '3',
		turn: ['Downloading', 'Measuring, without saving']
	});
	const little = await makeLink(ingrid.page, {
		recipient: 'Dr Narrow',
		turn: ['Loops and images']
	});

	await test.step('everything on', async () => {
		const context = await browser.newContext(tablet);
		const page = await context.newPage();
		const asked: string[] = [];
		page.on('request', (request) => asked.push(new URL(request.url()).pathname));
		await open(page, all.link, all.passcode);
		await expect(page.getByText('Greta Nyman')).toBeVisible();
		await expect(page.locator('figure img').first()).toBeVisible();
		const before = asked.length;
		await page.getByRole('button', { name: /^All images/ }).click();
		expect(asked.slice(0, before).filter((path) => path.includes('/scale/'))).toEqual([]);
		await page.getByRole('button', { name: 'Measure a length' }).click();
		const picture = page.getByRole('application', { name: /^Measure on/ });
		await expect(picture).toBeVisible();
		await picture.scrollIntoViewIfNeeded();
		const box = await picture.boundingBox();
		if (!box) throw new Error('no picture to measure on');
		const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
		await page.mouse.move(...at(0.5, 0.45));
		await page.mouse.down();
		await page.mouse.move(...at(0.5, 0.6), { steps: 5 });
		await page.mouse.up();
		const result = page.getByRole('status').filter({ hasText: 'not saved' });
		await expect(result).toContainText(/\d\.\d\d cm/);
		const drawn = await result.textContent();
		await picture.focus();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowDown');
		await expect(result).not.toHaveText(drawn ?? '');
		const pdf = await context.request.get(`${new URL(page.url()).pathname}/pdf`);
		expect(pdf.headers()['content-type']).toBe('application/pdf');
		await context.close();
	});

	await test.step('what is off is not there, in the page and at the address', async () => {
		const context = await browser.newContext(tablet);
		const page = await context.newPage();
		await open(page, little.link, little.passcode);
		await expect(page.getByText('Greta Nyman')).toBeVisible();
		await expect(page.getByRole('button', { name: /^All images/ })).toHaveCount(0);
		await expect(page.locator('figure')).toHaveCount(0);
		await expect(page.getByRole('link', { name: 'Report as PDF' })).toHaveCount(0);
		const pdf = await context.request.get(`${new URL(page.url()).pathname}/pdf`);
		expect(pdf.status()).toBe(404);
		await context.close();
	});

	await test.step('five wrong passcodes pause the link, and the sender sees it', async () => {
		const context = await browser.newContext(tablet);
		const page = await context.newPage();
		await page.goto(all.link);
		const passcode = page.getByLabel('Passcode');
		const paused = page.getByRole('alert').filter({ hasText: 'This link is paused' });
		for (let tries = 1; tries <= 5; tries++) {
			await passcode.fill(`wrong ${tries}`);
			const answer = page.waitForResponse(/\/open$/);
			await page.getByRole('button', { name: 'Open' }).click();
			await answer;
		}
		// Now the right one is of no use either.
		await passcode.fill(all.passcode);
		await page.getByRole('button', { name: 'Open' }).click();
		await expect(paused).toBeVisible();
		await expect(page.getByText('Ask the sender to resume it.')).toBeVisible();
		await context.close();
		await ingrid.page.reload();
		const line = ingrid.page.locator('#share').getByRole('listitem').filter({ hasText: 'Dr Wide' });
		await expect(line.first()).toContainText(/paused/i);
	});

	await test.step('a link that ran out says so', async () => {
		const made = await ingrid.page.evaluate(async (reportId) => {
			const answer = await fetch('/api/trpc/grants.create', {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					json: {
						reportId,
						recipient: 'Dr Late',
						message: '',
						passcode: null,
						expiresAt: new Date(Date.now() + 1500).toISOString(),
						switches: {
							images: true,
							report: true,
							download: false,
							measure: false,
							newerVersions: true
						}
					},
					meta: { values: { expiresAt: ['Date'] } }
				})
			});
			const body = (await answer.json()) as {
				result: { data: { json: { id: string; secret: string } } };
			};
			return body.result.data.json;
		}, report);
		const context = await browser.newContext(tablet);
		const page = await context.newPage();
		await expect(async () => {
			await page.goto('about:blank');
			await page.goto(`/s/${made.id}#${made.secret}`);
			await expect(page.getByText(/expired|no longer open/)).toBeVisible({ timeout: 2000 });
		}).toPass({ timeout: 20_000 });
		await expect(page.getByText('Ask the sender for a new one.')).toBeVisible();
		await context.close();
	});
	await ingrid.context.close();
});

test('a report held back is gone from the patient’s phone, and comes back when it is released', async ({
	browser
}) => {
	const report = await gretasReport(browser);
	const ingrid = await as(browser, 'ingrid');
	const greta = await as(browser, 'greta', phone);
	await greta.page.goto(`/my/${report}`);
	await expect(greta.page.getByText('What was found')).toBeVisible();
	await expect(greta.page.getByText('Who has looked')).toBeVisible();
	// Nothing sticks out of a phone.
	const sideways = await greta.page.evaluate(
		() => document.documentElement.scrollWidth - document.documentElement.clientWidth
	);
	expect(sideways).toBe(0);

	await ingrid.page.goto(`/reports/${report}`);
	const reason = ingrid.page.getByLabel('Reason', { exact: true });
	await reason.fill('To be told in person first');
	await ingrid.page.getByRole('button', { name: 'Hold back' }).click();
	await expect(ingrid.page.getByText('Held back from the patient')).toBeVisible();
	expect((await greta.page.goto(`/my/${report}`))?.status()).toBe(404);
	await greta.page.goto('/my');
	await expect(greta.page.getByText('There is nothing here yet.')).toBeVisible();

	await reason.fill('Told');
	await ingrid.page.getByRole('button', { name: 'Release now' }).click();
	await expect(ingrid.page.getByText('The patient sees it since')).toBeVisible();
	await greta.page.reload();
	await greta.page.locator(`a[href="/my/${report}"]`).click();
	await expect(greta.page.getByText('No structural cause')).toBeVisible();
	const pdf = greta.page.getByRole('link', { name: 'Open or save the report' });
	const answer = await greta.context.request.get((await pdf.getAttribute('href')) ?? '');
	expect(answer.headers()['content-type']).toBe('application/pdf');
	await ingrid.context.close();
	await greta.context.close();
});
