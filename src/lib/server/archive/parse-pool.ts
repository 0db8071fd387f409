import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DomainError } from '$lib/errors.ts';
import type { ParseLimits } from '$lib/dicom/limits.ts';
import type { ObjectSummary } from './object-summary.ts';
import type { ParseResults, ParseTask, Source, TaskAnswer } from './parse-tasks.ts';
import type { Picture, RenderOptions } from './render.ts';

export interface ParsePoolOptions {
	/** Workers at most; they start when needed. */
	size?: number;
	/** Of processor time, for reading one object (T34). */
	timeoutMs?: number;
	/** For decoding and drawing one frame. */
	renderTimeoutMs?: number;
	/** JavaScript heap of one worker. */
	maxHeapMb?: number;
	/** Waiting tasks at most; beyond that callers are told to come back. */
	maxQueue?: number;
}

interface Job {
	task: ParseTask;
	timeoutMs: number;
	settle(answer: TaskAnswer): void;
}

interface Slot {
	worker: Worker;
	ready: boolean;
	job: Job | null;
	timer: NodeJS.Timeout | null;
}

/** Milliseconds of processor time so far; infinite when the thread does not even say that. */
async function cpuOf(worker: Worker): Promise<number> {
	const silent = new Promise<null>((done) => setTimeout(() => done(null), 1000).unref());
	const usage = await Promise.race([worker.cpuUsage().catch(() => null), silent]);
	return usage ? (usage.user + usage.system) / 1000 : Infinity;
}

const failed = (detail: string): TaskAnswer => ({ error: { code: 'invalid_input', detail } });

/**
 * Reads DICOM in worker threads with a limit of time and heap (E2). A task that breaks its worker
 * gets an answer, the worker is replaced, and the next task runs.
 */
export class ParsePool {
	readonly #options: Required<ParsePoolOptions>;
	readonly #slots = new Set<Slot>();
	readonly #queue: Job[] = [];
	#closed = false;

