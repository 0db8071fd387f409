import { expect, test } from '@playwright/test';
import { screens } from '../forms/panes.ts';
import { as, openStudy } from './support/demo.ts';

for (const { name, viewport, pane } of screens) {
	test(`on ${name} the room gives the sheet the width that the forms are judged at`, async ({
		browser
	}) => {
		const { page, context } = await as(browser, 'ingrid', viewport);
		await openStudy(page, 'Lindqvist');
		const sheet = page.locator('[data-sheet]');
		expect(await sheet.evaluate((box) => box.parentElement?.clientWidth)).toBe(pane.width);
		expect(await sheet.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
		await context.close();
	});
}
