import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

/**
 * Holds a data folder for this process: the embedded database has no lock of its own, and two
 * processes on one folder both "succeed" and lose rows. A lock left by a dead process is taken over.
 */
export function lockFolder(path: string): () => void {
	for (let attempt = 0; attempt < 5; attempt++) {
		try {
			const file = openSync(path, 'wx', 0o600);
			writeSync(file, String(process.pid));
			closeSync(file);
			return () => rmSync(path, { force: true });
		} catch (e) {
			if (!(e instanceof Error && 'code' in e && e.code === 'EEXIST')) throw e;
		}
		const holder = readHolder(path);
		if (holder !== null && isAlive(holder)) throw new FolderLockedError(path, holder);
		setAside(path, holder);
	}
	throw new Error(`The lock ${path} could not be taken.`);
}

export class FolderLockedError extends Error {
	constructor(path: string, pid: number) {
		super(
			`This data folder is in use by process ${pid} (${path}). Stop that process, or set DATA_DIR to another folder.`
		);
		this.name = 'FolderLockedError';
	}
}

function readHolder(path: string): number | null {
	try {
		const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
		return Number.isInteger(pid) ? pid : null;
	} catch {
		return null;
	}
}

/** Whether a process runs, ours or another user's. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (e) {
		return e instanceof Error && 'code' in e && e.code === 'EPERM';
	}
}

/** By rename, and only if it is still the lock we judged: two starters must not remove each other's. */
function setAside(path: string, judged: number | null): void {
	const aside = `${path}.${randomUUID()}`;
	try {
		renameSync(path, aside);
	} catch {
		return; // somebody else was faster
	}
	if (readHolder(aside) !== judged) renameSync(aside, path);
	else rmSync(aside, { force: true });
}
