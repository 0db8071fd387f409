import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IndexRecord } from './index-record.ts';
import { translateDiskError } from './object-files.ts';

/**
 * The index of an archive: one line of JSON an object, only ever appended to and synced, and kept
 * whole in memory. Lines of another process are read before each use. A line that a crash cut off
 * is skipped; whoever opens the index makes it again from the object.
 */
export class ObjectIndex {
	readonly #path: string;
	#read = 0;
	#rest = '';
	readonly #records = new Map<string, IndexRecord>();
	readonly #studies = new Map<string, Map<string, IndexRecord>>();
	#turn: Promise<unknown> = Promise.resolve();

	constructor(path: string) {
		this.#path = path;
	}

	async records(): Promise<Iterable<IndexRecord>> {
		await this.#exclusive(() => this.#catchUp());
		return this.#records.values();
	}

	async ofStudy(studyUid: string): Promise<IndexRecord[]> {
		await this.#exclusive(() => this.#catchUp());
		return [...(this.#studies.get(studyUid)?.values() ?? [])];
	}

	async find(sopUid: string): Promise<IndexRecord | null> {
		if (!this.#records.has(sopUid)) await this.#exclusive(() => this.#catchUp());
		return this.#records.get(sopUid) ?? null;
	}

	/** Returns when the line is on the disk. */
	async append(record: IndexRecord): Promise<void> {
		await this.#exclusive(async () => {
			await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
			const handle = await open(this.#path, 'a', 0o600).catch(translateDiskError);
			try {
				// A leading line break ends a line that a crash cut off.
				await handle.write(`\n${JSON.stringify(record)}\n`);
				await handle.sync();
			} catch (e) {
				translateDiskError(e);
			} finally {
				await handle.close();
			}
			await this.#catchUp();
		});
	}

	/** Leaves out of memory what has no file; its line stays and is skipped again next time. */
	forget(sopUid: string): void {
		const record = this.#records.get(sopUid);
		this.#records.delete(sopUid);
		if (record) this.#studies.get(record.studyUid)?.delete(sopUid);
	}

	#exclusive<T>(work: () => Promise<T>): Promise<T> {
		const mine = this.#turn.then(work, work);
		this.#turn = mine.catch(() => {});
		return mine;
	}

	async #catchUp(): Promise<void> {
		const handle = await open(this.#path, 'r').catch(() => null);
		if (!handle) return;
		try {
			const { size } = await handle.stat();
			if (size <= this.#read) return;
			const buffer = Buffer.alloc(size - this.#read);
			const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#read);
			this.#read += bytesRead;
			// Lines are ASCII apart from names; a character cut in two waits in `#rest` as Latin-1.
			const text = this.#rest + buffer.subarray(0, bytesRead).toString('latin1');
			const lines = text.split('\n');
			this.#rest = lines.pop() ?? '';
			for (const line of lines) if (line) this.#add(Buffer.from(line, 'latin1').toString());
		} finally {
			await handle.close();
		}
	}

	#add(line: string): void {
		let record: IndexRecord;
		try {
			record = JSON.parse(line) as IndexRecord;
		} catch {
			return;
		}
		if (record?.schema !== 1 || this.#records.has(record.sopUid)) return;
		this.#records.set(record.sopUid, record);
		let study = this.#studies.get(record.studyUid);
		if (!study) this.#studies.set(record.studyUid, (study = new Map()));
		study.set(record.sopUid, record);
	}
}
