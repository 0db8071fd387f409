import { describe, expect, it } from 'vitest';
import { parsePart10 } from '../../../src/lib/dicom/part10.ts';
import type { DicomJson } from '../../../src/lib/dicom/json.ts';
import { measure, measureBiplane } from '../../../src/lib/viewer/measurement.ts';
import type { MeasuringTool, QuantityKind } from '../../../src/lib/viewer/measurement.ts';
import { corpusFile, hasCorpus } from '../../support/corpus.ts';
import { measurementsOf, pointsOf } from '../../support/truth.ts';

const studies = ['tte-20260312', 'tte-20250304', 'carotid-20260315', 'stress-20260318', 'extras'];
const quantityOf: Record<string, QuantityKind> = {
	length: 'distance',
	area: 'area',
	velocity: 'velocity',
	time: 'duration',
	discs: 'volume',
	VTI: 'vti',
	meanGradient: 'mean-gradient',
	peakVelocity: 'peak-velocity',
	decelerationTime: 'deceleration-time',
	pressureHalfTime: 'pressure-half-time'
};
/** To the unit of the listed value. */
const factor: Record<string, number> = { 's→ms': 1000 };

describe.skipIf(!hasCorpus)('measuring the drawn studies', () => {
	for (const study of studies) {
		it(`every drawing of ${study} is within a pixel of what was drawn`, () => {
			const measurements = measurementsOf(study);
			const datasets = new Map<string, DicomJson>();
			const datasetOf = (file: string) => {
				const dataset =
					datasets.get(file) ?? parsePart10(corpusFile(`synthetic/${study}/${file}`)).dataset;
				datasets.set(file, dataset);
				return dataset;
			};
			expect(measurements.length).toBeGreaterThan(3);
			for (const truth of measurements) {
				const dataset = datasetOf(truth.file);
				const result = measure(dataset, truth.tool as MeasuringTool, pointsOf(truth), truth.frame);
				if (result.kind !== 'measured') throw new Error(`${truth.key}: ${result.reason}`);
				if (truth.second) {
					const second = measureBiplane(
						{ dataset, frame: truth.frame, points: pointsOf(truth) },
						{
							dataset: datasetOf(truth.second.file),
							frame: truth.second.frame,
							points: pointsOf(truth.second)
						}
					);
					if (second.kind !== 'measured') throw new Error(`${truth.key}: ${second.reason}`);
					const off = Math.abs(second.value - truth.expected);
					expect(off, `${truth.key} ${second.value}`).toBeLessThanOrEqual(truth.tolerance);
					continue;
				}
				const kind = quantityOf[truth.quantity ?? truth.tool];
				const found = result.quantities.find((quantity) => quantity.kind === kind);
				if (!found) throw new Error(`${truth.key}: no ${kind}`);
				const value = Math.abs(found.value) * (factor[`${found.unit}→${truth.unit}`] ?? 1);
				const off = Math.abs(value - truth.expected);
				expect(off, `${truth.key} ${value} ${found.unit}`).toBeLessThanOrEqual(truth.tolerance);
				const regions = dataset['00186011']?.Value as DicomJson[] | undefined;
				// Overlapping regions of one scale are equally good (PS3.3 C.8.5.5.1.14).
				expect(regions?.[result.region ?? -1]?.['0018602E']?.Value, truth.key).toEqual(
					regions?.[truth.region]?.['0018602E']?.Value
				);
			}
		});
	}
});
