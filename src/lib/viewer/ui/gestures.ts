import { leading } from '../measuring/drawing.ts';
import { place, toImage, toScreen } from '../presentation.ts';
import type { Point } from '../regions.ts';
import { isMeasuringTool } from '../measuring/drawing.ts';
import type { ViewerSession } from './viewer-session.svelte.ts';
import type { PaneState } from './pane-state.svelte.ts';
import type { MeasuringTool } from '../measurement.ts';

/** Less than this is a click and not a drag; CSS pixels. */
const slack = 4;
const longPressMs = 450;
const doubleClickMs = 350;

type Kind = 'window' | 'zoom' | 'pan' | 'draw' | 'pinch';

/**
 * Mouse, pen and fingers on one viewport.
 * Mouse: left uses the tool, middle moves, right zooms; the wheel goes frame by frame, with Ctrl
 * it zooms. Fingers: one moves a zoomed picture or uses a measuring tool, a long press draws a
 * caliper whatever the tool, two zoom and move.
 * Drawing: drag, or click for each point; a drag draws an outline freehand, clicks set its corners, and
 * a double click, Enter or a click on its beginning ends it.
 */
export class Gestures {
	readonly #viewer: ViewerSession;
	readonly #pane: PaneState;
	readonly #element: HTMLElement;
	readonly #pointers = new Map<number, Point>();
	#kind: Kind | null = null;
	#from: Point = [0, 0];
	#moved = false;
	/** A drawing waits for its next point: moving without a button carries it along. */
	#awaitsNext = false;
	/** When the last click was, to tell a double one; it ends an outline. */
	#clickedAt = 0;
	#longPress: ReturnType<typeof setTimeout> | undefined;
	#wheel = 0;

	constructor(viewer: ViewerSession, pane: PaneState, element: HTMLElement) {
		this.#viewer = viewer;
		this.#pane = pane;
		this.#element = element;
	}

