import { items, number } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';

/** PS3.3 C.8.5.5.1.15 and .16: Physical Units X/Y Direction. */
export const units = { none: 0, cm: 3, seconds: 4, hertz: 5, cmPerSecond: 7 } as const;

/** PS3.3 C.8.5.5.1.1: Region Spatial Format. */
export const spatialFormats = { none: 0, twoD: 1, mMode: 2, spectral: 3, waveform: 4 } as const;

/** PS3.3 C.8.5.5.1.2: the Region Data Types told apart here. */
export const dataTypes = { tissue: 1, colour: 2, pw: 3, cw: 4, ecg: 0x0a } as const;

/** A column and a row, counted from the upper left corner of the upper left pixel. */
export type Point = readonly [number, number];

/** One item of Sequence of Ultrasound Regions (0018,6011), PS3.3 C.8.5.5. */
export interface Region {
	/** Its place in the sequence, from 0: what annotations remember. */
	index: number;
	format: number;
	dataType: number;
	highPriority: boolean;
	/** The spectral scale is in Hz and has to be turned into a velocity. */
	frequencyScale: boolean;
	/** Pixels, inclusive. */
	box: { minX: number; minY: number; maxX: number; maxY: number };
	unitX: number;
	unitY: number;
	/** Units per pixel, to the right and downwards; negative where the machine counts the other way. */
	deltaX: number;
	deltaY: number;
	/** Where `valueX`/`valueY` holds, relative to the box's corner; may lie outside the image. */
	refX: number;
	refY: number;
	valueX: number;
	valueY: number;
	/** kHz. */
	transducerKHz: number | null;
	/** Degrees. */
	correctionAngle: number | null;
	/** The box is larger than the image: its deltas may belong to a picture that was scaled since. */
	doubtful: boolean;
}

export function regionsOf(dataset: DicomJson): Region[] {
	const columns = number(dataset, tags.Columns) ?? Infinity;
	const rows = number(dataset, tags.Rows) ?? Infinity;
	return items(dataset, tags.SequenceOfUltrasoundRegions).flatMap((item, index) => {
		const of = (tag: string) => number(item, tag);
		const minX = of(tags.RegionLocationMinX0);
		const minY = of(tags.RegionLocationMinY0);
		const maxX = of(tags.RegionLocationMaxX1);
		const maxY = of(tags.RegionLocationMaxY1);
		const deltaX = of(tags.PhysicalDeltaX);
		const deltaY = of(tags.PhysicalDeltaY);
		if (minX === null || minY === null || maxX === null || maxY === null) return [];
		if (deltaX === null || deltaY === null) return [];
		const flags = of(tags.RegionFlags) ?? 0;
		return {
			index,
			format: of(tags.RegionSpatialFormat) ?? 0,
			dataType: of(tags.RegionDataType) ?? 0,
			highPriority: (flags & 1) === 0,
			frequencyScale: (flags & 4) !== 0,
			box: { minX, minY, maxX, maxY },
			unitX: of(tags.PhysicalUnitsXDirection) ?? 0,
			unitY: of(tags.PhysicalUnitsYDirection) ?? 0,
			deltaX,
			deltaY,
			refX: of(tags.ReferencePixelX0) ?? 0,
			refY: of(tags.ReferencePixelY0) ?? 0,
			valueX: of(tags.ReferencePixelPhysicalValueX) ?? 0,
			valueY: of(tags.ReferencePixelPhysicalValueY) ?? 0,
			transducerKHz: of(tags.TransducerFrequency),
			correctionAngle: of(tags.DopplerCorrectionAngle),
			// One pixel over is an exclusive maximum (Philips CX50), not another picture.
			doubtful: maxX > columns || maxY > rows
		};
	});
}

/** The box is inclusive of its last pixel, hence one more on the far sides. */
export function contains(region: Region, [x, y]: Point): boolean {
	const { minX, minY, maxX, maxY } = region.box;
	return x >= minX && x <= maxX + 1 && y >= minY && y <= maxY + 1;
}

/** What a tool needs of a region's two directions. */
export type Need = 'distance' | 'velocity' | 'm-mode' | 'time';

function fits(region: Region, need: Need): boolean {
	const { unitX, unitY } = region;
	switch (need) {
		case 'distance':
			return unitX === units.cm && unitY === units.cm;
		case 'm-mode':
			return unitX === units.seconds && unitY === units.cm;
		case 'time':
			return unitX === units.seconds;
		case 'velocity':
			return (
				unitX === units.seconds &&
				(unitY === units.cmPerSecond || (unitY === units.hertz && region.frequencyScale))
			);
	}
}

/** A dummy that some machines send before the real one: no unit at all, one per pixel. */
const isDummy = (region: Region) => region.unitX === units.none && region.unitY === units.none;
const area = ({ box }: Region) => (box.maxX - box.minX + 1) * (box.maxY - box.minY + 1);

export type Picked =
	| { kind: 'region'; region: Region; ambiguous: boolean }
	/** Each point has a region that fits, but no single one holds them all. */
	| { kind: 'across' }
	/** There are regions under the points, but none in which this can be measured. */
	| { kind: 'unfit'; under: Region }
	/** No region holds any of the points, or the object has none. */
	| { kind: 'none' };

/**
 * The region in which these points are measured: it holds all of them, its units fit the need,
 * high priority first (flag bit 0), then the smallest box. `ambiguous` when another one that fits
 * is scaled otherwise (PS3.3 C.8.5.5.1.14 wants equal scales where boxes overlap).
 */
export function pickRegion(regions: Region[], points: readonly Point[], need: Need): Picked {
	const real = regions.filter((region) => !isDummy(region));
	const holding = real.filter((region) => points.every((point) => contains(region, point)));
	const fitting = holding
		.filter((region) => fits(region, need) && region.deltaX !== 0)
		.sort((a, b) => Number(b.highPriority) - Number(a.highPriority) || area(a) - area(b));
	const region = fitting[0];
	if (region) {
		const ambiguous = fitting.some((other) => !sameScale(region, other));
		return { kind: 'region', region, ambiguous };
	}
	const each = points.map((point) =>
		real.find((r) => contains(r, point) && fits(r, need) && r.deltaX !== 0)
	);
	if (points.length > 1 && each.some(Boolean)) return { kind: 'across' };
	const under = holding[0] ?? real.find((r) => points.some((point) => contains(r, point)));
	return under ? { kind: 'unfit', under } : { kind: 'none' };
}

function sameScale(a: Region, b: Region): boolean {
	const near = (x: number, y: number) => Math.abs(Math.abs(x) - Math.abs(y)) <= Math.abs(x) * 1e-3;
	return near(a.deltaX, b.deltaX) && near(a.deltaY, b.deltaY);
}
