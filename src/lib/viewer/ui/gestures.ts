import { place, toImage } from '../presentation.ts';
import type { Point } from '../regions.ts';
import { isMeasuring } from './viewer-session.svelte.ts';
import type { ViewerSession } from './viewer-session.svelte.ts';
import type { PaneState } from './pane-state.svelte.ts';
import type { MeasuringTool } from '../measurement.ts';

/** Less than this is a click and not a drag; CSS pixels. */
const slack = 4;
const longPressMs = 450;

type Kind = 'window' | 'zoom' | 'pan' | 'draw' | 'pinch';

/**
 * Mouse, pen and fingers on one viewport.
 * Mouse: left uses the tool, middle moves, right zooms; the wheel goes frame by frame, with Ctrl
 * it zooms. Fingers: one moves a zoomed picture or uses a measuring tool, a long press draws a
 * caliper whatever the tool, two zoom and move.
 */
export class Gestures {
	readonly #viewer: ViewerSession;
	readonly #pane: PaneState;
	readonly #element: HTMLElement;
	readonly #pointers = new Map<number, Point>();
	#kind: Kind | null = null;
	#from: Point = [0, 0];
	#moved = false;
	/** The first click of two has been made; moving without a button draws on. */
	#awaitsSecond = false;
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
		if (event.target instanceof Element && event.target.closest('button, a, [data-annotation]'))
			return;
		this.#element.setPointerCapture(event.pointerId);
		if (this.#pointers.size === 2) return this.#beginPinch();
		if (this.#awaitsSecond) return;
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
		if (isMeasuring(tool)) return 'draw';
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
			this.#beginDrawing(at, isMeasuring(this.#viewer.tool) ? this.#viewer.tool : 'length');
		}, longPressMs);
	}

	#beginPinch() {
		clearTimeout(this.#longPress);
		this.#viewer.cancelDraft();
		this.#awaitsSecond = false;
		this.#kind = 'pinch';
		this.#moved = true;
	}

	#move(event: PointerEvent) {
		const at = this.#at(event);
		const before = this.#pointers.get(event.pointerId);
		if (!before) {
			if (this.#awaitsSecond) this.#drawTo(at);
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
				return this.#drawTo(at);
		}
	}

	#drawTo(at: Point) {
		const point = this.#image(at);
		if (point) this.#viewer.moveDraft(point);
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
		if (this.#awaitsSecond) {
			this.#awaitsSecond = false;
			return this.#viewer.finishDraft();
		}
		if (!drawing) return;
		// A click without a drag sets the first point; the next click sets the second.
		const { draft } = this.#viewer;
		const click = !this.#moved && event.pointerType !== 'touch';
		if (click && draft && draft.annotation.points.length > 1) this.#awaitsSecond = true;
		else this.#viewer.finishDraft();
	}

	#cancel(event: PointerEvent) {
		clearTimeout(this.#longPress);
		this.#pointers.delete(event.pointerId);
		if (this.#kind === 'draw') this.#viewer.cancelDraft();
		this.#kind = null;
		this.#awaitsSecond = false;
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
