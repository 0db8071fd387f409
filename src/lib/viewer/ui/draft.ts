import type { Annotation } from '$lib/collab/report-doc.ts';
import type { Loop } from '../loop.ts';
import { measure } from '../measurement.ts';
import type { Measurement, MeasuringTool } from '../measurement.ts';
import type { Point } from '../regions.ts';

const hundredths = (value: number) => Math.round(value * 100) / 100;
const inside = (loop: Loop, [column, row]: Point): [number, number] => [
	hundredths(Math.min(loop.columns, Math.max(0, column))),
	hundredths(Math.min(loop.rows, Math.max(0, row)))
];

export const isMeasured = (
	annotation: Annotation
): annotation is Annotation & { tool: MeasuringTool } =>
	annotation.tool === 'length' || annotation.tool === 'velocity' || annotation.tool === 'm-mode';

/** The number of an annotation of ours, from its points; null for tools that measure otherwise. */
export function measurementOf(loop: Loop, annotation: Annotation): Measurement | null {
	return isMeasured(annotation) ? measure(loop.dataset, annotation.tool, annotation.points) : null;
}

/** A caliper under the hand. Never changed in place: each move makes the next one. */
export class Draft {
	readonly annotation: Annotation;
	readonly #loop: Loop;
	/** The point that follows the hand. */
	readonly #held: number;

	private constructor(loop: Loop, annotation: Annotation, held: number) {
		this.#loop = loop;
		this.#held = held;
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
			points: tool === 'velocity' ? [point] : [point, point],
			region: null,
			value: null,
			unit: null,
			label: '',
			field: null
		};
		return Draft.of(loop, annotation, annotation.points.length - 1).movedTo(at);
	}

	static of(loop: Loop, annotation: Annotation, held: number): Draft {
		return new Draft(loop, annotation, held);
	}

	get isOn() {
		return { sopInstanceUid: this.annotation.sopInstanceUid, frame: this.annotation.frame };
	}

	/** Two points on one spot measure nothing; a click is not a caliper. */
	get isWorthKeeping(): boolean {
		const [a, b] = this.annotation.points;
		if (!a) return false;
		if (this.annotation.tool === 'velocity') return this.annotation.value !== null;
		return !!b && Math.hypot(b[0] - a[0], b[1] - a[1]) >= 1 && this.annotation.value !== null;
	}

	movedTo(at: Point): Draft {
		const points = this.annotation.points.map((point, index) =>
			index === this.#held ? inside(this.#loop, at) : point
		);
		const moved = { ...this.annotation, points };
		const result = measurementOf(this.#loop, moved);
		const number =
			result?.kind === 'measured'
				? { value: result.value, unit: result.unit, region: result.region }
				: { value: null, unit: null, region: null };
		return new Draft(this.#loop, result ? { ...moved, ...number } : moved, this.#held);
	}
}
