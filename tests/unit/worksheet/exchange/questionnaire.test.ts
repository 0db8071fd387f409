import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSource } from '$lib/worksheet/check-source.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { exportQuestionnaire } from '$lib/worksheet/exchange/export-questionnaire.ts';
import { importTemplate } from '$lib/worksheet/exchange/import-template.ts';
import { leftBehind, type LeftBehind } from '$lib/worksheet/exchange/left-behind.ts';
import { questionnaireSchema } from '$lib/worksheet/exchange/questionnaire.ts';
import { corpusPath, itWithCorpus } from '../../../support/corpus.ts';
import { worksheet, worksheetLibrary } from '../../../support/worksheet.ts';

function read(json: unknown): { sheet: ResolvedWorksheet; left: LeftBehind[] } {
	const made = importTemplate(typeof json === 'string' ? json : JSON.stringify(json));
	if ('wrong' in made) throw new Error(made.wrong);
	const { problems, worksheet: sheet } = checkSource(
		worksheetLibrary().parts,
		made.source,
		'imported.yaml'
	);
	expect(problems).toEqual([]);
	if (!sheet) throw new Error('not resolved');
	return { sheet, left: made.left };
}
const questionnaire = (...item: unknown[]) => ({
	resourceType: 'Questionnaire',
	title: 'Try',
	status: 'active',
	item: [{ linkId: 'g', text: 'Group', type: 'group', item }]
});

// Reads every file of the library once.
beforeAll(() => void worksheetLibrary().parts, 120_000);

describe('a FHIR Questionnaire', () => {
	it('Z3: fills in its initial values as defaults, and gives them back', () => {
		const coding = (code: string) => ({ valueCoding: { code, display: code } });
		const { sheet, left } = read(
			questionnaire(
				{ linkId: 'a', text: 'Seen', type: 'boolean', initial: [{ valueBoolean: false }] },
				{
					linkId: 'b',
					text: 'One',
					type: 'choice',
					answerOption: [coding('x'), { ...coding('y'), initialSelected: true }]
				},
				{
					linkId: 'c',
					text: 'Many',
					type: 'choice',
					repeats: true,
					answerOption: [coding('x'), coding('y'), coding('z')],
					initial: [coding('z'), coding('x')]
				},
				{ linkId: 'd', text: 'Words', type: 'text', initial: [{ valueString: 'As before.' }] },
				{ linkId: 'e', text: 'Count', type: 'integer', initial: [{ valueInteger: 3 }] },
				{
					linkId: 'f',
					text: 'Other',
					type: 'choice',
					answerOption: [coding('x')],
					initial: [coding('q')]
				}
			)
		);
		const fields = sheet.sections.flatMap((section) => section.fields);
		expect(fields.map((field) => field.default)).toEqual([
			'false',
			'y',
			['z', 'x'],
			'As before.',
			undefined,
			undefined
		]);
		expect(left).toEqual([
			leftBehind('preset', { field: 'Count' }),
			leftBehind('preset', { field: 'Other' })
		]);
		const again = read(exportQuestionnaire(sheet).questionnaire).sheet;
		const back = again.sections.flatMap((section) => section.fields);
		expect(back.map((field) => [field.default].flat().toSorted())).toEqual(
			fields.map((field) => [field.default].flat().toSorted())
		);
	});

	it('becomes fields of the same kind, with unit, limits, codes and conditions', () => {
		const { sheet, left } = read(
			questionnaire(
				{ linkId: 'a', text: 'Seen', type: 'boolean' },
				{
					linkId: 'b',
					text: 'Size',
					type: 'quantity',
					required: true,
					enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }],
					code: [{ system: 'http://loinc.org', code: '21889-1', display: 'Size' }],
					extension: [
						{
							url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
							valueCoding: { code: 'mm' }
						},
						{ url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueInteger: 1 },
						{ url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueInteger: 90 }
					]
				},
				{
					linkId: 'c',
					text: 'Side',
					type: 'choice',
					repeats: true,
					answerOption: [
						{ valueCoding: { system: 'http://snomed.info/sct', code: '7771000', display: 'Left' } },
						{ valueString: 'Both' }
					]
				},
				{ linkId: 'd', text: 'When', type: 'dateTime' },
				{ linkId: 'e', text: 'Photo', type: 'attachment' }
			)
		);
		const fields = sheet.sections.flatMap((section) => section.fields);
		expect(fields.map(({ kind }) => kind)).toEqual(['coded', 'number', 'multi-coded', 'date']);
		expect(fields[1]).toMatchObject({
			visibleWhen: 'group.a == "true"',
			requiredBeforeSign: true
		});
		expect(sheet.measurements['group.b']).toMatchObject({
			unit: 'mm',
			codes: [{ value: '21889-1', scheme: 'LN', meaning: 'Size' }]
		});
		expect(sheet.plausibility).toMatchObject([{ field: 'group.b', hard: [1, 90] }]);
		expect(fields[2]?.options[0]?.concept).toMatchObject({ scheme: 'SCT', value: '7771000' });
		expect(left).toContainEqual(leftBehind('time_of_day', { field: 'When' }));
		expect(left).toContainEqual(leftBehind('type', { field: 'Photo', what: 'attachment' }));
	});

	it.each([
		['no JSON', '{"resourceType": "Questionnaire",'],
		['another resource', { resourceType: 'Patient' }],
		['items of another shape', { resourceType: 'Questionnaire', item: 'x' }],
		[
			'too deep a nesting',
			`{"resourceType":"Questionnaire","item":${'['.repeat(3000)}${']'.repeat(3000)}}`
		]
	])('%s is refused with a reason', (_, json) => {
		const text = typeof json === 'string' ? json : JSON.stringify(json);
		expect(importTemplate(text)).toEqual({ wrong: expect.stringMatching(/./) as string });
	});

	itWithCorpus('of others is read', () => {
		const { sheet } = read(
			readFileSync(corpusPath('fhir/FHIR-Converter__Questionnaire.json'), 'utf8')
		);
		expect(sheet.sections.flatMap(({ fields }) => fields).length).toBeGreaterThan(5);
	});
});

