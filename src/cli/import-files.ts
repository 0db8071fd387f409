import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DomainError } from '$lib/errors.ts';

/** Larger files are refused before they are read; the archive has the same limit. */
const mostBytes = 1024 ** 3;
const groupBytes = 32 * 1024 ** 2;
const groupFiles = 32;

export interface FileGroup {
	paths: string[];
	objects: Uint8Array[];
}

/**
 * The files under these paths, folders with everything in them. Media directories (DICOMDIR) only
 * name other files, and hidden files are the file system's own: both are left out.
 * @throws DomainError `invalid_input` for a path that is not there.
 */
export function findFiles(paths: readonly string[]): string[] {
	const found = new Set<string>();
	for (const path of paths) {
		const info = statSync(path, { throwIfNoEntry: false });
		if (!info) throw new DomainError('invalid_input', `${path}: there is no such file or folder.`);
		if (!info.isDirectory()) {
			found.add(path);
			continue;
		}
		const within = readdirSync(path, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !isLeftOut(entry.name))
			.map((entry) => join(entry.parentPath, entry.name))
			.sort();
		for (const file of within) found.add(file);
	}
	return [...found];
}

const isLeftOut = (name: string) =>
	name.startsWith('.') || basename(name).toUpperCase() === 'DICOMDIR';

/** The contents of the files, as many at once as fit into memory; `refuse` hears of the others. */
export async function* readGroups(
	files: readonly string[],
	refuse: (path: string, reason: string) => void
): AsyncGenerator<FileGroup> {
	let group: FileGroup = { paths: [], objects: [] };
	let size = 0;
	for (const path of files) {
		const bytes = await readOne(path, refuse);
		if (!bytes) continue;
		group.paths.push(path);
		group.objects.push(bytes);
		size += bytes.byteLength;
		if (size < groupBytes && group.paths.length < groupFiles) continue;
		yield group;
		group = { paths: [], objects: [] };
		size = 0;
	}
	if (group.paths.length) yield group;
}

async function readOne(
	path: string,
	refuse: (path: string, reason: string) => void
): Promise<Uint8Array | null> {
	const info = statSync(path, { throwIfNoEntry: false });
	if (info && info.size > mostBytes) {
		refuse(path, 'The file is larger than 1 GiB.');
		return null;
	}
	try {
		return new Uint8Array(await readFile(path));
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
		refuse(path, `The file cannot be read${code}.`);
		return null;
	}
}
