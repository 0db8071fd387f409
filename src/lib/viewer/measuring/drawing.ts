import type { MeasuringTool } from '../measurement.ts';
import type { Point } from '../regions.ts';
import { longAxisOf } from './discs.ts';

/** How many points a tool takes; `freehand` takes as many as the hand makes. */
export const pointsOfTool: Record<MeasuringTool, number | 'freehand'> = {
	length: 2,
	area: 'freehand',
	ellipse: 3,
	angle: 3,
	discs: 'freehand',
	velocity: 1,
	trace: 'freehand',
	slope: 2,
	time: 2,
	'm-mode': 2
};

export const isMeasuringTool = (tool: string): tool is MeasuringTool =>
	Object.hasOwn(pointsOfTool, tool);

export const isFreehand = (tool: MeasuringTool): boolean => pointsOfTool[tool] === 'freehand';

/** Points that stand before the outline: the long axis of a cavity. */
export const leading = (tool: MeasuringTool): number => (tool === 'discs' ? 2 : 0);

/** A hand makes more points than anybody needs; image pixels between two of them. */
export const spacing = 2;
/** So many that an outline of the whole picture is still smooth. */
const mostPoints = 400;

/** The outline with one more point, if it is far enough from the last. */
export function extended(outline: readonly Point[], at: Point): readonly Point[] {
	const last = outline.at(-1);
	if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < spacing) return outline;
	const longer = [...outline, at];
	// Every second one goes: a long way round becomes coarser and never ends early.
	return longer.length > mostPoints
		? longer.filter((_, index) => index % 2 === 0 || index === longer.length - 1)
		: longer;
}

/** What is kept of a freehand outline: a cavity has its long axis before it. */
export function keptPoints(
	tool: MeasuringTool,
	outline: readonly Point[],
	pixelAspect: number
): readonly Point[] {
	const axis = tool === 'discs' ? longAxisOf(outline, pixelAspect) : null;
	return axis ? [...axis, ...outline] : outline;
}

/**
 * One point of a finished drawing moved. An outline is drawn along: neighbours follow, the farther
 * along the line the less, so that it stays smooth.
 */
export function reshaped(
	tool: MeasuringTool,
	points: readonly Point[],
	held: number,
	to: Point
): readonly Point[] {
	const from = points[held];
	if (!from) return points;
	const own = leading(tool);
	if (!isFreehand(tool) || held < own) {
		return points.map((point, index) => (index === held ? to : point));
	}
	const count = points.length - own;
	const reach = Math.max(1, count / 12);
	const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
	return points.map((point, index) => {
		if (index < own) return point;
		const straight = Math.abs(index - held);
		// A trace has two ends, an outline has none.
		const away = tool === 'area' ? Math.min(straight, count - straight) : straight;
		if (away >= reach) return point;
		const share = (1 + Math.cos((Math.PI * away) / reach)) / 2;
		return [point[0] + dx * share, point[1] + dy * share];
	});
}

/** Points of a drawing that can be taken by the hand: all of a few, some of an outline. */
export function handlesOf(tool: MeasuringTool, points: readonly Point[]): number[] {
	const own = leading(tool);
	const all = points.map((_, index) => index);
	if (!isFreehand(tool)) return all;
	const count = points.length - own;
	const step = Math.max(1, Math.round(count / 12));
	return all.filter(
		(index) => index < own || (index - own) % step === 0 || index === points.length - 1
	);
}
