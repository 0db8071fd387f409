/**
 * The forms of the library are drawn in Chromium, at the width that the reading room gives them:
 * with READROOM_LONG every worksheet whole, empty and filled, else every section once, filled.
 */
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { partsOf } from '$lib/worksheet/compose.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { worksheetFiles } from '../support/worksheet.ts';
import { openChromium, openFormPage } from './form-page.ts';
import type { Filling } from './page/fill.ts';
import type { Forms } from './page/main.ts';
import { screens } from './panes.ts';

declare const forms: Forms;
const everything = Boolean(process.env.READROOM_LONG);
const fillings: Filling[] = everything ? ['empty', 'given', 'mixed'] : ['mixed'];
const { library } = readLibrary(worksheetFiles());

function resolved(id: string): ResolvedWorksheet {
	const worksheet = resolveWorksheet(library, id);
	if (!worksheet) throw new Error(`there is no worksheet "${id}"`);
	return worksheet;
}

/** By worksheet, the sections that no worksheet before it has. */
function representatives(): Map<string, string[]> {
	const found = new Map<string, string[]>();
	const seen = new Set<string>();
	for (const sheet of library.worksheets.values()) {
		const fresh = partsOf(library, sheet).parts.filter(({ path }) => {
			if (path === null || seen.has(path)) return false;
			seen.add(path);
			return true;
		});
		const ids = fresh.map(({ section }) => section.value.id);
		if (ids.length > 0) found.set(sheet.value.id, ids);
	}
	return found;
}

const drawn: { id: string; of: string; only?: string[] }[] = everything
	? [...library.worksheets.keys()].map((id) => ({ id, of: 'all sections' }))
	: [...representatives()].map(([id, only]) => ({ id, of: only.join(', '), only }));

// What is judged is the form, not the machine that draws it.
describe('the form of a worksheet', { timeout: 120_000 }, () => {
	let browser: Browser;
	let page: Page;

	beforeAll(async () => {
		browser = await openChromium();
		// Under a finger everything is larger, and a scroll bar takes its room: the hardest of both.
		const viewport = { width: 1024, height: 1180 };
		page = await openFormPage(browser, inject('formPage'), { viewport, hasTouch: true });
		expect(await page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true);
	}, 120_000);
	afterAll(() => browser?.close());

	function problemsOf(worksheet: ResolvedWorksheet): Promise<string[]> {
		return page.evaluate(
			async ({ worksheet, fillings, panes }) => {
				const problems = [];
				for (const filling of fillings) {
					problems.push(...(await forms.judge({ worksheet, filling }, panes)));
				}
				return [...new Set(problems)];
			},
			{ worksheet, fillings, panes: screens.map(({ pane }) => pane) }
		);
	}

	it('is found out when a field has no label, a text is missing or a box does not fit', async () => {
		const worksheet = resolved('toe-film');
		const [first, second] = worksheet.sections.flatMap(({ fields }) => fields.map(({ id }) => id));
		const labels = new Map([
			[first, ' '],
			[second, 'undefined']
		]);
		const broken = worksheet.sections.map((section, index) => ({
			...section,
			title: index === 0 ? 'W'.repeat(120) : section.title,
			fields: section.fields.map((field) => ({
				...field,
				label: labels.get(field.id) ?? field.label
			}))
		}));
		const problems = await problemsOf({ ...worksheet, sections: broken });
		for (const { pane } of screens) {
			expect(problems).toContain(`${pane.width} px: ${first}: no label`);
			expect(problems).toContain(`${pane.width} px: prints “undefined”`);
			const wide = new RegExp(`^${pane.width} px: .*h2.*W.* px outside$`);
			expect(problems).toContainEqual(expect.stringMatching(wide));
		}
	});

	it.each(drawn)(
		'$id, $of: every field has a row, a label and an input, and nothing overflows',
		async ({ id, only }) => {
			const worksheet = resolved(id);
			const sections = worksheet.sections.filter((section) => !only || only.includes(section.id));
			expect(await problemsOf({ ...worksheet, sections })).toEqual([]);
		}
	);
});
