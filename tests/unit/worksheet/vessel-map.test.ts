import { describe, expect, it } from 'vitest';
import { vesselAnswers } from '$lib/worksheet/diagram-answers.ts';
import type { Diagram } from '$lib/worksheet/definition.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { defaultOptions } from '$lib/worksheet/evaluation.ts';
import { shapesOf } from '$lib/worksheet/vessel-map.ts';
import { vesselMaps } from '$lib/worksheet/vessel-maps/all.ts';
import { buildEntries, man, worksheet, worksheetFiles } from '../../support/worksheet.ts';

type Vessels = Extract<Diagram, { kind: 'vessels' }>;

/** As the files write them: one line, or one key a line. */
function namedIn(text: string): { map: string; vessels: string[] }[] {
	return [...text.matchAll(/kind: vessels\b[\s\S]*?map: (\w+)[\s\S]*?vessels: \{([^}]*)\}/g)].map(
		([, map = '', list = '']) => ({
			map,
			vessels: [...list.matchAll(/(\w+): /g)].map(([, key = '']) => key)
		})
	);
}

describe('the vessel maps', () => {
	it('draw every vessel that a worksheet names', () => {
		const named = [...worksheetFiles().values()].flatMap(namedIn);
		const written = [...worksheetFiles().values()].join('').match(/kind: vessels/g) ?? [];
		expect(named).toHaveLength(written.length);
		expect(named.length).toBeGreaterThan(5);
		for (const { map, vessels } of named) {
			const known = vesselMaps.get(map);
			expect(known, map).toBeDefined();
			const keys = known ? shapesOf(known).map(({ key }) => key) : [];
			expect(vessels.filter((key) => !keys.includes(key))).toEqual([]);
		}
	});

	it.each([...vesselMaps.values()])(
		'$id keeps every vessel and label inside the picture',
		(map) => {
			for (const { path, label } of shapesOf(map)) {
				const numbers = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)];
				const places = numbers.map(([, x, y]) => [Number(x), Number(y)] as const);
				for (const [x, y] of [...places, ...(label ? [label.at] : [])]) {
					expect(x).toBeGreaterThanOrEqual(0);
					expect(x).toBeLessThanOrEqual(map.width);
					expect(y).toBeGreaterThanOrEqual(0);
					expect(y).toBeLessThanOrEqual(map.height);
				}
			}
		}
	);

	it.each([...vesselMaps.values()])("$id has the patient's right on the left", (map) => {
		for (const { key, middle } of shapesOf(map)) {
			if (key.endsWith('_right')) expect(middle[0]).toBeLessThan(map.width / 2);
			if (key.endsWith('_left')) expect(middle[0]).toBeGreaterThan(map.width / 2);
		}
	});
});

describe('the answers of a vessel map', () => {
	const carotid = worksheet('carotid-duplex');
	const diagram = carotid.sections
		.flatMap(({ diagrams = [] }) => diagrams)
		.find((one): one is Vessels => one.kind === 'vessels');

	function answers(values: Record<string, number | string>) {
		if (!diagram) throw new Error('the carotid sheet has lost its diagram');
		return vesselAnswers(
			diagram,
			carotid,
			evaluate(carotid, buildEntries(values), man, defaultOptions)
		);
	}
	const of = (list: ReturnType<typeof answers>, key: string) => list.find((one) => one.key === key);

	it('say nothing of a vessel that nobody looked at', () => {
		expect(of(answers({}), 'ica_left')).toMatchObject({ text: '', level: null });
	});

	it('take the grade of a stenosis, in words, and a field to go to', () => {
		const ica = of(
			answers({ ica_prox_psv_right: 290, ica_prox_edv_right: 110, cca_dist_psv_right: 60 }),
			'ica_right'
		);
		expect(ica?.level).toBe('severe');
		expect(ica?.text).not.toMatch(/_|^$/);
		expect(carotid.sections.flatMap(({ fields }) => fields).map(({ id }) => id)).toContain(
			ica?.field
		);
	});
});
