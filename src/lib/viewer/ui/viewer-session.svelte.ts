import type { Annotation } from '$lib/collab/report-doc.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { hang, sameView } from '../hanging.ts';
import type { Layout } from '../layout.ts';
import { inOrder, loopOf } from '../loop.ts';
import type { Loop } from '../loop.ts';
import type { Point } from '../regions.ts';
import { Draft } from './draft.ts';
import { byFrame, frameKey, framesOf, uidsOf } from './lists.ts';
import type { MeasuringTool } from '../measurement.ts';
import { isMeasuringTool } from '../measuring/drawing.ts';
import { PaneState, speeds } from './pane-state.svelte.ts';
import type { PaneSnapshot } from './pane-state.svelte.ts';
import { LoopShelf } from './playback/loop-shelf.ts';

export type Tool = 'window' | 'zoom' | 'pan' | MeasuringTool;

/** A caliper that somebody else is drawing this moment. */
export interface RemoteDraft {
	annotation: Annotation;
	name: string;
	colour: string;
}

export interface ViewerOptions {
	/** Root of the DICOMweb service for these studies. */
	base: string;
	/** Who draws: goes into `Annotation.by`. Null may look and not draw. */
	author: string | null;
	now: () => Date;
	newId: () => string;
	/** The shared list, live. Reading it must be reactive. */
	annotations: () => readonly Annotation[];
	/** What others are drawing. */
	drafts?: () => readonly RemoteDraft[];
	/** Made or changed (same id). */
	onAnnotation?: (annotation: Annotation) => void;
	onDelete?: (id: string) => void;
	/** While drawing, for presence; null when it ends. */
	onDraft?: (annotation: Annotation | null) => void;
	/** Another tool came to hand. */
	onTool?: (tool: Tool) => void;
	/** Where the reader looks, for follow and presence. */
	onLook?: (place: { sopInstanceUid: string; frame: number } | null) => void;
}

export type Notice = 'no-prior' | 'no-same-view' | 'unknown-instance' | 'processor';

interface Snapshot {
	layout: Layout;
	active: number;
	panes: PaneSnapshot[];
	beside: boolean;
	highlighted: string | null;
}

/** On a slow line the strip does not stay empty for longer than this. */
const stripAfterMs = 4000;

/** The viewer of one reading room. Make it in the page, pass it by context, dispose it on leaving. */
export class ViewerSession {
	readonly #options: ViewerOptions;
	readonly #shelf: LoopShelf;
	readonly panes: readonly PaneState[];
	/** What the study holds is known; before that, having no loop means nothing. */
	#listed = $state(false);
	#loops = $state.raw<readonly Loop[]>([]);
	#priors = $state.raw<readonly Loop[]>([]);
	#layout = $state<Layout>(4);
	#active = $state(0);
	#tool = $state<Tool>('window');
	#draft = $state.raw<Draft | null>(null);
	#highlighted = $state<string | null>(null);
	#hidden = $state(false);
	#beside = $state(false);
	#notice = $state<Notice | null>(null);
	#stripMayLoad = $state(false);
	#toldOfProcessor = false;
	#back = $state.raw<readonly Snapshot[]>([]);

