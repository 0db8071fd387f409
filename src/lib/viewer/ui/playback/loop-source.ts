import { inflateRaw } from '$lib/dicom/inflate.ts';
import { farthest, nextToDecode } from '../../frame-window.ts';
import { headerOf, openPart10 } from '../../part10.ts';
import type { NoPicture, Part10 } from '../../part10.ts';
import type { Movie } from '../../movie.ts';
import { deflated } from '../../syntaxes.ts';
import { decode } from './decode.ts';
import type { Drawable } from './decode.ts';
import { receiveInstance, ReceiveError } from './receive.ts';
import type { NotReceived } from './receive.ts';

export type SourceStatus =
	| { kind: 'idle' }
	| { kind: 'receiving'; received: number; total: number | null }
	/** `usable`: frames the file holds whole and that have not failed to decode. */
	| { kind: 'open'; frames: number; decoded: number; usable: number }
	/** A video: each viewport plays it with a player of its own. */
	| { kind: 'movie'; url: string }
	| { kind: 'failed'; reason: NoPicture | NotReceived | 'not-decodable' };

/** Who decides how many bytes of decoded frames a loop may hold. */
export interface MemoryShare {
	/** May `source` hold `bytes` more? May make others let go. */
	room(source: LoopSource, bytes: number): boolean;
}

/** Two at a time: one on the way while one is put away. */
const atOnce = 2;

/**
 * One instance: received once, its frames decoded from the play head on and let go again when
 * memory is short. Frames count from 1.
 */
export class LoopSource {
	readonly url: string;
	status: SourceStatus = { kind: 'idle' };
	/** For whoever runs out of memory: when it was last on a screen, in arrivals. */
	lastUsed = 0;
	users = 0;
	readonly #memory: MemoryShare;
	readonly #drawables = new Map<number, Drawable>();
	readonly #bad = new Set<number>();
	readonly #busy = new Set<number>();
	readonly #listeners = new Set<() => void>();
	#file: Part10 | null = null;
	#movieUrl: string | null = null;
	#fileBytes = 0;
	#decodedBytes = 0;
	#frameBytes = 0;
	#head = 1;
	#decoding = false;
	#aborter: AbortController | null = null;
	#receiving: Promise<void> | null = null;

	constructor(url: string, memory: MemoryShare) {
		this.url = url;
		this.#memory = memory;
	}

	get fileBytes() {
		return this.#fileBytes;
	}
	get decodedBytes() {
		return this.#decodedBytes;
	}
	get file() {
		return this.#file;
	}

	listen(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Fetches, once; a failure may be tried again. Settles when it has come or failed. */
	receive(): Promise<void> {
		if (this.status.kind !== 'idle' && this.status.kind !== 'failed')
			return this.#receiving ?? Promise.resolve();
		this.#receiving = this.#receive();
		return this.#receiving;
	}

	async #receive(): Promise<void> {
		this.#aborter = new AbortController();
		const { signal } = this.#aborter;
		this.#become({ kind: 'receiving', received: 0, total: null });
		try {
			const bytes = await receiveInstance(this.url, {
				signal,
				onProgress: (received, total) => this.#become({ kind: 'receiving', received, total })
			});
			this.#open(bytes);
		} catch (cause) {
			if (signal.aborted) return this.#become({ kind: 'idle' });
			const reason = cause instanceof ReceiveError ? cause.reason : 'not-dicom';
			this.#become({ kind: 'failed', reason });
		}
	}

	#open(bytes: Uint8Array) {
		const header = headerOf(bytes);
		const opened = openPart10(header?.syntax === deflated ? inflated(bytes, header.end) : bytes);
		if (opened.kind === 'none') return this.#become({ kind: 'failed', reason: opened.reason });
		if (opened.kind === 'movie') return this.#openMovie(opened);
		this.#file = opened;
		this.#fileBytes = bytes.length;
		opened.frames.forEach((frame, index) => frame ?? this.#bad.add(index + 1));
		this.#tell();
		this.#pump();
	}

