import { items, numbers } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { pickRegion, regionsOf } from '../regions.ts';
import type { Picked, Point, Region } from '../regions.ts';
import type { Caution, Refusal } from './quantity.ts';

/** How far a pixel goes to the right and down, in one unit. Never negative. */
export interface Plane {
	kind: 'plane';
	region: Region | null;
	unit: 'cm' | 'mm' | '{pixels}';
	perColumn: number;
	perRow: number;
	cautions: Caution[];
}

/**
 * The plane in which these points lie: a 2D ultrasound region in cm (both deltas, pixels need not be
 * square; old machines count backwards), else Pixel Spacing in mm, else pixels, and it says so.
 */
export function planeOf(
	dataset: DicomJson,
	frame: number,
	points: readonly Point[]
): Plane | Refusal {
	const picked = pickRegion(regionsOf(dataset), points, 'distance');
	if (picked.kind === 'across') return 'across-regions';
	if (picked.kind === 'unfit') return 'wrong-region';
	if (picked.kind === 'region') {
		const { region } = picked;
		return {
			kind: 'plane',
			region,
			unit: 'cm',
			perColumn: Math.abs(region.deltaX),
			perRow: Math.abs(region.deltaY),
			cautions: cautionsOf(picked)
		};
	}
	return spacedPlane(dataset, frame);
}

const sharedGroups = '52009229';
const perFrameGroups = '52009230';
const pixelMeasures = '00289110';
const imagerPixelSpacing = '00181164';

function spacedPlane(dataset: DicomJson, frame: number): Plane {
	const groups = [
		items(dataset, perFrameGroups)[frame - 1],
		items(dataset, sharedGroups)[0]
	].flatMap((group) => (group ? items(group, pixelMeasures) : []));
	for (const [holder, tag, cautions] of [
		...groups.map((group) => [group, tags.PixelSpacing, []] as const),
		[dataset, tags.PixelSpacing, []] as const,
		[dataset, imagerPixelSpacing, ['at-detector']] as const
	]) {
		const [perRow, perColumn] = numbers(holder, tag);
		if (perRow && perColumn && perRow > 0 && perColumn > 0) {
			return {
				kind: 'plane',
				region: null,
				unit: 'mm',
				perColumn,
				perRow,
				cautions: [...cautions]
			};
		}
	}
	return {
		kind: 'plane',
		region: null,
		unit: '{pixels}',
		perColumn: 1,
		perRow: aspectOf(dataset),
		cautions: ['uncalibrated']
	};
}

/** Pixel Aspect Ratio is vertical\horizontal: a row counts as that many columns. */
function aspectOf(dataset: DicomJson): number {
	const [vertical, horizontal] = numbers(dataset, tags.PixelAspectRatio);
	return vertical && horizontal && vertical > 0 && horizontal > 0 ? vertical / horizontal : 1;
}

export function cautionsOf(picked: Extract<Picked, { kind: 'region' }>): Caution[] {
	return [
		...(picked.region.doubtful ? (['calibration-doubtful'] as const) : []),
		...(picked.ambiguous ? (['calibration-ambiguous'] as const) : [])
	];
}

/** Points in the plane's unit, from the corner of the first pixel. */
export const onPlane = ({ perColumn, perRow }: Plane, points: readonly Point[]): Point[] =>
	points.map(([column, row]) => [column * perColumn, row * perRow]);

export const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);
