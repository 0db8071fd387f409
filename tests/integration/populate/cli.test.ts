import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { convert } from '$lib/worksheet/units.ts';
import { fillFromFiles } from '../../../src/cli/populate.ts';
import { corpus, corpusJson, hasCorpus } from '../../support/corpus.ts';

interface TruthItem {
	contentPath: string;
	value: number;
	unit: string;
	measurementId: string | null;
}

const filled = new Map<string, ReturnType<typeof fillFromFiles>>();
/** Each study of the corpus is read once. */
function fill(study: string) {
	const known = filled.get(study) ?? fillFromFiles([join(corpus, 'synthetic', study)], null);
	filled.set(study, known);
	return known;
}

const folder = mkdtempSync(join(tmpdir(), 'readroom-populate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasCorpus)('populating from files', () => {
	it.each(['tte-20260312', 'tte-20250304'])(
		'prints every item of %s in the field of its measurement',
		(study) => {
			const { view, notes } = fill(study);
			const { sr } = corpusJson<{ sr: { items: TruthItem[] } }>(`synthetic/${study}/truth.json`);
			const fields = new Map(view.fields.map((field) => [field.id, field]));
			const items = sr.items.filter((item) => item.measurementId !== null);
			const wrong = items.filter((item) => {
				const field = fields.get(item.measurementId ?? '');
				const all = field ? [field, ...field.alternatives] : [];
				const mine = all.find((one) => one.source.contentPath === item.contentPath);
				const expected = mine?.unit ? convert(item.value, item.unit, mine.unit) : null;
				return typeof mine?.value !== 'number' || Math.abs(mine.value - (expected ?? NaN)) > 1e-9;
			});
			expect(wrong).toEqual([]);
			expect(fields.size).toBe(new Set(items.map((item) => item.measurementId)).size);
			expect(view.unmapped).toEqual([]);
			expect(view.warnings).toEqual([]);
			expect(notes.map((note) => note.split('/').at(-1)?.split(':')[0])).toEqual(['truth.json']);
		}
	);

	it('puts each side and segment of a carotid study where it belongs', () => {
		const study = 'carotid-20260315';
		const { view } = fill(study);
		const { sr } = corpusJson<{ sr: { items: (TruthItem & { key: string | null })[] } }>(
			`synthetic/${study}/truth.json`
		);
		expect(view.worksheet.id).toBe('carotid-duplex');
		const items = sr.items.filter((item) => item.measurementId !== null);
		const placed = items.map((item) => {
			const field = view.fields.find((one) => one.source.contentPath === item.contentPath);
			const side = item.key?.startsWith('R-')
				? '_right'
				: item.key?.startsWith('L-')
					? '_left'
					: '';
			const isThere = field?.id.startsWith(item.measurementId ?? '') && field.id.endsWith(side);
			return isThere && Math.abs(Number(field?.value) - item.value) < 1e-9;
		});
		expect(placed.filter((one) => one)).toHaveLength(39);
		expect(view.fields).toHaveLength(39);
		expect(view.unmapped).toEqual([]);
		expect(view.patient).toMatchObject({ heightCm: 179, weightKg: 88 });
	});

	it('gives the same values for the same heart in other units and codes', () => {
		const now = fill('tte-20260312').view;
		const before = fill('tte-20250304').view;
		const units = (view: typeof now) => view.fields.map((field) => `${field.id} ${field.unit}`);
		expect(units(now)).toEqual(units(before));
	});

	it('prints exactly the agreed shape', () => {
		const { view } = fill('tte-20260312');
		const keys = (value: object) => Object.keys(value).sort();
		expect(keys(view)).toEqual([
			'fields',
			'grades',
			'patient',
			'results',
			'statements',
			'unmapped',
			'warnings',
			'worksheet'
		]);
		expect(keys(view.patient)).toEqual(['birthDate', 'bsaM2', 'heightCm', 'sex', 'weightKg']);
		expect(view.patient).toMatchObject({ sex: 'female', heightCm: 164, weightKg: 71 });
		expect(view.patient.bsaM2).toBeCloseTo(1.7738, 3);
		expect(keys(view.fields[0] ?? {})).toEqual([
			'alternatives',
			'id',
			'label',
			'source',
			'unit',
			'value'
		]);
		expect(keys(view.fields[0]?.source ?? {})).toEqual(['contentPath', 'kind', 'sopInstanceUid']);
		const index = view.results.find((result) => result.id === 'lv_mass_index_linear');
		expect(keys(index ?? {})).toEqual([
			'flag',
			'formula',
			'id',
			'inputs',
			'range',
			'unit',
			'value'
		]);
		expect(index?.range?.source.length).toBeGreaterThan(0);
		expect(keys(view.grades[0] ?? {})).toEqual(['grade', 'id', 'missing', 'path', 'source']);
		expect(keys(view.statements[0] ?? {})).toEqual(['because', 'section', 'text']);
		expect(JSON.parse(JSON.stringify(view))).toEqual(view);
	});

	it('gives the same output every time', () => {
		const again = fillFromFiles([join(corpus, 'synthetic/tte-20250304')], 'adult-tte').view;
		expect(JSON.stringify(again)).toBe(JSON.stringify(fill('tte-20250304').view));
	});

	it('chooses the worksheet from the report’s title when nothing else is said', () => {
		const file = join(corpus, 'synthetic/extras/SR-TID5300-simplified-echo.dcm');
		expect(fillFromFiles([file], null).view.worksheet.id).toBe('adult-tte');
	});

	it('refuses several studies at once, and names them', () => {
		const both = ['tte-20260312', 'tte-20250304'].map((name) => join(corpus, 'synthetic', name));
		expect(() => fillFromFiles(both, null)).toThrow(/2 studies/);
	});

	it('names the worksheets there are when one is asked for that is not there', () => {
		const file = join(corpus, 'synthetic/extras/SR-TID5300-simplified-echo.dcm');
		expect(() => fillFromFiles([file], 'nope')).toThrow(/no worksheet nope.*adult-tte/);
	});
});

describe('wrong files', () => {
	it('are refused with what is wrong when they were named', () => {
		const file = join(folder, 'letter.txt');
		writeFileSync(file, 'Dear colleague');
		expect(() => fillFromFiles([file], null)).toThrow(/letter\.txt: .*not a DICOM file/);
		expect(() => fillFromFiles([join(folder, 'gone.dcm')], null)).toThrow(/no such file/);
		expect(() => fillFromFiles([folder], null)).toThrow(/No DICOM object/);
	});
});
