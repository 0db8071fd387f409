import type { ReportId } from '$lib/ids.ts';
import { LiveDocument } from './live-document.ts';
import { messageOf, type LiveMachine } from './machine.ts';
import type { ReportFacts } from './persist.ts';

interface Open {
	loading: Promise<LiveDocument>;
	/** Once loaded. */
	document: LiveDocument | null;
	generation: number;
	users: number;
	timer: NodeJS.Timeout | null;
}

/** The documents in memory: loaded by the first user, unloaded after the last one (K9). */
export class OpenDocuments {
	readonly #machine: LiveMachine;
	readonly #open = new Map<ReportId, Open>();

	constructor(machine: LiveMachine) {
		this.#machine = machine;
	}

	get size(): number {
		return this.#open.size;
	}

	/** What is loaded already; never loads. */
	peek(id: ReportId): LiveDocument | null {
		return this.#open.get(id)?.document ?? null;
	}

	loaded(): LiveDocument[] {
		return [...this.#open.values()].flatMap((open) => open.document ?? []);
	}

	/** Loads the document or joins whoever did. Every call needs one call of `release`. */
	async acquire(report: ReportFacts): Promise<LiveDocument> {
		let open = this.#open.get(report.id);
		if (!open || open.generation !== report.generation || open.document?.broken) {
			open = this.#load(report);
		}
		open.users += 1;
		if (open.timer) clearTimeout(open.timer);
		open.timer = null;
		return open.loading;
	}

	#load(report: ReportFacts): Open {
		const open: Open = {
			loading: LiveDocument.load(this.#machine, report),
			document: null,
			generation: report.generation,
			users: 0,
			timer: null
		};
		open.loading.then(
			(document) => (open.document = document),
			// Whoever waits for it hears of the failure; the next one loads anew.
			() => this.#forget(report.id, open)
		);
		this.#open.set(report.id, open);
		return open;
	}

	release(document: LiveDocument): void {
		const open = this.#open.get(document.reportId);
		// Another generation, or a reload after a fault, took its place.
		if (!open || open.document !== document) return;
		open.users -= 1;
		if (open.users > 0) return;
		const { unloadAfterMs } = this.#machine.limits;
		open.timer = setTimeout(() => void this.#unload(open), unloadAfterMs);
		open.timer.unref();
	}

	/** Saves, then looks again: whoever came meanwhile keeps it in memory. */
	async #unload(open: Open): Promise<void> {
		const { document } = open;
		if (!document || open.users > 0) return;
		try {
			await document.queue.run(() => document.snapshotWhenDue(1));
		} catch (e) {
			// Only a shortcut was lost; the updates are stored.
			this.#machine.log.warn({ err: messageOf(e) }, 'live document: no snapshot');
		}
		if (open.users > 0 || document.queue.size > 0) return;
		this.#forget(document.reportId, open);
		document.doc.destroy();
	}

	#forget(id: ReportId, open: Open): void {
		if (this.#open.get(id) === open) this.#open.delete(id);
	}

	/** Waits for what is being written. */
	async settle(): Promise<void> {
		for (const open of this.#open.values()) {
			if (open.timer) clearTimeout(open.timer);
			await open.document?.queue.run(async () => undefined);
		}
		this.#open.clear();
	}
}