	/** Returns what takes the listeners away. */
	listen(): () => void {
		const aborter = new AbortController();
		const { signal } = aborter;
		const on = <K extends keyof HTMLElementEventMap>(
			type: K,
			run: (event: HTMLElementEventMap[K]) => void,
			passive = true
		) => this.#element.addEventListener(type, run, { signal, passive });
		on('pointerdown', (event) => this.#down(event));
		on('pointermove', (event) => this.#move(event));
		on('pointerup', (event) => this.#up(event));
		on('pointercancel', (event) => this.#cancel(event));
		on('wheel', (event) => this.#turn(event), false);
		on('contextmenu', (event) => event.preventDefault(), false);
		return () => {
			clearTimeout(this.#longPress);
			aborter.abort();
		};
	}

	#at(event: PointerEvent | WheelEvent): Point {
		const box = this.#element.getBoundingClientRect();
		return [event.clientX - box.left, event.clientY - box.top];
	}
	#image(at: Point): Point | null {
		const { loop, size, presentation } = this.#pane;
		return loop && toImage(place(loop, size, presentation), at);
	}

	#down(event: PointerEvent) {
		const at = this.#at(event);
		this.#pointers.set(event.pointerId, at);
		this.#viewer.activate(this.#pane.id);
		// A handle of a caliper lies above the picture and has begun its own drag.
		if (event.target instanceof Element && event.target.closest('[data-handle]')) {
			this.#kind = 'draw';
			this.#moved = true;
			this.#element.setPointerCapture(event.pointerId);
			return;
		}
		// With a measuring tool in the hand a number that stands there is drawn over, not taken.
		const taking = isMeasuringTool(this.#viewer.tool)
			? 'button, a'
			: 'button, a, [data-annotation]';
		if (event.target instanceof Element && event.target.closest(taking)) return;
		this.#element.setPointerCapture(event.pointerId);
		if (this.#pointers.size === 2) return this.#beginPinch();
		if (this.#awaitsNext && this.#viewer.draft) {
			this.#kind = 'draw';
			this.#from = at;
			this.#moved = false;
			return this.#drawTo(at, true);
		}
		this.#awaitsNext = false;
		this.#from = at;
		this.#moved = false;
		this.#kind = this.#kindOf(event);
		if (this.#kind === 'draw') this.#beginDrawing(at, this.#viewer.tool as MeasuringTool);
		else if (event.pointerType === 'touch') this.#awaitLongPress(at);
	}

	#kindOf(event: PointerEvent): Kind | null {
		const { tool } = this.#viewer;
		if (event.button === 1) return 'pan';
		if (event.button === 2) return 'zoom';
		if (isMeasuringTool(tool)) return 'draw';
		if (event.pointerType === 'touch') return this.#pane.presentation.zoom > 1 ? 'pan' : null;
		return tool;
	}

	#beginDrawing(at: Point, tool: MeasuringTool) {
		const point = this.#image(at);
		if (point) this.#viewer.beginDraft(this.#pane, tool, point);
	}

	#awaitLongPress(at: Point) {
		clearTimeout(this.#longPress);
		this.#longPress = setTimeout(() => {
			if (this.#moved || this.#pointers.size !== 1) return;
			this.#kind = 'draw';
			this.#beginDrawing(at, isMeasuringTool(this.#viewer.tool) ? this.#viewer.tool : 'length');
		}, longPressMs);
	}

	#beginPinch() {
		clearTimeout(this.#longPress);
		this.#viewer.cancelDraft();
		this.#awaitsNext = false;
		this.#kind = 'pinch';
		this.#moved = true;
	}

	#move(event: PointerEvent) {
		const at = this.#at(event);
		const before = this.#pointers.get(event.pointerId);
		if (!before) {
			if (this.#awaitsNext) this.#drawTo(at, true);
			return;
		}
		if (this.#kind === 'pinch') return this.#pinch(event.pointerId, at);
		this.#pointers.set(event.pointerId, at);
		if (!this.#moved && Math.hypot(at[0] - this.#from[0], at[1] - this.#from[1]) < slack) return;
		this.#moved = true;
		if (this.#kind !== 'draw') clearTimeout(this.#longPress);
		const delta: Point = [at[0] - before[0], at[1] - before[1]];
		switch (this.#kind) {
			case 'window':
				return this.#pane.windowBy(delta);
			case 'pan':
				return this.#pane.panBy(delta);
			case 'zoom':
				return this.#pane.zoomBy(Math.exp(-delta[1] / 150), this.#from);
			case 'draw':
				return this.#drawTo(at, this.#awaitsNext);
		}
	}

	#drawTo(at: Point, rubber: boolean) {
		const point = this.#image(at);
		if (point) this.#viewer.moveDraft(point, rubber);
	}

	#pinch(id: number, at: Point) {
		const [other] = [...this.#pointers].filter(([key]) => key !== id).map(([, point]) => point);
		const before = this.#pointers.get(id);
		this.#pointers.set(id, at);
		if (!other || !before) return;
		const span = (point: Point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
		const middle: Point = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
		this.#pane.panBy([(at[0] - before[0]) / 2, (at[1] - before[1]) / 2]);
		this.#pane.zoomBy(span(at) / Math.max(1, span(before)), middle);
	}

	#up(event: PointerEvent) {
		clearTimeout(this.#longPress);
		if (!this.#pointers.delete(event.pointerId)) return;
		if (this.#kind === 'pinch') {
			if (this.#pointers.size === 0) this.#kind = null;
			return;
		}
		const drawing = this.#kind === 'draw';
		this.#kind = null;
		if (drawing) this.#released(event);
	}

	/** A point stands. Another one may follow it; else the drawing is finished. */
	#released(event: PointerEvent) {
		const { draft } = this.#viewer;
		const point = this.#image(this.#at(event));
		if (!draft || !point) return;
		const clicked = !this.#moved;
		const twice = clicked && event.timeStamp - this.#clickedAt < doubleClickMs;
		this.#clickedAt = clicked ? event.timeStamp : 0;
		const begun = this.#awaitsNext;
		if (draft.isOutline) {
			// Drawn in one go it is done when the hand leaves; corners go on until they are ended.
			const ends = begun ? twice || this.#closes(draft.annotation.points, point) : !clicked;
			this.#awaitsNext = !ends && this.#viewer.nextPoint(point);
		} else if (!begun && clicked && event.pointerType !== 'touch' && draft.hasSecond) {
			// A click sets the first point; the second is there already and follows the hand.
			this.#awaitsNext = true;
		} else this.#awaitsNext = this.#viewer.nextPoint(point);
		if (!this.#awaitsNext) this.#viewer.finishDraft();
	}

	/** A corner set on the outline's beginning. */
	#closes(points: readonly Point[], at: Point): boolean {
		const { tool } = this.#viewer.draft ?? {};
		const first = points[tool ? leading(tool) : 0];
		const { loop, size, presentation } = this.#pane;
		if (!first || !loop || points.length < 8 || tool !== 'area') return false;
		const placement = place(loop, size, presentation);
		const [a, b] = [toScreen(placement, first), toScreen(placement, at)];
		return Math.hypot(a[0] - b[0], a[1] - b[1]) < 2 * slack;
	}

	#cancel(event: PointerEvent) {
		clearTimeout(this.#longPress);
		this.#pointers.delete(event.pointerId);
		if (this.#kind === 'draw') this.#viewer.cancelDraft();
		this.#kind = null;
		this.#awaitsNext = false;
	}

	#turn(event: WheelEvent) {
		event.preventDefault();
		this.#viewer.activate(this.#pane.id);
		if (event.ctrlKey || event.metaKey) {
			this.#pane.zoomBy(
				Math.exp(-event.deltaY / (event.deltaMode === 0 ? 250 : 8)),
				this.#at(event)
			);
			return;
		}
		// Touchpads send many small turns: a frame for each 30 px or each notch.
		this.#wheel += event.deltaMode === 0 ? event.deltaY / 30 : event.deltaY;
		const frames = Math.trunc(this.#wheel);
		if (frames === 0) return;
		this.#wheel -= frames;
		this.#viewer.step(Math.sign(frames) * Math.min(3, Math.abs(frames)));
	}
}
