import { describe, expect, it } from 'vitest';
import { parsePart10 } from '../../../src/lib/dicom/part10.ts';
import type { DicomJson } from '../../../src/lib/dicom/json.ts';
import { measure } from '../../../src/lib/viewer/measurement.ts';
import type { MeasuringTool } from '../../../src/lib/viewer/measurement.ts';
import { corpusFile, corpusJson, hasCorpus } from '../../support/corpus.ts';

interface Truth {
	measurements: {
		key: string;
		file: string;
		region: number;
		tool: string;
		points: [number, number][];
		expected: number;
		unit: string;
		tolerance: number;
	}[];
}

const studies = ['tte-20260312', 'tte-20250304', 'carotid-20260315', 'stress-20260318', 'extras'];
const toolOf: Record<string, MeasuringTool> = {
	length: 'length',
	velocity: 'velocity',
	time: 'm-mode'
};
/** To the unit of the listed value. */
const factor: Record<string, number> = { 's→ms': 1000 };

describe.skipIf(!hasCorpus)('measuring the drawn studies', () => {
	for (const study of studies) {
		it(`every length, velocity and time of ${study} is within a pixel of what was drawn`, () => {
			const { measurements } = corpusJson<Truth>(`synthetic/${study}/truth.json`);
			const datasets = new Map<string, DicomJson>();
			let compared = 0;
			for (const truth of measurements) {
				const tool = toolOf[truth.tool];
				if (!tool) continue;
				const path = `synthetic/${study}/${truth.file}`;
				const dataset = datasets.get(path) ?? parsePart10(corpusFile(path)).dataset;
				datasets.set(path, dataset);
				const result = measure(dataset, tool, truth.points);
				if (result.kind !== 'measured') throw new Error(`${truth.key}: ${result.reason}`);
				const value = Math.abs(result.value) * (factor[`${result.unit}→${truth.unit}`] ?? 1);
				const off = Math.abs(value - truth.expected);
				expect(off, `${truth.key} ${value} ${result.unit}`).toBeLessThanOrEqual(truth.tolerance);
				const where = datasets.get(path)?.['00186011']?.Value?.[truth.region] as DicomJson;
				const taken = datasets.get(path)?.['00186011']?.Value?.[result.region ?? -1] as DicomJson;
				// Overlapping regions of one scale are equally good (PS3.3 C.8.5.5.1.14).
				expect(taken?.['0018602E']?.Value, truth.key).toEqual(where?.['0018602E']?.Value);
				compared++;
			}
			expect(compared).toBeGreaterThan(3);
		});
	}
});
