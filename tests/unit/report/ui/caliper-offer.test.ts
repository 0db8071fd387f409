import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../../../src/lib/collab/report-doc.ts';
import { parsePart10 } from '../../../../src/lib/dicom/part10.ts';
import { offeredBy, quantityFor, toolFor } from '../../../../src/lib/report/ui/caliper-offer.ts';
import { loopOf, type Loop } from '../../../../src/lib/viewer/loop.ts';
import { convert } from '../../../../src/lib/worksheet/units.ts';
import measurements from '../../../../worksheets/measurements.json' with { type: 'json' };
import { corpusFile, hasCorpus } from '../../../support/corpus.ts';
import { measurementsOf, pointsOf, type Drawn } from '../../../support/truth.ts';

const unitOf = new Map(measurements.rows.map((row) => [row.id, row.unit]));
const field = (id: string) => ({ id, unit: unitOf.get(id) ?? null });

describe('the tool of a field', () => {
	it.each([
		['lvidd', 'length'],
		['la_area_a4c', 'area'],
		['lvedv_biplane', 'discs'],
		['av_vmax', 'velocity'],
		['av_vti', 'trace'],
		['av_pg_mean', 'trace'],
		['mv_pht', 'slope'],
		['mv_dt', 'slope'],
		['mv_ef_slope', 'slope'],
		['lv_ivrt', 'time'],
		['hr', 'time'],
		['fetal_hc', 'ellipse'],
		['mv_pisa_angle', 'angle']
	])('%s is measured by %s', (id, tool) => expect(toolFor(field(id))).toBe(tool));

	it.each([
		'sbp',
		'lvef_visual',
		'lvedv_3d',
		'ava_reported',
		'stress_duration',
		'ga_reported',
		'lv_wm_seg_01'
	])('no drawing measures %s', (id) => expect(toolFor(field(id))).toBeNull());
});

describe.skipIf(!hasCorpus)('what was drawn goes into the field that it is for', () => {
	for (const study of ['tte-20260312', 'tte-20250304', 'carotid-20260315']) {
		it(`every drawing of ${study} that has a field, with its value in the field’s unit`, () => {
			const loops = new Map<string, Loop>();
			const loopAt = (file: string): Loop => {
				const known = loops.get(file);
				if (known) return known;
				const loop = loopOf(parsePart10(corpusFile(`synthetic/${study}/${file}`)).dataset);
				if (!loop) throw new Error(file);
				loops.set(file, loop);
				return loop;
			};
			const annotation = (id: string, tool: Annotation['tool'], drawn: Drawn): Annotation => {
				const { studyUid, seriesUid, sopInstanceUid } = loopAt(drawn.file);
				const points = pointsOf(drawn);
				const mark = { region: null, value: 0, unit: null, label: '', field: null, by: '', at: '' };
				return {
					id,
					tool,
					studyUid,
					seriesUid,
					sopInstanceUid,
					frame: drawn.frame,
					points,
					...mark
				};
			};
			const fields = measurementsOf(study).filter(
				({ measurementId }) => measurementId && unitOf.get(measurementId)
			);
			expect(fields.length).toBeGreaterThan(10);
			for (const truth of fields) {
				const id = truth.measurementId ?? '';
				const own = annotation('a', truth.tool as Annotation['tool'], truth);
				const other = truth.second ? [annotation('b', own.tool, truth.second)] : [];
				const byUid = (uid: string) =>
					[...loops.values()].find((loop) => loop.sopInstanceUid === uid) ?? null;
				const found = quantityFor(field(id), offeredBy(own, [own, ...other], byUid));
				if (!found) throw new Error(`${truth.key}: nothing for ${id}`);
				const value = convert(Math.abs(found.value), found.unit, truth.unit);
				const off = Math.abs((value ?? Infinity) - truth.expected);
				expect(off, `${truth.key} → ${id}: ${value} ${truth.unit}`).toBeLessThanOrEqual(
					truth.tolerance
				);
			}
		});
	}
});
