/** Ranges, partitions and limits of the collection beside the corpus, against ours. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerTo } from '$lib/worksheet/examples.ts';
import type { Band } from '$lib/worksheet/definition.ts';
import { collection, hasCollection } from '../../support/collection.ts';
import { checkedLibrary } from '../../support/worksheet.ts';

type Bands = Record<string, Band>;
interface Collected {
	id: string;
	type?: string;
	kind?: string;
	unit: string;
	sex: string;
	profile?: string;
	age_min?: number;
	age_max?: number;
	bands?: Bands;
	parameters?: { id: string; unit: string; bands: Bands }[];
	hard?: [number, number];
	soft?: [number, number];
	tests?: { points: number; level: string }[];
}

const { library } = checkedLibrary();
const read = (name: string) =>
	JSON.parse(readFileSync(resolve(collection, name), 'utf8')) as Record<string, Collected[]>;

/** The same bands in the same unit, whatever they are called; a complement says nothing new. */
function inWords(bands: Bands, unit: string): string {
	const graded = Object.entries(bands).filter(([name]) => name !== 'normal');
	const shown = graded.length > 0 ? graded : Object.entries(bands);
	return JSON.stringify([unit, shown.map(([, band]) => Object.entries(band).sort())]);
}

/** A range with two ends says what two limits say: 35 to 58 is not below 35 and not above 58. */
function ends(normal: Band | undefined): Band[] {
	const { ge, le } = normal ?? {};
	return ge === undefined || le === undefined ? [] : [{ lt: ge }, { gt: le }];
}

/** What we keep in another shape, and why. */
const otherwise: Readonly<Record<string, string>> = {
	lvedv_bsa_uln: 'the upper end of the partition of the indexed volume',
	lvesv_bsa_uln: 'the upper end of the partition of the indexed volume',
	rwt_concentric: 'the limit of the rule lv_geometry',
	ao_sinus_bsa_uln: 'the range by sex, which is narrower',
	'e_prime_septal|ASE2025-general': 'the limits by age are used',
	'e_prime_lateral|ASE2025-general': 'the limits by age are used',
	'e_prime_avg|ASE2025-general': 'the limits by age are used',
	'mr_severity.pv_flow': 'a code: the codes of the table',
	'tr_severity.hepatic_vein': 'a code: the codes of the table',
	'prosthetic_aortic.jet_contour': 'a code: the codes of the table',
	prosthetic_aortic_varc2: 'by body surface area: the rule prosthetic_aortic_varc2_eoa',
	ppm_aortic: 'by body mass: a rule',
	prosthetic_pulmonic: 'by the kind of valve: the rule prosthetic_pulmonary',
	asa: 'the grade atrial_septal_aneurysm',
	exercise_diastolic: 'all three together: a rule'
};

describe.skipIf(!hasCollection)('against ranges and limits that others gathered', () => {
	it('every published range and partition is ours', () => {
		const ours = new Set(
			library.normals.flatMap(({ value: { bands = {}, unit } }) => [
				inWords(bands, unit),
				...ends(bands.normal).map((abnormal) => inWords({ abnormal }, unit))
			])
		);
		const missing = (read('echo-normals.json').parameters ?? [])
			.filter(({ kind, bands }) => kind !== 'mean_sd' && bands !== undefined)
			.filter(({ bands, unit }) => !ours.has(inWords(bands ?? {}, unit)))
			.map(({ id, profile }) => (profile ? `${id}|${profile}` : id));
		expect(missing.filter((id) => !otherwise[id])).toEqual([]);
	});

	it('every parameter of a table of grades is ours', () => {
		const ours = new Set(
			[...library.grades.values()]
				.flatMap(({ value }) => value.parameters ?? [])
				.map((each) => inWords(each.bands, each.unit ?? 'code'))
		);
		const missing = (read('echo-grading.json').algorithms ?? []).flatMap(
			({ id, parameters = [] }) =>
				parameters
					.filter((each) => !ours.has(inWords(each.bands, each.unit)))
					.filter((each) => !otherwise[id] && !otherwise[`${id}.${each.id}`])
					.map((each) => `${id}.${each.id}`)
		);
		expect(missing).toEqual([]);
	});

	it('every limit is ours; five are wider for children and for toes', () => {
		const limits = library.plausibility.flatMap(({ value }) => value.limits);
		const inTheirs = new Set(
			limits.map(({ unit, hard, soft }) => JSON.stringify([unit, hard, soft]))
		);
		const wider = ['height', 'weight', 'bsa', 'sbp', 'tbi'];
		const missing = (read('sanity.json').measurements ?? [])
			.filter(({ unit, hard, soft }) => !inTheirs.has(JSON.stringify([unit, hard, soft])))
			.map(({ id }) => id);
		expect(missing.filter((id) => !wider.includes(id))).toEqual([]);
	});

	it('every test of TI-RADS points comes out', () => {
		const rule = library.grades.get('tirads')?.value;
		const tests = (read('other-criteria.json').blocks ?? []).flatMap(({ id, tests: each }) =>
			id === 'ti_rads_points' ? (each ?? []) : []
		);
		expect(tests).toHaveLength(8);
		for (const { points, level } of tests) {
			const given = { points, size: 1.2, max: 1.2 };
			expect(rule && answerTo(rule, given)?.level, `${points} points`).toBe(level.toLowerCase());
		}
	});
});
