/** Real and synthetic DICOM files to test against; not part of the repository. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { it } from 'vitest';
import { corpus, corpusPath, hasCorpus } from './corpus-path.ts';

export { corpus, corpusPath, hasCorpus };
export const corpusFile = (path: string) => new Uint8Array(readFileSync(corpusPath(path)));
export const corpusJson = <T>(path: string): T =>
	JSON.parse(readFileSync(corpusPath(path), 'utf8')) as T;

/** Paths of the files below a folder, relative to the corpus; `[]` without one. */
export function corpusFiles(folder = '', ending = '.dcm'): string[] {
	if (!hasCorpus) return [];
	const walk = (path: string): string[] =>
		readdirSync(corpusPath(path)).flatMap((name) => {
			const each = path ? `${path}/${name}` : name;
			return statSync(corpusPath(each)).isDirectory() ? walk(each) : [each];
		});
	return walk(folder)
		.filter((path) => path.endsWith(ending))
		.sort();
}

/** A test that needs the corpus; skipped when it is not there. */
export const itWithCorpus = it.skipIf(!hasCorpus);

if (!hasCorpus)
	console.warn(`No test corpus at ${corpus}: its tests are skipped (READROOM_CORPUS).`);