	/** The page of the grid on which the active viewport is: one-up keeps the other three in place. */
	readonly visible = $derived.by(() => {
		const start = Math.floor(this.#active / this.#layout) * this.#layout;
		return this.panes.slice(start, start + this.#layout);
	});
	readonly activePane = $derived.by(() => this.panes[this.#active] ?? this.#first);
	readonly anyPlaying = $derived.by(() => this.visible.some((pane) => pane.playing));
	readonly canGoBack = $derived(this.#back.length > 0);
	readonly annotations = $derived.by(() => this.#options.annotations());
	readonly remoteDrafts = $derived.by(() => this.#options.drafts?.() ?? []);
	readonly #byFrame = $derived.by(() => byFrame(this.annotations));
	/** Instances with something drawn on them, for the strip. */
	readonly annotated = $derived.by(() => uidsOf(this.annotations));

	constructor(options: ViewerOptions) {
		this.#options = options;
		this.#shelf = new LoopShelf(options.base);
		this.panes = [0, 1, 2, 3].map((id) => new PaneState(id, this.#shelf));
	}

	get #first(): PaneState {
		const [first] = this.panes;
		if (!first) throw new Error('A viewer has panes.');
		return first;
	}
	get base() {
		return this.#options.base;
	}
	get listed() {
		return this.#listed;
	}
	get loops() {
		return this.#loops;
	}
	get priors() {
		return this.#priors;
	}
	get layout() {
		return this.#layout;
	}
	get active() {
		return this.#active;
	}
	get tool() {
		return this.#tool;
	}
	get draft() {
		return this.#draft;
	}
	get highlighted() {
		return this.#highlighted;
	}
	get hidden() {
		return this.#hidden;
	}
	get beside() {
		return this.#beside;
	}
	get notice() {
		return this.#notice;
	}
	/** The loops on the screen are here: the strip's pictures no longer stand in their way. */
	get stripMayLoad() {
		return this.#stripMayLoad;
	}
	get canDraw() {
		return this.#options.author !== null;
	}

	/** Metadata of a study's instances, and of its prior's; what is no picture is left out. */
	open(instances: readonly DicomJson[], priors: readonly DicomJson[] = []): void {
		this.#listed = true;
		this.#loops = loopsOf(instances);
		this.#priors = loopsOf(priors);
		this.#back = [];
		this.#beside = false;
		const wanted = hang(this.#loops, 4);
		this.#layout = wanted.length >= 3 ? 4 : wanted.length === 2 ? 2 : 1;
		this.panes.forEach((pane, index) => pane.show(wanted[index] ?? null));
		this.#active = 0;
		this.#look();
		void this.#warmRest();
	}

	/** Instances that arrived meanwhile: into the strip, nothing on the screen moves. */
	add(instances: readonly DicomJson[]): void {
		const known = uidsOf(this.#loops);
		const fresh = loopsOf(instances).filter((loop) => !known.has(loop.sopInstanceUid));
		if (fresh.length === 0) return;
		this.#loops = inOrder([...this.#loops, ...fresh]);
		for (const pane of this.visible) {
			if (pane.loop === null) pane.show(fresh.shift() ?? null);
		}
	}

	/** The prior's pictures, which may come after the study's own. */
	addPriors(instances: readonly DicomJson[]): void {
		this.#priors = loopsOf(instances);
	}

	/** Behind what is on the screen, in the order of the strip. */
	async #warmRest() {
		const shown = this.visible.map((pane) => pane.loop && this.#shelf.warm(pane.loop));
		const patience = new Promise((resolve) => setTimeout(resolve, stripAfterMs));
		await Promise.race([Promise.all(shown), patience]);
		this.#stripMayLoad = true;
		await Promise.all(shown);
		for (const loop of this.#loops) await this.#shelf.warm(loop);
	}

	loopFor(sopInstanceUid: string): Loop | null {
		const is = (loop: Loop) => loop.sopInstanceUid === sopInstanceUid;
		return this.#loops.find(is) ?? this.#priors.find(is) ?? null;
	}
	isPrior(loop: Loop): boolean {
		return this.#priors.includes(loop);
	}

	setLayout(layout: Layout): void {
		if (layout === this.#layout) return;
		const before = this.visible;
		this.#layout = layout;
		this.#fillEmpty();
		for (const pane of before) if (!this.visible.includes(pane)) pane.pause();
		for (const pane of this.visible) if (!before.includes(pane)) pane.play();
		this.#look();
	}

	#fillEmpty() {
		const shown = uidsOf(this.visible.map((pane) => pane.loop));
		const rest = hang(this.#loops, this.#loops.length).filter((l) => !shown.has(l.sopInstanceUid));
		for (const pane of this.visible) if (pane.loop === null) pane.show(rest.shift() ?? null);
	}

	activate(index: number): void {
		this.#active = index;
		this.#look();
	}

	/** Into a viewport (its id), by default the active one. */
	show(loop: Loop, index = this.#active): void {
		this.cancelDraft();
		this.#active = index;
		this.activePane.show(loop);
		if (this.#beside && !this.isPrior(loop)) this.#followPrior();
		this.#look();
	}

	/** The next or previous picture of the same study into the active viewport. */
	nextLoop(by: number): void {
		const { loop } = this.activePane;
		const list = loop && this.isPrior(loop) ? this.#priors : this.#loops;
		if (list.length === 0) return;
		const at = list.findIndex((other) => other.sopInstanceUid === loop?.sopInstanceUid);
		const next = list[(at + by + list.length) % list.length];
		if (next) this.show(next);
	}

	step(by: number): void {
		this.activePane.step(by);
		this.#look();
	}
	toggle = (): void => {
		this.activePane.toggle();
		this.#look();
	};
	/** Slower or faster by one notch. */
	changeSpeed(by: number): void {
		const at = speeds.indexOf(this.activePane.speed as (typeof speeds)[number]);
		this.activePane.setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, at + by))] ?? 1);
	}
	tick(now: number): void {
		for (const pane of this.visible) pane.tick(now);
	}

	setTool(tool: Tool): void {
		this.cancelDraft();
		if (isMeasuringTool(tool) && !this.canDraw) return;
		this.#tool = tool;
		this.#options.onTool?.(tool);
	}
	toggleHidden = (): void => void (this.#hidden = !this.#hidden);

	/**
	 * From a number to its pixels: stops at the frame in the active viewport and marks the
	 * annotation. `back()` returns exactly where the reader was. False when it is not in this study.
	 */
	goTo(sopInstanceUid: string, frame: number, annotationId: string | null = null): boolean {
		const loop = this.loopFor(sopInstanceUid);
		this.#notice = loop ? null : 'unknown-instance';
		if (!loop) return false;
		this.cancelDraft();
		this.#remember();
		this.activePane.show(loop, { frame, playing: false });
		this.#highlighted = annotationId;
		this.#hidden = false;
		this.#look();
		return true;
	}

	#remember() {
		const snapshot: Snapshot = {
			layout: this.#layout,
			active: this.#active,
			panes: this.panes.map((pane) => pane.snapshot()),
			beside: this.#beside,
			highlighted: this.#highlighted
		};
		this.#back = [...this.#back.slice(-19), snapshot];
	}

	back(): boolean {
		const snapshot = this.#back.at(-1);
		if (!snapshot) return false;
		this.#back = this.#back.slice(0, -1);
		this.#layout = snapshot.layout;
		this.#active = snapshot.active;
		this.#beside = snapshot.beside;
		this.#highlighted = snapshot.highlighted;
		this.panes.forEach((pane, index) => {
			const before = snapshot.panes[index];
			if (before) pane.restore(before);
		});
		this.#look();
		return true;
	}

	/** Esc: ends what is being drawn, then a mark, then a detour; false when there was nothing. */
	escape = (): boolean => {
		if (this.#draft) return (this.cancelDraft(), true);
		if (this.#notice) return ((this.#notice = null), true);
		if (this.back()) return true;
		if (this.#highlighted) return ((this.#highlighted = null), true);
		if (isMeasuringTool(this.#tool)) return (this.setTool('window'), true);
		return false;
	};

	/** Whether Esc would do something here. */
	get hasEscape(): boolean {
		const marked = this.#draft ?? this.#notice ?? this.#highlighted;
		return marked !== null || this.canGoBack || isMeasuringTool(this.#tool);
	}

	/** The prior's same view beside the active loop, and away again. */
	togglePrior = (): void => {
		if (this.#beside) return void this.back();
		if (this.#priors.length === 0) return void (this.#notice = 'no-prior');
		this.cancelDraft();
		this.#remember();
		const now = this.activePane.snapshot();
		this.#layout = 2;
		this.#active = 0;
		this.#beside = true;
		if (now.loop && this.isPrior(now.loop)) now.loop = this.#loops[0] ?? null;
		this.#first.restore(now);
		for (const hidden of this.panes.slice(2)) hidden.pause();
		this.#followPrior();
	};

	#followPrior() {
		const { loop } = this.#first;
		const prior = loop && sameView(loop, this.#loops, this.#priors);
		this.#notice = prior ? null : 'no-same-view';
		this.panes[1]?.show(prior ?? null);
	}

	/** Said once: pictures stay right, large ones become slower. */
	noteProcessor = (): void => {
		if (!this.#toldOfProcessor) this.#notice = 'processor';
		this.#toldOfProcessor = true;
	};

	closeNotice = (): void => void (this.#notice = null);

	annotationsOn(pane: PaneState): readonly Annotation[] {
		if (this.#hidden || !pane.loop || pane.playing) return [];
		return this.#byFrame.get(frameKey(pane.loop.sopInstanceUid, pane.frame)) ?? [];
	}
	/** Frames of the loop with something drawn on them. */
	markedFrames(loop: Loop): readonly number[] {
		return framesOf(this.annotations, loop.sopInstanceUid);
	}
	highlight(id: string | null): void {
		this.#highlighted = id;
	}

	/** Begins a caliper at an image point; the loop stops there. */
	beginDraft(pane: PaneState, tool: MeasuringTool, at: Point): void {
		const { author, newId, now } = this.#options;
		if (author === null || !pane.loop || !pane.drawable) return;
		pane.pause();
		this.#hidden = false;
		this.#setDraft(
			Draft.begin(pane.loop, pane.frame, tool, at, {
				id: newId(),
				by: author,
				at: now().toISOString()
			})
		);
	}
	/** Takes a finished annotation by one of its points. */
	grab(annotation: Annotation, point: number): void {
		const loop = this.loopFor(annotation.sopInstanceUid);
		if (this.canDraw && loop) this.#setDraft(Draft.of(loop, annotation, point));
		this.#highlighted = annotation.id;
	}
	/** `rubber`: no button is down, so the last corner of an outline follows and none is added. */
	moveDraft(at: Point, rubber = false): void {
		if (this.#draft) this.#setDraft(this.#draft.movedTo(at, rubber));
	}
	/** The next point of a drawing comes under the hand. False when it has them all. */
	nextPoint(at: Point): boolean {
		const draft = this.#draft;
		const next = draft?.isOutline ? draft.corner(at) : draft?.next(at);
		if (next) this.#setDraft(next);
		return next != null;
	}
	/** Keeps what was drawn, unless it measures nothing. */
	finishDraft = (): void => {
		const draft = this.#draft;
		this.#setDraft(null);
		if (!draft?.isWorthKeeping) return;
		this.#highlighted = draft.annotation.id;
		this.#options.onAnnotation?.(draft.annotation);
	};
	/** The last corner of an outline that is being drawn, else the marked annotation. */
	removeLast = (): void => {
		if (this.#draft?.isOutline) return this.#setDraft(this.#draft.withoutLast());
		this.deleteHighlighted();
	};
	cancelDraft(): void {
		if (this.#draft) this.#setDraft(null);
	}
	#setDraft(draft: Draft | null) {
		this.#draft = draft;
		this.#options.onDraft?.(draft?.annotation ?? null);
	}

	/** Deletes the marked annotation; undoing it is the shared document's business. */
	deleteHighlighted = (): void => {
		if (this.#highlighted) this.remove(this.#highlighted);
	};
	remove(id: string): void {
		if (!this.canDraw) return;
		if (this.#highlighted === id) this.#highlighted = null;
		this.#options.onDelete?.(id);
	}

	#look() {
		const { loop, frame } = this.activePane;
		this.#options.onLook?.(loop ? { sopInstanceUid: loop.sopInstanceUid, frame } : null);
	}

	dispose(): void {
		this.cancelDraft();
		for (const pane of this.panes) pane.dispose();
		this.#shelf.dispose();
	}
}

const loopsOf = (instances: readonly DicomJson[]): Loop[] =>
	inOrder(instances.flatMap((dataset) => loopOf(dataset) ?? []));
