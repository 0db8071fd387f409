import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { as, standStill } from './support/demo.ts';

const id = 'carotid-duplex';
const house = `  - section:
      id: harbour
      short: Harbour
      title: Harbour house questions
      fields:
        - {id: harbour.size, kind: number, label: Harbour size, unit: mm, decimals: 0}
      core: [harbour.size]
`;
const template = `<!DOCTYPE html><html><head><title>Harbour neck</title>
<meta name="dcterms.title" content="Harbour neck"><script>fetch('https://elsewhere.example')</script>
</head><body onload="steal()"><section data-section-name="Neck"><header>Neck</header>
<p><label for="size">Longest node</label> <input id="size" type="number" min="0" max="90"> mm</p>
<p><label for="side">Side</label> <select id="side"><option>left</option><option>right</option></select></p>
</section></body></html>`;

test('a practice changes a worksheet and publishes it; what was begun keeps the one before', async ({
	browser
}) => {
	const { page, context } = await as(browser, 'admin');
	await page.goto('/admin/worksheets');
	await expect(page.getByText('710 worksheets')).toBeVisible();
	await page.getByRole('combobox', { name: 'Maturity' }).click();
	await page.getByRole('option', { name: /^A:/ }).click();
	await expect(page.getByText('710 worksheets')).toBeHidden();
	await page.getByRole('searchbox', { name: 'Search worksheets' }).fill(id);
	await page.locator(`a[href="/admin/worksheets/${id}"]`).click();
	await page
		.getByRole('tab', { name: /Normal ranges|Grades/ })
		.last()
		.click();
	await page.getByRole('link', { name: 'Copy and edit' }).click();

	const editor = page.getByRole('textbox', { name: 'Worksheet as YAML' });
	const preview = page.locator('[data-preview]');
	const publish = page.getByRole('button', { name: 'Publish', exact: true });
	const atTheEnd = async (text: string) => {
		await editor.click();
		await page.keyboard.press('ControlOrMeta+End');
		await page.keyboard.insertText(text);
	};
	await expect(page.getByText('In order')).toBeVisible();
	await expect(preview.locator('[data-section]').first()).toBeVisible();

	await atTheEnd('no_such_key: 1\n');
	const problem = page.locator('[data-problems]').getByRole('button');
	await expect(problem).toHaveCount(1);
	await expect(problem).toContainText(/^\d+\s.*no_such_key/);
	await expect(publish).toBeDisabled();
	await page.getByRole('button', { name: 'Back to the published text' }).click();
	await expect(page.getByText('In order')).toBeVisible();

	await atTheEnd(house);
	await expect(preview.locator('[data-section=harbour]')).toBeVisible();
	const size = preview.locator('[data-field="harbour.size"] input');
	await size.fill('12');
	await size.press('Enter');
	await expect(size).toHaveValue('12');
	await page.getByRole('tab', { name: /Changes/ }).click();
	await expect(page.locator('[data-changes]')).toContainText('Harbour house questions');
	await publish.click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('What is new, for your colleagues').fill('Questions of our house');
	await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
	await expect(page.getByText('is in use.')).toBeVisible();
	await page.getByRole('tab', { name: /Versions/ }).click();
	await expect(page.getByText('Questions of our house')).toBeVisible();
	await context.close();

	// A report that was begun before keeps the version it was begun with, until somebody asks.
	const reader = await as(browser, 'ingrid');
	await reader.page.getByRole('button', { name: 'All', exact: true }).click();
	const procedure = reader.page.getByText('Carotid duplex').first();
	await procedure.click({ force: true });
	await expect(reader.page).toHaveURL(/\/studies\//);
	const sheet = reader.page.locator('[data-sheet]');
	await expect(sheet.getByText('Right carotid and vertebral arteries')).toBeVisible();
	await expect(sheet.locator('[data-section=harbour]')).toHaveCount(0);
	await standStill(reader.page);
	const search = reader.page.getByPlaceholder('Search worksheets');
	// The key counts once the live document is there.
	await expect(async () => {
		if (!(await search.isVisible())) await reader.page.keyboard.press('Shift+W');
		await expect(search).toBeVisible({ timeout: 1000 });
	}).toPass();
	await search.fill(id);
	await reader.page.getByRole('option', { name: /version 1\.2\.0/ }).click();
	await expect(sheet.locator('[data-section=harbour]')).toBeVisible();
	await reader.context.close();
});

test('a template of another system comes in as a draft, and a worksheet goes out', async ({
	browser
}) => {
	const { page, context } = await as(browser, 'admin');
	await page.goto('/admin/worksheets');
	await page.getByRole('button', { name: 'Import…' }).click();
	const dialog = page.getByRole('dialog');
	const file = dialog.locator('input[type=file]');
	await file.setInputFiles({
		name: 'letter.pdf',
		mimeType: 'application/pdf',
		buffer: Buffer.from('%PDF-1.7')
	});
	await expect(dialog.getByText('letter.pdf is neither')).toBeVisible();
	await file.setInputFiles({
		name: 'neck.html',
		mimeType: 'text/html',
		buffer: Buffer.from(template)
	});
	await expect(dialog.locator('[data-import-made]')).toContainText('2 fields were read.');
	await expect(dialog.locator('[data-import-left]')).toContainText('Scripts: 1');
	await dialog.getByRole('button', { name: 'Open in the editor' }).click();
	await expect(page).toHaveURL(/harbour-neck\/edit/);
	await expect(page.getByText('In order')).toBeVisible();
	await expect(page.locator('[data-preview]')).toContainText('Longest node');
	await page.getByRole('link', { name: 'All worksheets' }).click();
	await page.locator('[data-drafts]').getByRole('link', { name: 'harbour-neck' }).click();
	await page.getByRole('button', { name: 'Discard the draft' }).click();
	await expect(page.getByText('The draft was discarded.')).toBeVisible();
	await expect(page.locator('[data-drafts]')).toHaveCount(0);

	await page.goto('/admin/worksheets/thyroid-us');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('button', { name: 'Export as Questionnaire' }).click()
	]);
	await expect(page.locator('[data-export-left]')).toContainText('Formulas: ');
	const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as Record<string, unknown>;
	expect(saved).toMatchObject({ resourceType: 'Questionnaire', id: 'thyroid-us' });
	await context.close();
});