	#openMovie({ parts, mimeType }: Movie) {
		const blob = new Blob(parts as Uint8Array<ArrayBuffer>[], { type: mimeType });
		this.#fileBytes = blob.size;
		this.#movieUrl = URL.createObjectURL(blob);
		this.#become({ kind: 'movie', url: this.#movieUrl });
	}

	/** The browser's player does not take the stream. */
	refuseMovie(): void {
		this.#forgetMovie();
		this.#become({ kind: 'failed', reason: 'video' });
	}

	#forgetMovie() {
		if (this.#movieUrl) URL.revokeObjectURL(this.#movieUrl);
		this.#movieUrl = null;
	}

	/** Begins decoding from `frame`; called for every frame that is shown. */
	seek(frame: number): void {
		this.#head = frame;
		this.#decoding = true;
		this.#pump();
	}

	/** Stops decoding; what is decoded stays until memory is short. */
	rest(): void {
		this.#decoding = false;
	}

	drawable(frame: number): Drawable | null {
		return this.#drawables.get(frame) ?? null;
	}

	/** Neither whole in the file nor decodable. */
	isBad(frame: number): boolean {
		return this.#bad.has(frame);
	}

	#pump() {
		const file = this.#file;
		while (file && this.#decoding && this.#busy.size < atOnce) {
			const count = file.frames.length;
			const held = (frame: number) =>
				this.#drawables.has(frame) || this.#bad.has(frame) || this.#busy.has(frame);
			const room = this.#memory.room(this, this.#frameBytes * (this.#busy.size + 1));
			const last = farthest(this.#drawables.keys(), this.#head, count);
			const frame = nextToDecode(this.#head, count, held, room || this.#drawables.size === 0, last);
			if (frame === null) return;
			if (!room && last !== null) this.#drop(last);
			void this.#decode(file, frame);
		}
	}

	async #decode(file: Part10, frame: number) {
		const stored = file.frames[frame - 1];
		if (!stored) return;
		this.#busy.add(frame);
		try {
			const made = await decode(file, stored);
			if (this.#file !== file) return letGo(made);
			this.#frameBytes = made.bytes;
			this.#decodedBytes += made.bytes;
			this.#drawables.set(frame, made);
		} catch {
			this.#bad.add(frame);
		} finally {
			this.#busy.delete(frame);
		}
		this.#tell();
		this.#pump();
	}

	#tell() {
		const frames = this.#file?.frames.length ?? 0;
		const usable = frames - this.#bad.size;
		if (usable === 0) return this.#become({ kind: 'failed', reason: 'not-decodable' });
		this.#become({ kind: 'open', frames, decoded: this.#drawables.size, usable });
	}

	#become(status: SourceStatus) {
		this.status = status;
		for (const listener of this.#listeners) listener();
	}

	#drop(frame: number) {
		const found = this.#drawables.get(frame);
		if (!found) return;
		this.#drawables.delete(frame);
		this.#decodedBytes -= found.bytes;
		letGo(found);
	}

	/** Lets decoded frames go, the last needed first, until `bytes` are free or one is left. */
	free(bytes: number, keep: number): void {
		let freed = 0;
		while (freed < bytes && this.#drawables.size > keep) {
			const frame = farthest(this.#drawables.keys(), this.#head, this.#file?.frames.length ?? 1);
			if (frame === null) return;
			freed += this.#drawables.get(frame)?.bytes ?? 0;
			this.#drop(frame);
		}
		if (this.status.kind === 'open') this.#tell();
	}

	dispose(): void {
		this.#aborter?.abort();
		this.#decoding = false;
		this.#file = null;
		this.#forgetMovie();
		for (const frame of [...this.#drawables.keys()]) this.#drop(frame);
		this.#listeners.clear();
	}
}

function letGo(drawable: Drawable): void {
	if (drawable.kind === 'bitmap') drawable.bitmap.close();
}

const mostInflated = 512 * 1024 * 1024;

function inflated(bytes: Uint8Array, end: number): Uint8Array {
	const rest = inflateRaw(bytes.subarray(end), mostInflated);
	const whole = new Uint8Array(end + rest.length);
	whole.set(bytes.subarray(0, end));
	whole.set(rest, end);
	return whole;
}
