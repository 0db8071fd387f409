import { instanceUrl } from '../../image-ids.ts';
import type { InstanceAddress } from '../../image-ids.ts';
import { LoopSource } from './loop-source.ts';

const megabyte = 1024 * 1024;

/** Decoded frames are 4 bytes a pixel: 40 frames of 800 × 600 are 77 MB. */
function budgets() {
	const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
	return {
		decoded: Math.min(768, Math.max(192, gigabytes * 96)) * megabyte,
		stored: Math.min(512, Math.max(128, gigabytes * 64)) * megabyte
	};
}

/**
 * Every loop that was opened in this room, within a bound of memory: what has not been on a screen
 * for longest goes first.
 */
export class LoopShelf {
	readonly #base: string;
	readonly #sources = new Map<string, LoopSource>();
	readonly #budget = budgets();
	#arrivals = 0;

	constructor(base: string) {
		this.#base = base;
	}

	/** For a viewport: receives at once. Give it back with `release`. */
	use(address: InstanceAddress): LoopSource {
		const source = this.#source(address);
		source.users++;
		source.lastUsed = ++this.#arrivals;
		void source.receive();
		this.#tidy();
		return source;
	}

	release(source: LoopSource): void {
		source.users--;
		source.lastUsed = ++this.#arrivals;
		if (source.users > 0) return;
		source.rest();
		// Somebody waits for the bytes of another loop now.
		if (source.status.kind === 'receiving') this.#remove(source);
	}

	/** Fetches ahead without decoding, while there is room. */
	async warm(address: InstanceAddress): Promise<void> {
		if (this.#storedBytes() > this.#budget.stored / 2) return;
		const source = this.#source(address);
		source.lastUsed ||= ++this.#arrivals;
		await source.receive();
	}

	#source(address: InstanceAddress): LoopSource {
		const url = instanceUrl(this.#base, address);
		const found = this.#sources.get(url);
		if (found) return found;
		const made = new LoopSource(url, { room: (source, bytes) => this.#room(source, bytes) });
		this.#sources.set(url, made);
		return made;
	}

	/** Yes within its share; beyond it only while the whole is within the budget. */
	#room(source: LoopSource, bytes: number): boolean {
		const all = [...this.#sources.values()];
		const total = all.reduce((sum, other) => sum + other.decodedBytes, 0);
		let over = total + bytes - this.#budget.decoded;
		if (over <= 0) return true;
		for (const other of this.#idle()) {
			const had = other.decodedBytes;
			other.free(over, 0);
			over -= had - other.decodedBytes;
			if (over <= 0) return true;
		}
		const shown = all.filter((other) => other.users > 0);
		const share = this.#budget.decoded / Math.max(1, shown.length);
		if (source.decodedBytes + bytes > share) return false;
		for (const other of shown) {
			if (other.decodedBytes > share) other.free(other.decodedBytes - share, 2);
		}
		return true;
	}

	#idle(): LoopSource[] {
		return [...this.#sources.values()]
			.filter((source) => source.users === 0 && source.decodedBytes > 0)
			.sort((a, b) => a.lastUsed - b.lastUsed);
	}

	#storedBytes(): number {
		return [...this.#sources.values()].reduce((sum, source) => sum + source.fileBytes, 0);
	}

	#tidy() {
		const unused = [...this.#sources.values()]
			.filter((source) => source.users === 0 && source.fileBytes > 0)
			.sort((a, b) => a.lastUsed - b.lastUsed);
		for (const source of unused) {
			if (this.#storedBytes() <= this.#budget.stored) return;
			this.#remove(source);
		}
	}

	#remove(source: LoopSource) {
		this.#sources.delete(source.url);
		source.dispose();
	}

	dispose(): void {
		for (const source of this.#sources.values()) source.dispose();
		this.#sources.clear();
	}
}
