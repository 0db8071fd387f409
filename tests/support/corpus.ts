import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Real and synthetic DICOM files to test against; not part of the repository. */
export const corpus = resolve(process.env.READROOM_CORPUS ?? '../shared/data');
export const hasCorpus = existsSync(corpus);
export const corpusFile = (path: string) => new Uint8Array(readFileSync(resolve(corpus, path)));
export const corpusJson = <T>(path: string): T =>
	JSON.parse(readFileSync(resolve(corpus, path), 'utf8')) as T;

if (!hasCorpus)
	console.warn(`No test corpus at ${corpus}: its tests are skipped (READROOM_CORPUS).`);
