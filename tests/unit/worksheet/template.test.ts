import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { buildEntries, checkedLibrary, woman } from '../../support/worksheet.ts';

const nodules = `
id: lump
parameters:
  organ: {default: Liver}
  textures: {}
short: Lumps
title: Lumps of the $(organ)
repeat: {as: n, rows: 3, label: Lump $(n)}
fields:
  - {id: lump.any, kind: coded, label: Any, options: no_yes}
  - {id: lump.long_$(n), kind: number, label: Length, unit: mm, decimals: 0, hard: [0, 300]}
  - {id: lump.short_$(n), kind: number, label: Width, unit: mm, decimals: 0}
  - {id: lump.texture_$(n), kind: coded, label: Texture, options: $(textures)}
  - id: lump.mean_$(n)
    kind: number
    label: Mean
    unit: mm
    decimals: 1
    calculation: {expression: (lump.long_$(n) + lump.short_$(n)) / 2, kind: definition, verified: true, source: [LANG2015], examples: [{in: {lump.long_1: 10, lump.short_1: 20}, out: 15, tol: 0}]}
computed: [lump.mean_$(n)]
core: [lump.any, lump.long_$(n)]
statements:
  - id: lump.line_$(n)
    when: known(lump.mean_$(n))
    text: {en: '{texture} lump $(n) of {mean} mm.'}
    slots: {texture: lump.texture_$(n), mean: lump.mean_$(n)}
`;
const sheet = (sections: string, more = '') =>
	`{id: lumps, version: 1.0.0, title: Lumps, group: test, modalities: [US], maturity: C, procedures: [], ${more} sections: ${sections}}`;
const use = '[{use: test/lump, with: {textures: {solid: Solid, cystic: Cystic}}}]';

function library(sections: string, more = '', section = nodules) {
	return checkedLibrary({
		'sections/test/lump.yaml': section,
		'test/lumps.yaml': sheet(sections, more)
	});
}

function resolved(sections = use, more = '') {
	const { library: all, problems } = library(sections, more);
	expect(problems).toEqual([]);
	const found = resolveWorksheet(all, 'lumps');
	if (!found) throw new Error('no worksheet');
	return found;
}

// The first reading of all files is by far the slowest.
beforeAll(() => void checkedLibrary(), 60_000);

