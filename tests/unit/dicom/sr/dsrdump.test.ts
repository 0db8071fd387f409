import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from '$lib/dicom/part10.ts';
import type { ContentItem } from '$lib/dicom/sr/content-item.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { corpus, corpusFile, hasCorpus } from '../../../support/corpus.ts';

const hasDsrdump = spawnSync('dsrdump', ['--version']).status === 0;
const folders = [
	'sr',
	'synthetic/carotid-20260315',
	'synthetic/extras',
	'synthetic/stress-20260318'
];
folders.push('synthetic/tte-20250304', 'synthetic/tte-20260312');

const files = hasCorpus
	? folders.flatMap((folder) =>
			readdirSync(join(corpus, folder))
				.filter((name) => folder === 'sr' || name.startsWith('SR-'))
				.map((name) => `${folder}/${name}`)
		)
	: [];

/** `1.5.3 NUM`, or `1.5.3` for a by-reference item, in document order, as DCMTK sees it. */
const dumps = new Map<string, string[] | null>();
function dumped(file: string): string[] | null {
	const known = dumps.get(file);
	if (known !== undefined) return known;
	const fresh = dump(file);
	dumps.set(file, fresh);
	return fresh;
}

function dump(file: string): string[] | null {
	const path = join(corpus, file);
	try {
		const out = execFileSync('dsrdump', ['+Pn', '-Er', '-Ec', path], {
			encoding: 'latin1',
			stdio: ['ignore', 'pipe', 'ignore']
		});
		return out.split('\n').flatMap((line) => {
			const match = /^(1(?:\.\d+)*) +<(?:[a-z ]+ )?(?:([A-Z0-9]+):|1[.\d]*>)/.exec(line);
			return match ? [[match[1], match[2]].filter(Boolean).join(' ')] : [];
		});
	} catch {
		return null;
	}
}

function ours(item: ContentItem): string[] {
	const own = item.reference === null ? `${item.path} ${item.valueType}` : item.path;
	return [own, ...item.children.flatMap(ours)];
}

describe.skipIf(!hasCorpus || !hasDsrdump)('content paths', () => {
	it.each(files)('are those that dsrdump prints: %s', { timeout: 30_000 }, (file) => {
		const theirs = dumped(file);
		const { root } = readSr(parsePart10(corpusFile(file)).dataset);
		// What DCMTK refuses to print must still be readable here.
		if (theirs === null || theirs.length === 0) expect(ours(root).length).toBeGreaterThan(0);
		else expect(ours(root)).toEqual(theirs);
	});

	it('were compared for most of the corpus', { timeout: 60_000 }, () => {
		expect(files.filter((file) => dumped(file)?.length).length).toBeGreaterThan(30);
	});
});
