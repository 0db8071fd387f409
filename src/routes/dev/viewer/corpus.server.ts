import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { identityOf } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import type { Part10 } from '$lib/dicom/part10.ts';

const corpus = resolve(process.env.READROOM_CORPUS ?? '../shared/data');
const sets = new Map<string, Map<string, { path: string; part10: Part10 }>>();

/** The DICOM files of folders (`us-cine`, `synthetic~extras,ct`) by SOP Instance UID. */
export function corpusSet(name: string) {
	const known = sets.get(name);
	if (known) return known;
	if (!/^[a-z0-9~,-]+$/.test(name)) throw new Error('No such set.');
	const found = new Map<string, { path: string; part10: Part10 }>();
	for (const folder of name.split(',').map((part) => join(corpus, part.replaceAll('~', '/')))) {
		for (const file of readdirSync(folder).sort()) {
			const path = join(folder, file);
			if (!file.endsWith('.dcm')) continue;
			try {
				const part10 = parsePart10(new Uint8Array(readFileSync(path)));
				found.set(identityOf(part10.dataset).sopUid, { path, part10 });
			} catch {
				// Damaged on purpose: an archive would not have taken it either.
			}
		}
	}
	sets.set(name, found);
	return found;
}