describe('a section with parameters and rows', () => {
	it('W1: takes parameters, as texts and as sets of answers', () => {
		const [section] = resolved().sections;
		expect(section?.title).toBe('Lumps of the Liver');
		const texture = section?.fields.find(({ id }) => id === 'lump.texture_2');
		expect(texture?.options).toEqual([
			{ code: 'solid', label: 'Solid' },
			{ code: 'cystic', label: 'Cystic' }
		]);
	});

	it('W1: is refused without a parameter that has no default, and with one that it does not know', () => {
		expect(library('[test/lump]').problems.map(({ what }) => what)).toContain(
			'"textures" is not given'
		);
		const more = '[{use: test/lump, with: {textures: {a: A}, colour: red}}]';
		expect(library(more).problems.map(({ what }) => what)).toContain(
			'there is no parameter "colour"'
		);
	});

	it('W2, W3: has its fields once a row, in the order of rows, and the others once', () => {
		const [section] = resolved().sections;
		expect(section?.fields.map(({ id }) => id).slice(0, 6)).toEqual([
			'lump.any',
			'lump.long_1',
			'lump.short_1',
			'lump.texture_1',
			'lump.mean_1',
			'lump.long_2'
		]);
		expect(section?.table).toMatchObject({ growing: true, layout: 'table' });
		expect(section?.table?.rows).toHaveLength(3);
		expect(section?.fields[5]).toMatchObject({
			label: 'Lump 2: Length',
			row: '2',
			column: { id: 'lump.long_$(n)', label: 'Length' },
			core: true
		});
	});

	it('computes each row from its own fields and says it in its own sentence', () => {
		const entries = buildEntries({
			'lump.long_2': 12,
			'lump.short_2': 9,
			'lump.texture_2': 'solid'
		});
		const evaluation = evaluate(resolved(), entries, woman);
		expect(evaluation.values['lump.mean_2']?.value).toBe(10.5);
		expect(evaluation.values['lump.mean_1']).toBeUndefined();
		expect(evaluation.statements.map(({ text }) => text)).toEqual(['Solid lump 2 of 10.5 mm.']);
	});

	it('keeps limits of its own numbers', () => {
		const evaluation = evaluate(resolved(), buildEntries({ 'lump.long_1': 900 }), woman);
		expect(evaluation.findings).toMatchObject([{ kind: 'hard-limit', field: 'lump.long_1' }]);
	});

	it('W6: leaves fields out with everything that refers to them', () => {
		const narrowed = resolved(
			`[{use: test/lump, with: {textures: {a: A}}, without: ['lump.texture_$(n)', lump.any]}]`
		);
		const ids = narrowed.sections[0]?.fields.map(({ id }) => id) ?? [];
		expect(ids.some((id) => id.startsWith('lump.texture'))).toBe(false);
		expect(ids).not.toContain('lump.any');
		expect(narrowed.statements).toEqual([]);
	});

	it('U4: refuses a calculation whose unit is not that of its field, with file and line', () => {
		const wrong = nodules.replace('unit: mm\n    decimals: 1', 'unit: mm2\n    decimals: 1');
		const [problem] = library(use, '', wrong).problems;
		expect(problem?.file).toBe('sections/test/lump.yaml');
		expect(problem?.line).toBeGreaterThan(14);
		expect(problem?.what).toContain('lump.mean_1');
	});

	it('W4: grades each row by the fields of that row', () => {
		const grades = `
- id: lump_size
  title: Size
  type: decision
  verified: true
  source: [LANG2015]
  inputs: [{name: long, field: lump.long, unit: mm}]
  rules: [{if: not known(long), then: null}, {if: long >= 10, then: {size: large}}]
  otherwise: {size: small}
`;
		const graded = `${nodules}\ngrades: [{use: lump_size, row: $(n), label: $(row_lower)}]\n`;
		const { library: all, problems } = checkedLibrary({
			'grades/test.yaml': grades,
			'sections/test/lump.yaml': graded,
			'test/lumps.yaml': sheet(use)
		});
		expect(problems).toEqual([]);
		const worksheet = resolveWorksheet(all, 'lumps');
		if (!worksheet) throw new Error('no worksheet');
		const entries = buildEntries({ 'lump.long_1': 9, 'lump.long_3': 10 });
		expect(
			evaluate(worksheet, entries, woman).grades.map(({ id, title, grade }) => [id, title, grade])
		).toEqual([
			['lump_size_1', 'Size, lump 1', { size: 'small' }],
			['lump_size_3', 'Size, lump 3', { size: 'large' }]
		]);
	});
});

describe('how worksheets are composed', () => {
	it('W7: a frame stands before and after, and is marked as such', () => {
		const { sections } = resolved(use, 'frame: imaging,');
		expect(sections.map(({ id }) => id)).toEqual([
			'indication',
			'technique',
			'comparison',
			'lump',
			'incidental',
			'recommendation',
			'critical'
		]);
		expect(sections.filter(({ framed }) => !framed).map(({ id }) => id)).toEqual(['lump']);
	});

	it('W8, W9: a variant takes its base, less what it drops, and adds its own', () => {
		const more =
			'extends: adult-tte, drop: [echo/aorta, echo/summary], without: [lvidd, rv.comment],';
		const worksheet = resolved(use, more);
		const ids = worksheet.sections.map(({ id }) => id);
		expect(ids).toContain('lv');
		expect(ids).not.toContain('aorta');
		expect(ids.at(-1)).toBe('lump');
		const fields = worksheet.sections.flatMap((section) => section.fields);
		expect(fields.map(({ id }) => id)).not.toContain('lvidd');
		const evaluation = evaluate(worksheet, buildEntries({ lvids: 3.1 }), woman);
		expect(evaluation.values.lvids?.value).toBe(3.1);
	});

	it('W8: refuses a worksheet that extends itself', () => {
		expect(library('[]', 'extends: lumps,').problems.map(({ what }) => what)).toContain(
			'lumps: extends itself'
		);
	});

	it('C11: refuses a section of free text only', () => {
		const { problems } = library(
			'[{section: {id: a, short: A, title: A, fields: [{id: a.words, kind: text, label: Words}]}}]'
		);
		expect(problems.map(({ what }) => what)).toContain('section "a" of lumps is free text only');
	});

	it('C12: refuses two worksheets with the same fields', () => {
		const { problems } = checkedLibrary({
			'sections/test/lump.yaml': nodules,
			'test/lumps.yaml': sheet(use),
			'test/more.yaml': sheet(use).replace('id: lumps', 'id: more')
		});
		expect(problems.map(({ what }) => what)).toEqual(['"more" has the same fields as "lumps"']);
	});
});