	constructor(options: ParsePoolOptions = {}) {
		this.#options = {
			size: 2,
			timeoutMs: 2000,
			renderTimeoutMs: 10_000,
			maxHeapMb: 512,
			maxQueue: 500,
			...options
		};
	}

	/** @throws DomainError saying why an archive may not keep these bytes. */
	async summarise(
		object: Uint8Array | { path: string },
		limits?: Partial<ParseLimits>
	): Promise<ObjectSummary> {
		const source = await toSource(object);
		return this.#run({ kind: 'summarise', source, ...(limits ? { limits } : {}) });
	}

	async frames(object: Uint8Array | { path: string }, numbers: number[]): Promise<Uint8Array[]> {
		return this.#run({ kind: 'frames', source: await toSource(object), numbers });
	}

	async bulk(object: Uint8Array | { path: string }, path: string): Promise<Uint8Array> {
		return this.#run({ kind: 'bulk', source: await toSource(object), path });
	}

	async render(object: Uint8Array | { path: string }, options: RenderOptions): Promise<Picture> {
		const source = await toSource(object);
		return this.#run({ kind: 'render', source, options }, this.#options.renderTimeoutMs);
	}

	/** A JPEG made smaller, or into a PNG. */
	async resize(jpeg: Uint8Array, options: RenderOptions): Promise<Picture> {
		const source = await toSource(jpeg);
		return this.#run({ kind: 'resize', source, options }, this.#options.renderTimeoutMs);
	}

	/** Stops the workers; what waits is answered as unavailable. */
	async close(): Promise<void> {
		this.#closed = true;
		const gone: TaskAnswer = { error: { code: 'archive_unavailable', detail: 'Shutting down.' } };
		for (const job of this.#queue.splice(0)) job.settle(gone);
		const slots = [...this.#slots];
		this.#slots.clear();
		for (const slot of slots) slot.job?.settle(gone);
		await Promise.all(slots.map((slot) => slot.worker.terminate()));
	}

	#run<K extends ParseTask['kind']>(
		task: Extract<ParseTask, { kind: K }>,
		timeoutMs = this.#options.timeoutMs
	): Promise<ParseResults[K]> {
		return new Promise((done, fail) => {
			const settle = (answer: TaskAnswer) => {
				if ('error' in answer) fail(new DomainError(answer.error.code, answer.error.detail));
				else done(answer.result as ParseResults[K]);
			};
			if (this.#closed) return fail(new DomainError('archive_unavailable', 'Shutting down.'));
			if (this.#queue.length >= this.#options.maxQueue) {
				return fail(new DomainError('too_many', 'Too many objects at once. Try again shortly.'));
			}
			this.#queue.push({ task, timeoutMs, settle });
			this.#pump();
		});
	}

	#pump() {
		while (this.#queue.length) {
			const idle = [...this.#slots].find((slot) => slot.ready && !slot.job);
			if (!idle) {
				const starting = [...this.#slots].filter((slot) => !slot.ready).length;
				if (this.#slots.size < this.#options.size && starting < this.#queue.length) this.#start();
				return;
			}
			this.#give(idle, this.#queue.shift()!);
		}
	}

	#start() {
		const worker = new Worker(resolve('scripts/dicom-parse-worker.mjs'), {
			execArgv: [],
			resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeapMb }
		});
		const slot: Slot = { worker, ready: false, job: null, timer: null };
		this.#slots.add(slot);
		worker.on('message', (message: { ready?: true; id?: number } & TaskAnswer) => {
			if (message.ready) slot.ready = true;
			else this.#finish(slot, message);
			if (!slot.job) worker.unref(); // an idle worker keeps no process alive
			this.#pump();
		});
		worker.on('error', (e: Error & { code?: string }) => {
			this.#lose(
				slot,
				failed(
					e.code === 'ERR_WORKER_OUT_OF_MEMORY'
						? 'Reading the file needs too much memory.'
						: 'The file cannot be read.'
				)
			);
		});
		worker.on('exit', () => this.#lose(slot, failed('The file cannot be read.')));
	}

	#give(slot: Slot, job: Job) {
		slot.job = job;
		slot.worker.ref();
		void this.#watch(slot, job);
		slot.worker.postMessage({ task: job.task });
	}

	/**
	 * The limit is of the worker's own processor time: a machine that is busy with other things must
	 * not make good files look bad. Ten times as long by the wall is the end in any case.
	 */
	async #watch(slot: Slot, job: Job) {
		const started = performance.now();
		const before = await cpuOf(slot.worker);
		const look = async () => {
			const used = (await cpuOf(slot.worker)) - before;
			if (slot.job !== job) return;
			const waited = performance.now() - started;
			// Rounded up: what is left may be less than the timer can count.
			if (used < job.timeoutMs * 0.95 && waited < job.timeoutMs * 10) {
				slot.timer = setTimeout(() => void look(), Math.max(20, job.timeoutMs - used));
				return;
			}
			this.#lose(slot, failed(`Reading the file takes longer than ${job.timeoutMs} ms.`));
			void slot.worker.terminate();
		};
		if (slot.job === job) slot.timer = setTimeout(() => void look(), job.timeoutMs);
	}

	#finish(slot: Slot, answer: TaskAnswer) {
		if (slot.timer) clearTimeout(slot.timer);
		const { job } = slot;
		slot.timer = null;
		slot.job = null;
		job?.settle(answer);
	}

	#lose(slot: Slot, answer: TaskAnswer) {
		const known = this.#slots.delete(slot);
		const started = slot.ready;
		this.#finish(slot, answer);
		if (!known || this.#closed) return;
		// One that never came up would be started for ever: the waiting ones are told.
		if (!started && !this.#slots.size) {
			const error: TaskAnswer = {
				error: { code: 'internal', detail: 'The reader does not start.' }
			};
			for (const job of this.#queue.splice(0)) job.settle(error);
		}
		this.#pump();
	}
}

const slice = 16 * 1024 * 1024;

/** Copied in pieces, so that a large object does not hold up the event loop either. */
async function toSource(object: Uint8Array | { path: string }): Promise<Source> {
	if ('path' in object) return object;
	const shared = new SharedArrayBuffer(object.length);
	const view = new Uint8Array(shared);
	for (let at = 0; at < object.length; at += slice) {
		if (at) await nextTurn();
		view.set(object.subarray(at, at + slice), at);
	}
	return { shared };
}
