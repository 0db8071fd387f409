import type { Annotation } from '$lib/collab/report-doc.ts';
import type { Loop } from '$lib/viewer/loop.ts';
import { measureBiplane } from '$lib/viewer/measurement.ts';
import type { MeasuringTool, Quantity, QuantityKind, Unit } from '$lib/viewer/measurement.ts';
import { measurementOf } from '$lib/viewer/ui/draft.ts';
import { convert } from '$lib/worksheet/units.ts';

/** A number of a drawing that may go into a field. */
export interface OfferedQuantity extends Quantity {
	/** The drawing in the other plane, for a biplane volume. */
	other: Annotation | null;
}

/** Everything a drawing says, and with each cavity drawn in another view what both say together. */
export function offeredBy(
	annotation: Annotation,
	all: readonly Annotation[],
	loopFor: (sopInstanceUid: string) => Loop | null
): OfferedQuantity[] {
	const loop = loopFor(annotation.sopInstanceUid);
	const result = loop && measurementOf(loop, annotation);
	if (!loop || result?.kind !== 'measured') return [];
	const own = result.quantities.map((quantity) => ({ ...quantity, other: null }));
	if (annotation.tool !== 'discs') return own;
	const together = all.flatMap((other): OfferedQuantity[] => {
		const there = loopFor(other.sopInstanceUid);
		if (other.tool !== 'discs' || !there || there.studyUid !== loop.studyUid) return [];
		if (there.sopInstanceUid === loop.sopInstanceUid || there.view === loop.view) return [];
		const pair = measureBiplane(
			{ dataset: loop.dataset, frame: annotation.frame, points: annotation.points },
			{ dataset: there.dataset, frame: other.frame, points: other.points }
		);
		return pair.kind === 'measured'
			? pair.quantities.map((quantity) => ({ ...quantity, other }))
			: [];
	});
	// The same moment of the beat has the most similar volume.
	const off = ({ other }: OfferedQuantity) => Math.abs((other?.value ?? 0) - result.value);
	return [...own, ...together.sort((a, b) => off(a) - off(b))];
}

/** Angles, times and rates share their dimension with shares, ages and doses. */
const only: Partial<Record<QuantityKind, readonly string[]>> = {
	angle: ['deg'],
	duration: ['ms', 's'],
	'deceleration-time': ['ms', 's'],
	'pressure-half-time': ['ms', 's'],
	'heart-rate': ['/min', '{beats}/min']
};
const fits = (kind: QuantityKind, from: string, to: string): boolean =>
	(only[kind]?.includes(to) ?? true) && convert(1, from, to) !== null;

/** What no drawing on a picture says: volumes of a 3D set, what another examination found. */
const elsewhere = /(^|_)3d(_|$)|_(reported|cath|ct)$/;

/** What a field is for, told by its id; the first that fits decides. */
const meant: [RegExp, readonly QuantityKind[]][] = [
	[/_pht$/, ['pressure-half-time']],
	[/_(dt|dec_time)$/, ['deceleration-time', 'duration']],
	[/_pg_mean$|^mpap_tr_mean$/, ['mean-gradient']],
	[/_pg(_|$)/, ['peak-gradient']],
	[/_tamv$|_vmean$|mean_velocity/, ['mean-velocity']],
	[/(^|_)vti(_|$)/, ['vti']],
	[/_slope$/, ['slope']],
	[/_length(_|$)/, ['distance', 'long-axis']],
	[/_area(_|$)/, ['area', 'cavity-area']],
	[/_(a4c|a2c)$/, ['volume', 'volume-area-length', 'distance']],
	[/_biplane$|^la_volume_mod$/, ['volume-biplane']],
	[/_al$/, ['volume-area-length']],
	[/_ofd$/, ['distance', 'long-axis']],
	[/^(fetal_)?(hc|ac)(_|$)|circumference|perimeter/, ['perimeter', 'distance']],
	[/hr(_|$)/, ['heart-rate']]
];

/** What a field of any other id means: the drawing's own number, and none that follows from it. */
const usual: readonly QuantityKind[] = [
	'distance',
	'area',
	'volume',
	'volume-biplane',
	'volume-area-length',
	'velocity',
	'peak-velocity',
	'duration',
	'angle'
];

/** The number that belongs into a field; null when the drawing has none for it. */
export function quantityFor(
	field: { id: string; unit: string | null },
	offered: readonly OfferedQuantity[]
): OfferedQuantity | null {
	const { unit } = field;
	if (unit === null || elsewhere.test(field.id)) return null;
	const kinds = meant.find(([pattern]) => pattern.test(field.id))?.[1] ?? usual;
	for (const kind of kinds) {
		const found = offered.find((one) => one.kind === kind && fits(kind, one.unit, unit));
		if (found) return found;
	}
	return null;
}

/** The tool that fills a field; null for what no drawing measures. */
export function toolFor({ id, unit }: { id: string; unit: string | null }): MeasuringTool | null {
	if (unit === null || elsewhere.test(id)) return null;
	const kinds = meant.find(([pattern]) => pattern.test(id))?.[1] ?? usual;
	const kind = kinds.find((one) => unitsOf[one].some((from) => fits(one, from, unit)));
	return kind ? toolOf[kind] : null;
}

const unitsOf: Record<QuantityKind, readonly Unit[]> = {
	distance: ['cm'],
	area: ['cm2'],
	'cavity-area': ['cm2'],
	perimeter: ['cm'],
	angle: ['deg'],
	'long-axis': ['cm'],
	volume: ['ml'],
	'volume-area-length': ['ml'],
	'volume-biplane': ['ml'],
	velocity: ['cm/s'],
	'peak-velocity': ['cm/s'],
	'mean-velocity': ['cm/s'],
	vti: ['cm'],
	'peak-gradient': ['mm[Hg]'],
	'mean-gradient': ['mm[Hg]'],
	duration: ['s'],
	'heart-rate': ['/min'],
	slope: ['cm/s2', 'cm/s'],
	'deceleration-time': ['s'],
	'pressure-half-time': ['s']
};

const toolOf: Record<QuantityKind, MeasuringTool> = {
	distance: 'length',
	area: 'area',
	'cavity-area': 'discs',
	perimeter: 'ellipse',
	angle: 'angle',
	'long-axis': 'length',
	volume: 'discs',
	'volume-area-length': 'discs',
	'volume-biplane': 'discs',
	velocity: 'velocity',
	'peak-velocity': 'velocity',
	'mean-velocity': 'trace',
	vti: 'trace',
	'peak-gradient': 'velocity',
	'mean-gradient': 'trace',
	duration: 'time',
	'heart-rate': 'time',
	slope: 'slope',
	'deceleration-time': 'slope',
	'pressure-half-time': 'slope'
};
