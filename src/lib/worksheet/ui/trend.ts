/** A field's values over time as the points of a line: pure arithmetic, drawn by `TrendChart`. */
export interface TrendPoint {
	/** ISO date. */
	date: string;
	value: number;
	text: string;
	/** Null for the value of this study. */
	studyUid: string | null;
}

export interface TrendPlot {
	points: { x: number; y: number; point: TrendPoint }[];
	line: string;
	/** The normal band, cut to the picture; null when none of it is in sight or none is known. */
	band: { y: number; height: number } | null;
}

/** @param normal the published band in the unit of the values; a missing end is open. */
export function plotTrend(
	values: readonly TrendPoint[],
	normal: { low: number | null; high: number | null } | null,
	{ width, height, pad }: { width: number; height: number; pad: number }
): TrendPlot {
	const sorted = [...values].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
	if (sorted.length === 0) return { points: [], line: '', band: null };
	const times = sorted.map(({ date }) => Date.parse(date));
	const ends = [normal?.low, normal?.high].filter((end) => end != null);
	const all = [...sorted.map(({ value }) => value), ...ends];
	const [low, high] = [Math.min(...all), Math.max(...all)];
	const [first, last] = [Math.min(...times), Math.max(...times)];
	const spread = high - low || Math.max(1e-9, Math.abs(high)) || 1;
	const x = (time: number) =>
		last === first ? width / 2 : pad + ((time - first) / (last - first)) * (width - 2 * pad);
	const y = (value: number) =>
		high === low ? height / 2 : pad + ((high - value) / spread) * (height - 2 * pad);
	const points = sorted.map((point, index) => ({
		x: x(times[index] ?? first),
		y: y(point.value),
		point
	}));
	const top = normal?.high == null ? 0 : y(normal.high);
	const bottom = normal?.low == null ? height : y(normal.low);
	return {
		points,
		line: points.map((each) => `${each.x.toFixed(1)},${each.y.toFixed(1)}`).join(' '),
		band: ends.length === 0 ? null : { y: top, height: Math.max(0, bottom - top) }
	};
}
