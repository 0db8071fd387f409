import type { PrintedDiagram } from '$lib/report/version.ts';
import { reachOf, ticks, type Point } from '$lib/worksheet/growth.ts';
import type { Box } from './diagrams.ts';
import { inks, type Sheet } from './sheet.ts';

type Growth = Extract<PrintedDiagram, { kind: 'growth' }>;

/** Room for the numbers left, the percentiles right, the unit above, the weeks below, in points. */
const margin = { left: 28, right: 22, top: 14, bottom: 24 };
const small = { size: 6.5, color: inks.muted } as const;
/** Between the labels of two curves. */
const labelGap = 7.5;
/** Paper shows more of them than a screen that can be asked. */
const mostTicks = 8;
/** From the outermost pair of curves inwards: a little darker each time. */
const bands = ['#f1f4f8', '#e2e8f0', '#d3dce8'];

export function drawGrowth(sheet: Sheet, diagram: Growth, box: Box): void {
	const { doc } = sheet;
	const reach = reachOf(diagram);
	const [first, last] = diagram.x.range;
	const plot = {
		left: box.x + margin.left,
		right: box.x + box.width - margin.right,
		top: box.y + margin.top,
		bottom: box.y + box.height - margin.bottom
	};
	const px = (x: number) => plot.left + ((x - first) / (last - first)) * (plot.right - plot.left);
	// What lies far off stands at the edge; the words say which way.
	const py = (y: number) => {
		const inside = Math.min(reach.high, Math.max(reach.low, y));
		return (
			plot.bottom - ((inside - reach.low) / (reach.high - reach.low)) * (plot.bottom - plot.top)
		);
	};
	const path = (points: readonly Point[]) =>
		points.forEach(([x, y], i) => (i ? doc.lineTo(px(x), py(y)) : doc.moveTo(px(x), py(y))));

	doc.save();
	pairsOf(diagram.curves).forEach(([low, high], depth) => {
		path([...low.points, ...high.points.toReversed()]);
		doc.closePath().fill(bands[depth] ?? bands[0]);
	});
	doc.lineWidth(0.4);
	for (const x of ticks(first, last, mostTicks)) {
		doc.moveTo(px(x), plot.top).lineTo(px(x), plot.bottom).stroke(inks.line);
	}
	for (const y of ticks(reach.low, reach.high, mostTicks)) {
		doc.moveTo(plot.left, py(y)).lineTo(plot.right, py(y)).stroke(inks.line);
	}
	for (const { percentile, points } of diagram.curves) {
		const [width, ink] = percentile === 50 ? [1.1, inks.ink] : [0.6, inks.muted];
		if (isOuter(percentile)) doc.dash(2, { space: 1.6 });
		path(points);
		doc.lineWidth(width).stroke(ink);
		doc.undash();
	}
	doc.lineWidth(0.5);
	doc.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top).stroke(inks.muted);
	if (diagram.earlier.length > 0) {
		path([...diagram.earlier.map(({ at }) => at), diagram.point]);
		doc.lineWidth(0.8).stroke(inks.accent);
	}
	for (const { at } of diagram.earlier) {
		doc.circle(px(at[0]), py(at[1]), 2.4).lineWidth(1).fillAndStroke('#ffffff', inks.accent);
	}
	doc
		.circle(px(diagram.point[0]), py(diagram.point[1]), 3)
		.lineWidth(0.8)
		.fillAndStroke(inks.accent, '#ffffff');
	doc.restore();

	const half = small.size * 0.68;
	for (const x of ticks(first, last, mostTicks)) {
		const centred = { ...small, align: 'center' } as const;
		sheet.text(String(x), px(x) - 15, plot.bottom + 3, 30, centred);
	}
	for (const y of ticks(reach.low, reach.high, mostTicks)) {
		const at = [box.x, py(y) - half, margin.left - 4] as const;
		sheet.text(String(y), ...at, { ...small, align: 'right' });
	}
	sheet.text(`${diagram.y.label}, ${diagram.y.unit}`, plot.left, box.y + 3, 120, small);
	sheet.text(`${diagram.x.label}, ${diagram.x.unit}`, plot.left, plot.bottom + 12, 160, small);
	for (const { percentile, y } of apart(labelsOf(diagram, py), plot.top)) {
		sheet.text(`P${percentile}`, plot.right + 3, y - half, margin.right, small);
	}
}

const isOuter = (percentile: number) => percentile < 10 || percentile > 90;

/** The outermost two, then those inside of them. */
function pairsOf(curves: Growth['curves']): [Growth['curves'][number], Growth['curves'][number]][] {
	return Array.from({ length: Math.floor(curves.length / 2) }, (_, index) => {
		const [low, high] = [curves[index], curves.at(-1 - index)];
		return low && high ? [[low, high] as [typeof low, typeof high]] : [];
	}).flat();
}

/** Where each curve ends, from above. */
const labelsOf = ({ curves }: Growth, py: (y: number) => number) =>
	curves
		.flatMap(({ percentile, points }) => {
			const end = points.at(-1);
			return end ? [{ percentile, y: py(end[1]) }] : [];
		})
		.sort((a, b) => a.y - b.y);

/** Pushes labels that would touch away from the middle one, and no further up than `top`. */
export function apart(
	labels: readonly { percentile: number; y: number }[],
	top: number
): { percentile: number; y: number }[] {
	const placed = labels.map((label) => ({ ...label }));
	const middle = Math.floor(placed.length / 2);
	for (let i = middle + 1; i < placed.length; i++) {
		const [above, one] = [placed[i - 1], placed[i]];
		if (above && one) one.y = Math.max(one.y, above.y + labelGap);
	}
	for (let i = middle - 1; i >= 0; i--) {
		const [below, one] = [placed[i + 1], placed[i]];
		if (below && one) one.y = Math.min(one.y, below.y - labelGap);
	}
	const over = top - (placed[0]?.y ?? top);
	return over > 0 ? placed.map((label) => ({ ...label, y: label.y + over })) : placed;
}

function placeText({ place }: Growth): string {
	if (place.beyond) return `${place.beyond.side} percentile ${place.beyond.percentile}`;
	return `percentile ${Math.round(place.percentile ?? 0)}`;
}

/** Below the picture. */
export function growthWords(diagram: Growth): string {
	const { title, text, earlier, citation, unconfirmed } = diagram;
	const hollow =
		earlier.length > 0 ? ` Hollow: ${earlier.map(({ date }) => date).join(', ')}.` : '';
	const mark = unconfirmed ? ' (curves unconfirmed)' : '';
	return `${title}: ${text.y} at ${text.x}, ${placeText(diagram)}.${hollow} Curves: ${citation}${mark}.`;
}

/** For those who cannot see it; the caption says the rest. */
export function growthSpoken(diagram: Growth): string {
	const { x, y, curves, earlier, text } = diagram;
	const before = earlier.map(
		({ date, at }) => `${date}: ${round(at[1])} ${y.unit} at ${round(at[0])} ${x.unit}`
	);
	return [
		`${y.label} against ${x.label.toLowerCase()}, curves of percentiles ${curves.map(({ percentile }) => percentile).join(', ')}`,
		...before,
		`This study: ${text.y} at ${text.x}, ${placeText(diagram)}.`
	].join('. ');
}

const round = (value: number) => Number(value.toPrecision(4));
