import type { Region } from '../regions.ts';

/** What a drawing tells; one drawing often tells several. */
export type QuantityKind =
	| 'distance'
	| 'area'
	/** Of a cavity's outline, which is drawn for its volume. */
	| 'cavity-area'
	| 'perimeter'
	| 'angle'
	| 'long-axis'
	/** Of discs along the long axis, in one plane. */
	| 'volume'
	| 'volume-area-length'
	/** Of discs whose two widths are from two planes. */
	| 'volume-biplane'
	/** At one point of a spectrum: signed, positive towards the transducer. */
	| 'velocity'
	/** Of a traced spectrum; a magnitude. */
	| 'peak-velocity'
	| 'mean-velocity'
	/** Velocity-time integral. */
	| 'vti'
	| 'peak-gradient'
	| 'mean-gradient'
	| 'duration'
	| 'heart-rate'
	| 'slope'
	| 'deceleration-time'
	| 'pressure-half-time';

/** UCUM; `{pixels}` and `{square pixels}` are counted, not measured. */
export type Unit =
	| 'cm'
	| 'mm'
	| 'cm2'
	| 'mm2'
	| 'ml'
	| 's'
	| 'cm/s'
	| 'cm/s2'
	| 'mm[Hg]'
	| '/min'
	| 'deg'
	| '{pixels}'
	| '{square pixels}';

export interface Quantity {
	kind: QuantityKind;
	value: number;
	unit: Unit;
}

export type Caution =
	/** No calibration under the points: the number is a count of pixels. */
	| 'uncalibrated'
	/** The region is larger than the image. */
	| 'calibration-doubtful'
	/** Two regions that fit are scaled differently. */
	| 'calibration-ambiguous'
	/** Imager Pixel Spacing: true at the detector, too large inside the body (PS3.3 10.7.1.3). */
	| 'at-detector'
	/** The long axes of two planes differ by more than a fifth: one of them is foreshortened. */
	| 'axes-differ';

export type Refusal =
	/** The points lie in different regions. */
	| 'across-regions'
	/** The tool does not suit the region under the points. */
	| 'wrong-region'
	/** Velocity and time need a calibrated strip. */
	| 'no-strip'
	/** A volume is never made of pixels. */
	| 'no-calibration'
	| 'too-few-points'
	/** The outline crosses itself: its area would be a difference. */
	| 'crossing-outline'
	/** Both points stand at one time. */
	| 'no-time-between';

export type Measurement =
	| {
			kind: 'measured';
			/** What the drawing is for: the first of `quantities`. */
			value: number;
			unit: Unit;
			quantities: readonly [Quantity, ...Quantity[]];
			/** Index in Sequence of Ultrasound Regions; null without one. */
			region: number | null;
			cautions: Caution[];
	  }
	| { kind: 'refused'; reason: Refusal };

export function measured(
	quantities: readonly [Quantity, ...Quantity[]],
	region: Region | null,
	cautions: Caution[]
): Measurement {
	const [{ value, unit }] = quantities;
	return { kind: 'measured', value, unit, quantities, region: region?.index ?? null, cautions };
}

export const refused = (reason: Refusal): Measurement => ({ kind: 'refused', reason });
