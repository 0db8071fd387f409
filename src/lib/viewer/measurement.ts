import type { Annotation } from '$lib/collab/report-doc.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import {
	measureSlope,
	measureStrip,
	measureTime,
	measureTrace,
	measureVelocity
} from './measuring/doppler.ts';
import {
	measureAngle,
	measureArea,
	measureDiscs,
	measureEllipse,
	measureLength
} from './measuring/flat.ts';
import type { Measurement } from './measuring/quantity.ts';
import type { Point } from './regions.ts';

export { baselineRow } from './measuring/doppler.ts';
export { measureBiplane } from './measuring/flat.ts';
export type {
	Caution,
	Measurement,
	Quantity,
	QuantityKind,
	Refusal,
	Unit
} from './measuring/quantity.ts';

/** What an annotation is when it measures. */
export type MeasuringTool = Exclude<Annotation['tool'], 'arrow' | 'text'>;

/**
 * What a drawing says. Points are image pixels (column, row), sub-pixel allowed; `frame` counts from
 * 1. `discs` has the long axis (base, apex) before its outline.
 */
export function measure(
	dataset: DicomJson,
	tool: MeasuringTool,
	points: readonly Point[],
	frame = 1
): Measurement {
	switch (tool) {
		case 'length':
			return measureLength(dataset, frame, points);
		case 'area':
			return measureArea(dataset, frame, points);
		case 'ellipse':
			return measureEllipse(dataset, frame, points);
		case 'angle':
			return measureAngle(dataset, frame, points);
		case 'discs':
			return measureDiscs(dataset, frame, points);
		case 'velocity':
			return measureVelocity(dataset, points);
		case 'trace':
			return measureTrace(dataset, points);
		case 'slope':
			return measureSlope(dataset, points);
		case 'time':
			return measureTime(dataset, points);
		case 'm-mode':
			return measureStrip(dataset, points);
	}
}
