import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '$lib/errors.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { text } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';

export interface StudyFiles {
	studyUid: string;
	datasets: DicomJson[];
	/** Files that are not read, with the reason. */
	skipped: { path: string; reason: string }[];
}

/** Media directories name objects; they are none themselves. */
const mediaDirectory = '1.2.840.10008.1.3.10';

/**
 * Reads the objects of one study from files and folders. Inside a folder, what is not DICOM is
 * skipped; a file that was named itself must be readable.
 * @throws DomainError `invalid_input` when nothing is there, a named file is not readable, or the
 * objects belong to several studies.
 */
export function readStudy(paths: readonly string[]): StudyFiles {
	const skipped: StudyFiles['skipped'] = [];
	const datasets: DicomJson[] = [];
	const seen = new Set<string>();
	for (const { path, isNamed } of paths.flatMap(expand)) {
		const read = readFile(path);
		if (typeof read !== 'string') {
			const sopUid = text(read, tags.SOPInstanceUID);
			if (text(read, tags.SOPClassUID) === mediaDirectory || seen.has(sopUid)) continue;
			seen.add(sopUid);
			datasets.push(read);
		} else if (isNamed) throw new DomainError('invalid_input', `${path}: ${read}`);
		else skipped.push({ path, reason: read });
	}
	return { studyUid: studyOf(datasets), datasets, skipped };
}

function expand(path: string): { path: string; isNamed: boolean }[] {
	const info = statSync(path, { throwIfNoEntry: false });
	if (!info) throw new DomainError('invalid_input', `${path}: there is no such file or folder.`);
	if (!info.isDirectory()) return [{ path, isNamed: true }];
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort()
		.map((found) => ({ path: found, isNamed: false }));
}

/** The data set, or why the file is none. */
function readFile(path: string): DicomJson | string {
	try {
		return parsePart10(new Uint8Array(readFileSync(path))).dataset;
	} catch (error) {
		if (error instanceof DomainError) return error.detail ?? error.code;
		return error instanceof Error && 'code' in error
			? `cannot be read (${String(error.code)})`
			: 'cannot be read';
	}
}

function studyOf(datasets: readonly DicomJson[]): string {
	if (datasets.length === 0) throw new DomainError('invalid_input', 'No DICOM object was found.');
	const counts = new Map<string, number>();
	for (const dataset of datasets) {
		const uid = text(dataset, tags.StudyInstanceUID);
		counts.set(uid, (counts.get(uid) ?? 0) + 1);
	}
	const [only] = counts.keys();
	if (counts.size > 1) {
		const list = [...counts].map(([uid, count]) => `${uid || '(none)'}: ${count}`).join(', ');
		throw new DomainError(
			'invalid_input',
			`The files belong to ${counts.size} studies (${list}). Give the files of one.`
		);
	}
	return only ?? '';
}
