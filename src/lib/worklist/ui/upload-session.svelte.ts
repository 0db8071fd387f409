export interface UploadedFile {
	name: string;
	bytes: number;
	state: 'waiting' | 'sending' | 'stored' | 'duplicate' | 'refused' | 'failed' | 'cancelled';
	/** Why, in words, where it was not stored. */
	reason: string;
}

/** Sends one file and says what became of it; may throw when the server cannot be reached. */
export type SendFile = (
	file: File,
	signal: AbortSignal
) => Promise<{ state: 'stored' | 'duplicate' | 'refused'; reason: string }>;

interface Queued {
	file: File;
	index: number;
}

/** Requests at a time: more would only queue in the server's parser. */
const atOnce = 3;

/** Files on their way into the archive, each with what became of it. */
export class UploadSession {
	readonly #send: SendFile;
	readonly #onstored: () => void;
	#files = $state.raw<readonly UploadedFile[]>([]);
	#queue: Queued[] = [];
	/** Not sent, and kept to be sent again. */
	#unsent: Queued[] = [];
	#running = $state(0);
	#cancel = new AbortController();
	open = $state(false);

	constructor(send: SendFile, onstored: () => void = () => {}) {
		this.#send = send;
		this.#onstored = onstored;
	}

	get files(): readonly UploadedFile[] {
		return this.#files;
	}
	readonly busy = $derived(this.#running > 0);
	readonly summary = $derived.by(() => {
		const count = (...states: UploadedFile['state'][]) =>
			this.#files.filter((file) => states.includes(file.state)).length;
		return {
			total: this.#files.length,
			done: this.#files.length - count('waiting', 'sending'),
			stored: count('stored'),
			duplicate: count('duplicate'),
			refused: count('refused'),
			failed: count('failed'),
			cancelled: count('cancelled')
		};
	});

	/** Whatever was dropped or chosen: files and whole folders. */
	async add(files: readonly File[]): Promise<void> {
		if (files.length === 0) return;
		if (!this.busy) {
			this.#files = [];
			this.#unsent = [];
			this.#cancel = new AbortController();
		}
		this.open = true;
		const from = this.#files.length;
		this.#files = [
			...this.#files,
			...files.map((file) => ({
				name: file.webkitRelativePath || file.name,
				bytes: file.size,
				state: 'waiting' as const,
				reason: ''
			}))
		];
		await this.#start(files.map((file, i) => ({ file, index: from + i })));
	}

	/** Once more, what did not arrive; what was refused would only be refused again. */
	readonly retry = async (): Promise<void> => {
		const again = this.#unsent.splice(0);
		for (const { index } of again) this.#mark(index, 'waiting');
		await this.#start(again);
	};

	readonly cancel = (): void => {
		this.#cancel.abort();
		for (const { index } of this.#queue.splice(0)) this.#mark(index, 'cancelled');
	};

	async #start(queued: readonly Queued[]): Promise<void> {
		this.#queue.push(...queued);
		const idle = Math.max(0, atOnce - this.#running);
		await Promise.all(Array.from({ length: idle }, () => this.#work()));
	}

	async #work(): Promise<void> {
		this.#running += 1;
		const { signal } = this.#cancel;
		for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
			const { file, index } = next;
			this.#mark(index, 'sending');
			try {
				const { state, reason } = await this.#send(file, signal);
				this.#mark(index, state, reason);
			} catch (error) {
				if (signal.aborted) this.#mark(index, 'cancelled');
				else {
					this.#unsent.push(next);
					this.#mark(index, 'failed', error instanceof Error ? error.message : '');
				}
			}
		}
		this.#running -= 1;
		if (this.#running === 0) this.#onstored();
	}

	#mark(index: number, state: UploadedFile['state'], reason = ''): void {
		this.#files = this.#files.map((file, i) => (i === index ? { ...file, state, reason } : file));
	}
}