describe('a worksheet as a FHIR Questionnaire', () => {
	it.each(['adult-tte', 'carotid-duplex', 'thyroid-us'])('%s keeps every field', (id) => {
		const sheet = worksheet(id);
		const { questionnaire: made, left } = exportQuestionnaire(sheet);
		expect(questionnaireSchema.safeParse(made).success).toBe(true);
		const links: string[] = [];
		const walk = (items: typeof made.item) =>
			items?.forEach((item) => {
				if (item.type !== 'group') links.push(item.linkId);
				walk(item.item);
			});
		walk(made.item);
		const fields = sheet.sections.flatMap((section) => section.fields.map((field) => field.id));
		expect(links.toSorted()).toEqual(fields.toSorted());
		expect(left.map(({ code }) => code)).toContain('statements');
	});

	it('comes back with the same kinds, answers and units', () => {
		const sheet = worksheet('toe-film');
		const { sheet: back } = read(exportQuestionnaire(sheet).questionnaire);
		const shape = (each: ResolvedWorksheet) =>
			each.sections.flatMap(({ fields }) =>
				fields.map(({ kind, options, measurementId }) => ({
					kind,
					labels: options.map(({ label }) => label),
					unit: each.measurements[measurementId ?? '']?.unit ?? null
				}))
			);
		expect(shape(back)).toEqual(shape(sheet));
	});
});

describe('a file that is no Questionnaire', () => {
	it.each([
		[
			'of XML',
			'<?xml version="1.0"?>\n<!-- x --><Questionnaire xmlns="http://hl7.org/fhir"/>',
			/XML/
		],
		['of another resource', '{"resourceType":"Patient"}', /resourceType/],
		['of broken JSON', '{"resourceType":', /JSON/],
		['without a field', JSON.stringify(questionnaire()), /no field/]
	])('%s is told with its reason', (_, text, reason) => {
		expect(importTemplate(text)).toEqual({ wrong: expect.stringMatching(reason) as string });
	});

	it('of a thousand unreadable items tells the first two hundred and how many more', () => {
		const items = Array.from({ length: 1000 }, (_, i) => ({ linkId: `r${i}`, type: 'reference' }));
		const made = importTemplate(
			JSON.stringify(questionnaire({ linkId: 'a', type: 'date' }, ...items))
		);
		if ('wrong' in made) throw new Error(made.wrong);
		expect(made.left).toHaveLength(201);
		expect(made.left.at(-1)).toEqual(leftBehind('more', { count: 800 }));
	});

	it('gets an id that no other worksheet has', () => {
		const text = JSON.stringify(questionnaire({ linkId: 'a', type: 'date' }));
		const made = importTemplate(text, (id) => id === 'try' || id === 'try-2');
		expect(made).toMatchObject({ id: 'try-3' });
		expect('source' in made && made.source).toMatch(/^id: try-3$/m);
	});
});
