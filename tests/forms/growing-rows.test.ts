/** The rows of a table that grows, written by keyboard alone in Chromium. */
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { worksheetFiles } from '../support/worksheet.ts';
import { openChromium, openFormPage } from './form-page.ts';
import type { Forms } from './page/main.ts';

declare const forms: Forms;

describe('a table that grows', { timeout: 60_000 }, () => {
	let browser: Browser;
	let page: Page;
	beforeAll(async () => {
		const { library } = readLibrary(worksheetFiles());
		const worksheet = resolveWorksheet(library, 'lymphoma-ct');
		if (!worksheet) throw new Error('there is no worksheet');
		const sections = worksheet.sections.filter(({ id }) => id === 'lymphoma');
		browser = await openChromium();
		const viewport = { width: 1280, height: 900 };
		page = await openFormPage(browser, inject('formPage'), { viewport });
		await page.evaluate(
			(worksheet) => {
				forms.draw({ worksheet, filling: 'empty', pane: { width: 820, height: 600 } });
			},
			{ ...worksheet, sections }
		);
	}, 120_000);
	afterAll(() => browser?.close());

	const focused = () => page.evaluate(() => document.activeElement?.id);
	const rows = () => page.locator('[data-table] [role=rowheader]').count();
	const add = () => page.locator('[data-table] button', { hasText: /^\s*Add/ });

	it('goes into the row that was asked for, and on after the last one', async () => {
		expect(await rows()).toBe(1);
		for (let row = 2; await add().count(); row += 1) {
			await add().focus();
			await page.keyboard.press('Enter');
			expect(await rows()).toBe(row);
			expect(await focused()).toBe(`value-lymphoma.place_${row}`);
		}
		expect(await rows()).toBe(6);
	});

	it('moves up and down a column by the arrows, and along a row by Enter', async () => {
		await page.locator('[id="value-lymphoma.ldi_1"]').focus();
		await page.keyboard.type('21');
		await page.keyboard.press('ArrowDown');
		expect(await focused()).toBe('value-lymphoma.ldi_2');
		await page.keyboard.type('34');
		await page.keyboard.press('ArrowUp');
		expect(await focused()).toBe('value-lymphoma.ldi_1');
		await page.keyboard.press('Enter');
		expect(await focused()).toBe('value-lymphoma.sdi_1');
		expect(await page.locator('[id="value-lymphoma.ldi_2"]').inputValue()).toBe('34');
	});

	it('keeps a row that is emptied while somebody is in the table', async () => {
		await page.locator('[id="value-lymphoma.ldi_2"]').focus();
		await page.keyboard.press('Delete');
		await page.keyboard.press('Enter');
		expect(await rows()).toBe(6);
		expect(await focused()).toBe('value-lymphoma.sdi_2');
	});
});
