/** Where the test corpus lies, for those who run outside of Vitest as well. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export const corpus = resolve(process.env.READROOM_CORPUS ?? '../shared/data');
export const hasCorpus = existsSync(corpus);

/** Absolute path of a file of the corpus. */
export const corpusPath = (path: string) => resolve(corpus, path);
