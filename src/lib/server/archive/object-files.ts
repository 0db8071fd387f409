import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '$lib/errors.ts';
import { head } from './object-summary.ts';
import type { ObjectSummary } from './object-summary.ts';

const isCode = (e: unknown, code: string) => e instanceof Error && 'code' in e && e.code === code;

async function syncDirectory(path: string): Promise<void> {
	const handle = await open(path, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** No room is the machine's fault, not the object's: nothing was kept, and it can be sent again. */
export function translateDiskError(e: unknown): never {
	if (isCode(e, 'ENOSPC') || isCode(e, 'EDQUOT')) {
		throw new DomainError('archive_unavailable', 'The archive has no space left.', { cause: e });
	}
	throw e;
}

/**
 * Part 10 files and what was read of them, in one folder. Names are ours: the SHA-256 of the SOP
 * Instance UID, in 256 sub-folders (E4). A file appears whole or not at all: written beside, synced,
 * then linked to its name, which fails when the name is taken, also by another process (N6).
 */
export class ObjectFiles {
	readonly #root: string;

	constructor(root: string) {
		this.#root = root;
	}

	#base(sopUid: string): string {
		const key = createHash('sha256').update(sopUid).digest('hex');
		return join(this.#root, key.slice(0, 2), key);
	}

	pathOf(sopUid: string): string {
		return `${this.#base(sopUid)}.dcm`;
	}

	async #temporary(): Promise<string> {
		const folder = join(this.#root, 'incoming');
		await mkdir(folder, { recursive: true, mode: 0o700 });
		return join(folder, randomBytes(12).toString('hex'));
	}

	/** False when an object of this UID is there already; then nothing changed. */
	async create(sopUid: string, bytes: Uint8Array, bodyOffset: number): Promise<boolean> {
		const target = this.pathOf(sopUid);
		const temporary = await this.#temporary();
		try {
			const handle = await open(temporary, 'wx', 0o600);
			try {
				await handle.writev([head, bytes.subarray(bodyOffset)]);
				await handle.sync();
			} finally {
				await handle.close();
			}
			await mkdir(dirname(target), { recursive: true, mode: 0o700 });
			await link(temporary, target);
			await syncDirectory(dirname(target));
			return true;
		} catch (e) {
			if (isCode(e, 'EEXIST')) return false;
			translateDiskError(e);
		} finally {
			await unlink(temporary).catch(() => {});
		}
	}

	/** Beside the object; made again from it when lost. */
	async writeSummary(summary: ObjectSummary): Promise<void> {
		const temporary = await this.#temporary();
		try {
			const handle = await open(temporary, 'wx', 0o600);
			try {
				await handle.writeFile(JSON.stringify(summary));
				await handle.sync();
			} finally {
				await handle.close();
			}
			await rename(temporary, `${this.#base(summary.sopUid)}.json`);
		} catch (e) {
			await unlink(temporary).catch(() => {});
			translateDiskError(e);
		}
	}

	/** Null when there is none or it cannot be read. */
	async readSummary(sopUid: string): Promise<ObjectSummary | null> {
		try {
			const parsed: unknown = JSON.parse(await readFile(`${this.#base(sopUid)}.json`, 'utf8'));
			const summary = parsed as ObjectSummary;
			return summary?.schema === 1 && summary.sopUid === sopUid ? summary : null;
		} catch {
			return null;
		}
	}

	/** Keys of all objects; their files are `<root>/<first two>/<key>.dcm`. */
	async *paths(): AsyncGenerator<string> {
		for (const folder of await readdir(this.#root).catch(() => [])) {
			if (!/^[0-9a-f]{2}$/.test(folder)) continue;
			for (const name of await readdir(join(this.#root, folder))) {
				if (name.endsWith('.dcm')) yield join(this.#root, folder, name);
			}
		}
	}

	/** What a killed process left behind. Only when no other process can be writing. */
	async clearIncoming(olderThan: number): Promise<void> {
		const folder = join(this.#root, 'incoming');
		for (const name of await readdir(folder).catch(() => [])) {
			const path = join(folder, name);
			const handle = await open(path, 'r').catch(() => null);
			const { mtimeMs } = (await handle?.stat()) ?? { mtimeMs: Infinity };
			await handle?.close();
			if (mtimeMs < olderThan) await unlink(path).catch(() => {});
		}
	}
}
