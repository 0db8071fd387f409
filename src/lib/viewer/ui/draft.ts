import type { Annotation } from '$lib/collab/report-doc.ts';
import type { Loop } from '../loop.ts';
import { measure } from '../measurement.ts';
import type { Measurement, MeasuringTool } from '../measurement.ts';
import {
	extended,
	isFreehand,
	isMeasuringTool,
	keptPoints,
	leading,
	pointsOfTool,
	reshaped
} from '../measuring/drawing.ts';
import type { Point } from '../regions.ts';

const hundredths = (value: number) => Math.round(value * 100) / 100;
const inside = (loop: Loop, [column, row]: Point): [number, number] => [
	hundredths(Math.min(loop.columns, Math.max(0, column))),
	hundredths(Math.min(loop.rows, Math.max(0, row)))
];

export const isMeasured = (
	annotation: Annotation
): annotation is Annotation & { tool: MeasuringTool } => isMeasuringTool(annotation.tool);

/** The number of an annotation of ours, from its points; null for arrows and texts. */
export function measurementOf(loop: Loop, annotation: Annotation): Measurement | null {
	return isMeasured(annotation)
		? measure(loop.dataset, annotation.tool, annotation.points, annotation.frame)
		: null;
}

/** A click is no outline. */
const leastOutline = 5;

/** A drawing under the hand. Never changed in place: each move makes the next one. */
export class Draft {
	readonly annotation: Annotation;
	readonly #loop: Loop;
	/** The point that follows the hand. */
	readonly #held: number;
	/** An outline that is still being drawn, without its long axis. */
	readonly #outline: readonly Point[] | null;

	private constructor(
		loop: Loop,
		annotation: Annotation,
		held: number,
		outline: readonly Point[] | null
	) {
		this.#loop = loop;
		this.#held = held;
		this.#outline = outline;
		this.annotation = annotation;
	}

	static begin(
		loop: Loop,
		frame: number,
		tool: MeasuringTool,
		at: Point,
		mark: Pick<Annotation, 'id' | 'by' | 'at'>
	): Draft {
		const point = inside(loop, at);
		const annotation: Annotation = {
			...mark,
			tool,
			studyUid: loop.studyUid,
			seriesUid: loop.seriesUid,
			sopInstanceUid: loop.sopInstanceUid,
			frame,
			points: pointsOfTool[tool] === 2 || pointsOfTool[tool] === 3 ? [point, point] : [point],
			region: null,
			value: null,
			unit: null,
			label: '',
			field: null
		};
		const outline = isFreehand(tool) ? [point] : null;
		return new Draft(loop, annotation, annotation.points.length - 1, outline).movedTo(at);
	}

	/** A finished one, taken by one of its points. */
	static of(loop: Loop, annotation: Annotation, held: number): Draft {
		return new Draft(loop, annotation, held, null);
	}

	get isOn() {
		return { sopInstanceUid: this.annotation.sopInstanceUid, frame: this.annotation.frame };
	}

	get tool(): MeasuringTool | null {
		return isMeasured(this.annotation) ? this.annotation.tool : null;
	}

	/** An outline that the hand is still making. */
	get isOutline(): boolean {
		return this.#outline !== null;
	}

	/** Its second point is there from the beginning and follows the hand. */
	get hasSecond(): boolean {
		return this.#outline === null && this.annotation.points.length > 1;
	}

	/** Two points on one spot measure nothing; a click is not a caliper. */
	get isWorthKeeping(): boolean {
		const { points, value } = this.annotation;
		const [a, b] = points;
		if (!a || value === null) return false;
		if (this.tool === 'velocity') return true;
		if (this.tool && isFreehand(this.tool)) {
			return points.length - leading(this.tool) >= leastOutline;
		}
		return !!b && Math.hypot(b[0] - a[0], b[1] - a[1]) >= 1;
	}

	/** With the next of its points under the hand; null when it has them all. */
	next(at: Point): Draft | null {
		const tool = this.tool;
		const wanted = tool && pointsOfTool[tool];
		const { points } = this.annotation;
		if (typeof wanted !== 'number' || points.length >= wanted) return null;
		const annotation = { ...this.annotation, points: [...points, inside(this.#loop, at)] };
		return new Draft(this.#loop, annotation, points.length, null).movedTo(at);
	}

	/** With one more corner of an outline that is set by clicks. */
	corner(at: Point): Draft {
		return this.#outline ? this.#drawn([...this.#outline, inside(this.#loop, at)]) : this;
	}

	/** Without its last corner. */
	withoutLast(): Draft {
		const outline = this.#outline;
		return outline && outline.length > 2
			? this.#drawn(outline.slice(0, -2).concat(outline.slice(-1)))
			: this;
	}

	/** The hand goes on: an outline grows, a point follows. `rubber`: the outline's last point follows. */
	movedTo(at: Point, rubber = false): Draft {
		const point = inside(this.#loop, at);
		if (this.#outline) {
			return this.#drawn(
				rubber ? [...this.#outline.slice(0, -1), point] : extended(this.#outline, point)
			);
		}
		const tool = this.tool;
		const points = tool
			? reshaped(tool, this.annotation.points, this.#held, point)
			: this.annotation.points.map((other, index) => (index === this.#held ? point : other));
		return this.#with(points, null);
	}

	#drawn(outline: readonly Point[]): Draft {
		const tool = this.tool ?? 'area';
		return this.#with(keptPoints(tool, outline, this.#loop.pixelAspect), outline);
	}

	#with(points: readonly Point[], outline: readonly Point[] | null): Draft {
		const moved = {
			...this.annotation,
			points: points.map((point) => inside(this.#loop, point))
		};
		const result = measurementOf(this.#loop, moved);
		const number =
			result?.kind === 'measured'
				? { value: result.value, unit: result.unit, region: result.region }
				: { value: null, unit: null, region: null };
		const annotation = result ? { ...moved, ...number } : moved;
		return new Draft(this.#loop, annotation, this.#held, outline);
	}
}
