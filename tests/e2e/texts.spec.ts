import { expect, test } from '@playwright/test';
import { openStudy, signIn, standStill } from './support/demo.ts';

test('what a prior said is carried with a mark, confirmed by key, and never a number', async ({
	page
}) => {
	await signIn(page, 'ingrid');
	await openStudy(page, 'Lindqvist');
	await standStill(page);
	const lvidd = await page.locator('[data-field=lvidd] input').first().inputValue();
	await page.keyboard.press('b');
	const note = page.locator('[data-step-note]');
	await expect(note).toContainText(/lines carried from \d{4}-\d{2}-\d{2}/);
	await expect(note).toContainText('Septa and shunts: Interatrial septum, No shunt by colour');
	// Today's numbers say otherwise: it stays out, and says why.
	await expect(note).toContainText('The text does not call the aortic stenosis severe');
	await page.keyboard.press('Escape');
	await expect(note).toBeHidden();

	const waiting = page.locator('[data-sheet] [data-confirm]');
	const all = await waiting.count();
	expect(all).toBeGreaterThan(2);
	await expect(page.locator('[data-field="septa.interatrial"]')).toContainText('Confirm');
	await expect(page.locator('[data-field=lvidd] input').first()).toHaveValue(lvidd);

	await page.keyboard.press('Control+Enter');
	const dialog = page.getByRole('dialog', { name: 'Sign this report' });
	await expect(dialog.getByText(/Carried from .* and not confirmed/)).toHaveCount(all);
	await page.keyboard.press('Escape');

	// The first press goes there, each further one confirms and goes on.
	for (let press = 0; press <= all; press += 1) await page.keyboard.press('y');
	await expect(waiting).toHaveCount(0);
	await expect(page.locator('[data-field="septa.interatrial"]')).toContainText('confirmed');
});

test('a macro is filled from the sheet, and an open place keeps the report from being signed', async ({
	page
}) => {
	await signIn(page, 'ingrid');
	await openStudy(page, 'Lindqvist');
	await standStill(page);
	const text = page.locator('[data-conclusion]');
	await text.click();
	await text.press('Control+End');
	await page.keyboard.type('\n.as ');
	await expect(text).toHaveValue(/peak velocity 4\.\d m\/s, mean gradient \d+ mmHg/);
	await page.keyboard.type('.fu ');
	await expect(text).toHaveValue(/follow-up in ▢ months/);

	await page.keyboard.press('Control+Enter');
	const dialog = page.getByRole('dialog', { name: 'Sign this report' });
	await expect(dialog).toContainText('This has to be settled first');
	await expect(dialog).toContainText('Something is still to be written');
	await expect(dialog.getByLabel('Password', { exact: true })).toBeDisabled();
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();

	// Tab goes to the open place; what is typed takes it.
	await text.click();
	await text.press('Control+Home');
	await page.keyboard.press('Tab');
	await page.keyboard.type('6');
	await expect(text).toHaveValue(/follow-up in 6 months/);

	await text.press('Control+End');
	await page.keyboard.type(' /ejection');
	await expect(page.getByRole('option', { name: /\.ef/ })).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(text).toHaveValue(/LV ejection fraction \d+ % \(normal 54–74 %/);
});

test('a preset sets its answers, lists what it left alone, and is taken back in one step', async ({
	page
}) => {
	await signIn(page, 'ingrid');
	await openStudy(page, 'Lindqvist');
	await standStill(page);
	await page.keyboard.press('Shift+N');
	await page.getByPlaceholder('Apply a preset').fill('Severe AS');
	await page.keyboard.press('Enter');
	const note = page.locator('[data-step-note]');
	await expect(note).toContainText('Severe AS work-up');
	await expect(note).toContainText('Discussion in the heart team is suggested.');
	await expect(note).toContainText(/Aortic valve: Structure: answered already/);
	const line = page.locator('[data-statement]', { hasText: 'heart team' });
	await expect(line).toContainText('by preset Severe AS work-up');
	await note.getByRole('button', { name: 'Undo' }).click();
	await expect(line).toBeHidden();

	await page.keyboard.press('Shift+N');
	await page.getByRole('option', { name: 'Save as preset' }).click();
	const dialog = page.getByRole('dialog', { name: 'Save as preset' });
	await dialog.getByLabel('Name').fill('My follow-up');
	await dialog.getByRole('button', { name: 'Keep preset' }).click();
	await expect(page.getByText('Preset kept: My follow-up')).toBeVisible();
	await page.goto('/admin/macros');
	await page.getByRole('tab', { name: 'Presets' }).click();
	await expect(page.getByText('My follow-up')).toBeVisible();
});

test('macros are kept by their owner, and reading groups by the administrator', async ({
	page,
	browser
}) => {
	await signIn(page, 'ingrid');
	await page.goto('/admin/macros');
	await page.getByRole('button', { name: 'New macro' }).click();
	const dialog = page.getByRole('dialog', { name: 'New macro' });
	await dialog.getByLabel('Abbreviation').fill('npe');
	await dialog.getByLabel('Name').fill('No effusion');
	await dialog.getByLabel('Text').fill('No pericardial effusion. LVEDD ');
	await dialog.getByPlaceholder('Put in a value').fill('LVIDd');
	await dialog.getByRole('option', { name: /\{lvidd\}/ }).click();
	await expect(dialog.getByLabel('Text')).toHaveValue('No pericardial effusion. LVEDD {lvidd}');
	await dialog.getByRole('button', { name: 'Keep' }).click();
	await expect(page.getByText('.npe')).toBeVisible();

	const other = await browser.newContext();
	const admin = await other.newPage();
	await signIn(admin, 'admin');
	await admin.goto('/admin/macros');
	await expect(admin.getByText('.fu')).toBeVisible();
	await expect(admin.getByText('.npe')).toBeHidden();
	await admin.goto('/admin/groups');
	await admin.getByRole('button', { name: 'Edit group' }).click();
	await expect(admin.getByRole('checkbox', { name: 'Ingrid Sand' })).toBeChecked();
	await other.close();

	await page.getByRole('button', { name: 'More for No effusion' }).click();
	await page.getByRole('menuitem', { name: 'Delete' }).click();
	await expect(page.getByText('.npe')).toBeHidden();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByText('.npe')).toBeVisible();
});
