/** What the picture of a growth chart is made of, on the screen and on paper. */
import type { Chart, Diagram, Measurement, ResolvedWorksheet } from './definition.ts';
import { convert } from './units.ts';

export type GrowthDiagram = Extract<Diagram, { kind: 'growth' }>;
export type Point = [x: number, y: number];

/** A value of an earlier study. */
interface Earlier {
	value: unknown;
	date: string;
	studyUid: string;
}

export const growthDiagrams = ({ sections }: Pick<ResolvedWorksheet, 'sections'>) =>
	sections
		.flatMap(({ diagrams = [] }) => diagrams)
		.filter((diagram): diagram is GrowthDiagram => diagram.kind === 'growth');

/** The chart with its heights in another unit: that in which the practice shows the field. */
export function chartIn(chart: Chart, unit: string): Chart {
	const { y } = chart;
	const into = (value: number) => convert(value, y.unit, unit);
	if (unit === y.unit || into(1) === null) return chart;
	const all = (values: readonly number[]) => values.map((value) => into(value) ?? value);
	const [low = 0, high = 0] = all(y.range);
	return {
		...chart,
		y: { ...y, unit, range: [low, high] },
		curves: chart.curves.map(({ percentile, points }) => ({
			percentile,
			points: points.map(([x, value]): Point => [x, Number((into(value) ?? value).toPrecision(6))])
		}))
	};
}

/** The measurement of a field; null for what holds no number. */
export function measurementOf(worksheet: ResolvedWorksheet, fieldId: string): Measurement | null {
	const field = worksheet.sections.flatMap(({ fields }) => fields).find(({ id }) => id === fieldId);
	return worksheet.measurements[field?.measurementId ?? ''] ?? null;
}

/** In the units of the chart; null without both values, or in a unit that does not fit. */
export function pointOf(
	{ x, y }: GrowthDiagram,
	chart: Chart,
	worksheet: ResolvedWorksheet,
	valueOf: (fieldId: string) => unknown
): Point | null {
	const on = (fieldId: string, unit: string): number | null => {
		const from = measurementOf(worksheet, fieldId)?.unit;
		const value = valueOf(fieldId);
		return typeof value === 'number' && from ? convert(value, from, unit) : null;
	};
	const [across, up] = [on(x, chart.x.unit), on(y, chart.y.unit)];
	return across === null || up === null ? null : [across, up];
}

/** One point an earlier study that has both values, oldest first. */
export function earlierPoints(
	diagram: GrowthDiagram,
	chart: Chart,
	worksheet: ResolvedWorksheet,
	series: Readonly<Record<string, readonly Earlier[]>>
): { date: string; at: Point }[] {
	return (series[diagram.y] ?? [])
		.flatMap(({ date, studyUid }) => {
			const at = pointOf(
				diagram,
				chart,
				worksheet,
				(id) => series[id]?.find((one) => one.studyUid === studyUid)?.value
			);
			return at ? [{ date, at }] : [];
		})
		.reverse();
}

/** The picture ends where the curves end, not where the axis of the file might. */
export function reachOf({ curves }: Pick<Chart, 'curves'>): { low: number; high: number } {
	const ys = curves.flatMap(({ points }) => points.map(([, y]) => y));
	const [low, high] = [Math.min(...ys), Math.max(...ys)];
	const room = (high - low) * 0.06;
	return { low: Math.max(0, low - room), high: high + room };
}

/** Round numbers, no more than `most` of them or one over. */
export function ticks(low: number, high: number, most = 5): number[] {
	const raw = (high - low) / most;
	const power = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw;
	const first = Math.ceil(low / step);
	const count = Math.floor(high / step) - first + 1;
	return Array.from({ length: count }, (_, index) =>
		// 3 × 0.1 is 0.30000000000000004.
		Number(((first + index) * step).toPrecision(6))
	);
}
