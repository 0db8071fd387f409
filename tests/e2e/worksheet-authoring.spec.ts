import { expect, test } from '@playwright/test';
import { as, openStudy } from './support/demo.ts';

const id = 'adult-tte-limited';

test('an admin copies, edits, previews and publishes a worksheet, and a reader uses it', async ({
	browser
}) => {
	test.slow();
	const admin = await as(browser, 'admin');
	const { page } = admin;
	await page.goto('/admin/worksheets');
	await page.getByRole('searchbox', { name: 'Search worksheets' }).fill('limited transthoracic');
	await expect(page.getByRole('status').first()).toContainText('worksheets');
	await page.getByRole('searchbox', { name: 'Search worksheets' }).fill(id);
	await page.locator(`a[href="/admin/worksheets/${id}"]`).click();
	await expect(page.getByRole('tab', { name: /Formulas/ })).toBeVisible();
	await page.getByRole('link', { name: /Copy and edit/ }).click();

	// The copy is in order, and its form takes sample values.
	const editor = page.getByRole('textbox', { name: 'Worksheet as YAML' });
	await expect(editor).toBeVisible();
	await expect(page.getByText('In order')).toBeVisible({ timeout: 60_000 });
	const preview = page.locator('[data-preview]');
	await expect(preview.locator('[data-section]').first()).toBeVisible();

	// A mistake is told with its line, and keeps the button closed.
	await editor.click();
	await page.keyboard.press('ControlOrMeta+End');
	await page.keyboard.type('\nno_such_key: 1\n');
	await expect(page.locator('[data-problems]')).toContainText('no_such_key');
	await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
	await page.keyboard.press('ControlOrMeta+z');
	await page.getByRole('button', { name: 'Back to the published text' }).click();
	await expect(page.getByText('In order')).toBeVisible();

	// A section of its own, at the end of the text.
	const section = [
		'  - section:',
		'      id: harbour',
		'      short: Harbour',
		'      title: Harbour house questions',
		'      fields:',
		'        - {id: harbour.size, kind: number, label: Harbour size, unit: mm, decimals: 0}',
		''
	].join('\n');
	await page.evaluate((text) => navigator.clipboard?.writeText(text).catch(() => {}), section);
	const text = await page.evaluate(
		(key) => localStorage.getItem(key),
		`readroom.worksheet-draft.${id}`
	);
	expect(text).toBeNull();
	await editor.click();
	await page.keyboard.press('ControlOrMeta+End');
	await page.keyboard.insertText(`\n${section}`);
	await expect(page.getByText('In order')).toBeVisible({ timeout: 30_000 });
	await expect(preview).toContainText('Harbour house questions');
	const size = preview.locator('[data-field="harbour.size"] input').first();
	await size.fill('12');
	await size.press('Enter');

	await page.getByRole('tab', { name: /Changes/ }).click();
	await expect(page.locator('[data-changes]')).toContainText('Harbour house questions');
	await page.getByRole('button', { name: 'Publish', exact: true }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('What is new, for your colleagues').fill('Questions of our house');
	await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
	await expect(page.getByText('is in use.')).toBeVisible();
	await page.getByRole('tab', { name: /Versions/ }).click();
	await expect(page.getByText('Questions of our house')).toBeVisible();
	await admin.context.close();

	const reader = await as(browser, 'ingrid');
	await openStudy(reader.page, 'HADDAD');
	await reader.page.keyboard.press('Shift+W');
	await reader.page.getByPlaceholder('Search worksheets').fill(id);
	await reader.page.getByRole('option').first().click();
	await expect(reader.page.getByText('Harbour house questions').first()).toBeVisible({
		timeout: 40_000
	});
	await reader.context.close();
});
