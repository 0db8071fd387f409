import { describe, expect, it } from 'vitest';
import type { PrintedValue } from '$lib/report/version.ts';
import { flowTables, underHeadings, type Part } from '$lib/server/documents/pdf/table-flow.ts';

const sizes = { row: 10, gap: 5 };
const table = (title: string, count: number): Part => ({
	title,
	rows: Array.from({ length: count }, (_, i) => ({ field: `${title}-${i}` }) as PrintedValue),
	continued: false
});
const fieldsOf = (parts: readonly Part[]) =>
	parts.flatMap(({ rows }) => rows.flatMap((r) => ('heading' in r ? [] : [r.field])));

/** Pages of 300 points until nothing is left. */
function pages(tables: Part[]): Part[][] {
	const out: Part[][] = [];
	for (let rest = tables; rest.length > 0;) {
		const flow = flowTables(rest, 300, sizes);
		for (const { part, y } of flow.placed) {
			expect(y + (part.rows.length + 1) * sizes.row).toBeLessThanOrEqual(300);
		}
		out.push(flow.placed.map(({ part }) => part));
		rest = flow.rest;
		expect(out.length).toBeLessThan(50);
	}
	return out;
}

describe('tables in two columns', () => {
	it('end at about the same height when they fit a page', () => {
		const { placed, rest, height } = flowTables([table('a', 8), table('b', 8)], 300, sizes);
		expect(rest).toEqual([]);
		expect(placed.map(({ column }) => column)).toEqual([0, 1]);
		expect(height).toBe(95);
	});

	it('keep every row once and in order, over as many pages as it takes', () => {
		for (const counts of [[1], [200], [3, 90, 2, 40], [29, 29, 29], [4, 4, 4, 4, 4, 70]]) {
			const tables = counts.map((count, i) => table(String(i), count));
			expect(fieldsOf(pages(tables).flat())).toEqual(fieldsOf(tables));
		}
	});

	it('leave no scrap of a torn table, and say that it goes on', () => {
		const parts = pages([table('a', 20), table('b', 60)]).flat();
		for (const { rows } of parts) expect(rows.length).toBeGreaterThanOrEqual(4);
		const [first, ...others] = parts.filter(({ title }) => title === 'b');
		expect(first?.continued).toBe(false);
		expect(others.length).toBeGreaterThan(0);
		for (const { continued } of others) expect(continued).toBe(true);
	});
});

describe('the rows of a repeated section', () => {
	const value = (row: string, column: string) =>
		({
			field: `${column}-${row}`,
			label: `${row}: ${column}`,
			row: { label: row, column }
		}) as PrintedValue;
	const text = (rows: Part['rows']) =>
		rows.map((row) => ('heading' in row ? `# ${row.heading}` : row.label));

	it('stand under the name of their row, each by its column', () => {
		const rows = underHeadings([
			{ field: 'goitre', label: 'Goitre' } as PrintedValue,
			value('Nodule 1', 'Size'),
			value('Nodule 1', 'Shape'),
			value('Nodule 2', 'Size'),
			value('Nodule 2', 'Shape')
		]);
		expect(text(rows)).toEqual([
			'Goitre',
			'# Nodule 1',
			'Size',
			'Shape',
			'# Nodule 2',
			'Size',
			'Shape'
		]);
	});

	it('that hold one and the same value stand under the name of its column', () => {
		expect(text(underHeadings([value('Right', 'RI'), value('Left', 'RI')]))).toEqual([
			'# RI',
			'Right',
			'Left'
		]);
	});

	it('keep the whole label where a row holds the only value', () => {
		expect(text(underHeadings([value('Right', 'RI')]))).toEqual(['Right: RI']);
	});

	it('torn by the end of a column, say again which row it is', () => {
		const columns = Array.from({ length: 40 }, (_, i) => `C${i}`);
		const rows = underHeadings(columns.map((column) => value('Nodule 1', column)));
		const { placed, rest } = flowTables([{ title: 'a', rows, continued: false }], 300, sizes);
		for (const { part } of placed) expect(text(part.rows)[0]).toMatch(/^# Nodule 1/);
		expect(rest).toEqual([]);
	});

	it('never leave a heading at the end of a column', () => {
		const names = Array.from({ length: 30 }, (_, i) => `N${i}`);
		const rows = underHeadings(names.flatMap((n) => [value(n, 'Size'), value(n, 'Shape')]));
		for (const part of pages([{ title: 'a', rows, continued: false }]).flat())
			expect(text(part.rows).at(-1)).not.toMatch(/^#/);
	});
});
