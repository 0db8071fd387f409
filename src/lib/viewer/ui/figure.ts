import type { Annotation } from '$lib/collab/report-doc.ts';
import { discsOf } from '../measuring/discs.ts';
import { handlesOf, leading } from '../measuring/drawing.ts';
import { ellipseOf } from '../measuring/shapes.ts';
import type { Point } from '../regions.ts';
import { isMeasured } from './draft.ts';

/** How a drawing looks, in CSS pixels of the viewport; paths are SVG's. */
export interface Figure {
	/** The lines that were drawn. */
	lines: string;
	/** What follows from them: a long axis, discs, the way to the baseline. */
	helpers: string;
	/** Indexes of the points that carry a cross and can be taken. */
	handles: readonly number[];
}

const path = (points: readonly Point[]) =>
	points
		.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`)
		.join('');
const closed = (points: readonly Point[]) =>
	points.length > 2 ? `${path(points)}Z` : path(points);

/** `baseline`: where velocity 0 is on the screen, for what is drawn on a spectrum. */
export function figureOf(
	annotation: Annotation,
	points: readonly Point[],
	baseline: number | null
): Figure {
	const handles = isMeasured(annotation)
		? handlesOf(annotation.tool, points)
		: points.map((_, index) => index);
	const figure = (lines: string, helpers = ''): Figure => ({ lines, helpers, handles });
	const [a, b, c] = points;
	switch (annotation.tool) {
		case 'area':
			return figure(closed(points));
		case 'ellipse':
			return a && b && c ? figure(ellipse(a, b, c), path([a, b])) : figure(path(points));
		case 'discs': {
			const outline = points.slice(leading('discs'));
			if (!a || !b || outline.length < 3) return figure(path(points));
			const { chords } = discsOf({ base: a, apex: b, outline });
			return figure(closed(outline), path([a, b]) + chords.map((chord) => path(chord)).join(''));
		}
		case 'velocity':
			return figure(
				'',
				a && baseline !== null
					? path([a, [a[0], baseline]]) +
							path([
								[a[0] - 10, baseline],
								[a[0] + 10, baseline]
							])
					: ''
			);
		case 'trace': {
			const last = points.at(-1);
			const foot = a && last && baseline !== null;
			return figure(
				path(points),
				foot ? path([a, [a[0], baseline], [last[0], baseline], last]) : ''
			);
		}
		case 'slope':
			return figure(path(points), a && b && baseline !== null ? drawnOn(a, b, baseline) : '');
		case 'time':
			return a && b
				? figure(path([a, [b[0], a[1]]]), upright(a) + upright([b[0], a[1]]))
				: figure(path(points));
		default:
			return figure(path(points));
	}
}

function ellipse(a: Point, b: Point, c: Point): string {
	const { along, across, angle } = ellipseOf(a, b, c);
	const degrees = ((angle * 180) / Math.PI).toFixed(2);
	const arc = `A${along.toFixed(1)},${across.toFixed(1)} ${degrees} 1 1`;
	return `M${a.join(',')}${arc} ${b.join(',')}${arc} ${a.join(',')}Z`;
}

/** A falling flank goes on to the baseline, where velocity is 0. */
function drawnOn(a: Point, b: Point, baseline: number): string {
	const [from, to] = a[0] <= b[0] ? [a, b] : [b, a];
	const falls = Math.abs(from[1] - baseline) > Math.abs(to[1] - baseline);
	if (!falls || from[1] === to[1]) return '';
	const share = (baseline - from[1]) / (to[1] - from[1]);
	return share > 1 ? path([to, [from[0] + (to[0] - from[0]) * share, baseline]]) : '';
}

const upright = ([x, y]: Point) =>
	path([
		[x, y - 24],
		[x, y + 24]
	]);
