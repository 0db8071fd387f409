import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArchiveId } from '$lib/ids.ts';
import { DomainError } from '$lib/errors.ts';
import type { StoreOutcome } from '$lib/server/archive/archive.ts';
import { EmbeddedArchive } from '$lib/server/archive/embedded-archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { corpusFile, corpusFiles, itWithCorpus } from '../../support/corpus.ts';
import { join as concat, rawCine, report } from '../../support/dicom-maker.ts';

/** What each made-up file must come to: a piece of the reason, or null when it is kept. */
const synthetic: Record<string, RegExp | null> = {
	'00-valid-control': null,
	'bad-dates': null,
	'bidi-override': null,
	'bits-mismatch': /need 512/,
	'charset-arabic': null,
	'charset-gb18030': null,
	'charset-gbk': null,
	'charset-iso2022jp': null,
	'charset-iso2022kr': null,
	'charset-shiftjis': null,
	'charset-thai': null,
	'charset-utf8-emoji': null,
	'comments-1mb': null,
	'control-characters': null,
	'deflate-bomb': /grows beyond/,
	'duplicate-elements': /there twice/,
	'empty-uids': /is missing/,
	empty: /empty/,
	'exe-preamble-polyglot': null,
	'formula-injection': null,
	'frames-huge': /need/,
	'future-birth': null,
	'gzip-not-dicom': /not a DICOM file/,
	'hl7-injection': null,
	'html-preamble-polyglot': null,
	'latin1-declared-odd-bytes': null,
	'length-overrun': /announces 65534 bytes/,
	'meta-but-no-transfer-syntax': /transfer syntax/,
	'meta-uid-mismatch': /another object/,
	'native-pixels-undefined-length': /has no length/,
	'negative-numbers': null,
	'nested-5000': /nested deeper/,
	'no-basic-offset-table': null,
	'no-meta-header': /no meta information/,
	'no-patient-id': null,
	'no-preamble': null,
	'overlong-uid': /not a valid UID/,
	'path-traversal-uid': /not a valid UID/,
	'pdf-preamble-polyglot': null,
	'png-named-dcm': /not a DICOM file/,
	'private-sop-class': null,
	'rows-huge': /larger than what is accepted/,
	'rows-zero': /is 0/,
	'same-uid-a': null,
	'same-uid-b': null,
	text: /not a DICOM file/,
	'trailing-garbage': /damaged|after the end/,
	'truncated-at-00000': /empty/,
	'truncated-at-00064': /not a DICOM file/,
	'truncated-at-00131': /not a DICOM file/,
	'truncated-at-00132': /no data set/,
	'truncated-at-00140': /meta information/,
	'truncated-at-00300': /meta information/,
	'truncated-at-01306': /cut off/,
	'truncated-jpeg-cine': /cut off/,
	'truncated-sr': /cut off/,
	'unknown-charset': null,
	'unknown-vr': null,
	'utf8-undeclared': null,
	'very-long-name': null,
	'wrong-frame-count': /Number of Frames is 99/,
	'xss-in-names': null,
	'zip-tail-polyglot': /after the end/
};

describe('bad input', () => {
	let folder: string;
	let pool: ParsePool;
	let archive: EmbeddedArchive;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'readroom-bad-'));
		pool = new ParsePool();
		archive = new EmbeddedArchive({ id: 'bad' as ArchiveId, folder, pool });
		await pool.summarise(rawCine({ study: '1.1', series: '1.2', sop: '1.3' }));
	});
	afterAll(async () => {
		await pool.close();
		await rm(folder, { recursive: true, force: true });
	});

	const reasonOf = (outcome: StoreOutcome) =>
		outcome.status === 'rejected' ? outcome.reason : null;

	itWithCorpus('every made-up file is kept, or refused for its reason', async () => {
		const files = corpusFiles('synthetic/malformed');
		expect(files.length).toBeGreaterThanOrEqual(Object.keys(synthetic).length);
		const wrong: string[] = [];
		for (const file of files) {
			const name = file.replace(/^.*\/|\.dcm$/g, '');
			// They share one SOP Instance UID, so each is judged by itself.
			const reason = await pool.summarise(corpusFile(file)).then(
				() => null,
				(e: unknown) => (e instanceof DomainError ? (e.detail ?? '') : String(e))
			);
			const expected = synthetic[name];
			if (expected === undefined) wrong.push(`${name}: not in the list (${reason})`);
			else if (expected === null ? reason !== null : !expected.test(reason ?? 'kept')) {
				wrong.push(`${name}: ${reason ?? 'kept'}`);
			}
		}
		expect(wrong).toEqual([]);
	});

	itWithCorpus('another patient under a UID that is there is refused', async () => {
		const [a, b] = ['a', 'b'].map((x) => corpusFile(`synthetic/malformed/same-uid-${x}.dcm`));
		const outcomes = await archive.store([a!, b!, a!]);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['stored', 'rejected', 'duplicate']);
		expect(reasonOf(outcomes[1]!)).toMatch(/other content/);
	});

	itWithCorpus(
		'every real bad file is kept, or refused with a reason, and nothing dies',
		async () => {
			const outcomes: StoreOutcome[] = [];
			for (const file of corpusFiles('malformed')) {
				outcomes.push((await archive.store([corpusFile(file)]))[0]!);
			}
			expect(outcomes.length).toBeGreaterThan(40);
			for (const outcome of outcomes) {
				if (outcome.status === 'rejected') expect(outcome.reason).toMatch(/\w{3}.*\.$/);
			}
			await archive.ping();
		}
	);

	itWithCorpus('no preamble of anybody is kept (T36)', async () => {
		for (const name of ['exe', 'html', 'pdf']) {
			const own = new EmbeddedArchive({ id: 'own' as ArchiveId, folder: join(folder, name), pool });
			const bytes = corpusFile(`synthetic/malformed/${name}-preamble-polyglot.dcm`);
			const summary = await pool.summarise(bytes);
			const ref = {
				studyUid: summary.studyUid,
				seriesUid: summary.seriesUid,
				sopUid: summary.sopUid
			} as Parameters<EmbeddedArchive['instance']>[0];
			await own.store([bytes]);
			const held = await buffer((await own.instance(ref)).body);
			expect(held.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
			expect(held.subarray(132).equals(Buffer.from(bytes.subarray(132)))).toBe(true);
		}
	});

	it('names in the folder are ours, whatever UIDs look like', async () => {
		const uids = ['1.9', '../../1.9', '1.9\\0', '1'.repeat(64)];
		const outcomes = await archive.store(
			uids.map((sop) => rawCine({ study: '1.7', series: '1.8', sop }))
		);
		expect(outcomes.map(({ status }) => status)).toContain('stored');
		const names = await readdir(join(folder, 'objects'), { recursive: true });
		for (const name of names) {
			expect(name).toMatch(/^(incoming|[0-9a-f]{2}(\/[0-9a-f]{64}\.(dcm|json))?)$/);
		}
		expect(await readdir(join(folder, 'objects', 'incoming')).catch(() => [])).toEqual([]);
	});

	it('cut anywhere, an object is refused in time and the event loop stays free (T34)', async () => {
		const bytes = report({ study: '2.1', series: '2.2', sop: '2.3' }, 'x'.repeat(3000));
		const delay = monitorEventLoopDelay({ resolution: 5 });
		delay.enable();
		for (let cut = 0; cut < bytes.length; cut += 64) {
			const [outcome] = await archive.store([bytes.subarray(0, cut)]);
			expect(outcome!.status).toBe('rejected');
		}
		delay.disable();
		// The figure is the bench's; here it shows that reading is elsewhere, also on a busy machine.
		expect(delay.percentile(50) / 1e6).toBeLessThan(50);
	});

	/** A head like that of a real object, then whatever a test wants to follow. */
	const followedBy = (tail: Uint8Array) =>
		concat([
			rawCine({ study: '3.1', series: '3.2', sop: '3.3' }).subarray(0, 400),
			Buffer.alloc(0),
			tail
		]);
	const sequenceStart = Buffer.from('4000750253510000ffffffff'.replace(/\s/g, ''), 'hex');
	const itemStart = Buffer.from('feff00e0ffffffff', 'hex');

	it('20 000 sequences within each other kill nothing', async () => {
		const base = report({ study: '4.1', series: '4.2', sop: '4.3' });
		const level = Buffer.concat([sequenceStart, itemStart]);
		const nested = concat([base, Buffer.concat(Array.from({ length: 20_000 }, () => level))]);
		const [outcome] = await archive.store([nested]);
		expect(reasonOf(outcome!)).toMatch(/nested deeper|out of order|after the end/);
		const plain = followedBy(Buffer.concat(Array.from({ length: 20_000 }, () => level)));
		expect((await archive.store([plain]))[0]!.status).toBe('rejected');
		await archive.ping();
	});

	it.each([
		['an undefined length that is never closed', Buffer.concat([sequenceStart, itemStart])],
		['a length of 0xFFFFFFFE', Buffer.from('e07f10004f420000feffffff', 'hex')]
	])('%s is refused', async (_, tail) => {
		const base = report({ study: '5.1', series: '5.2', sop: '5.3' });
		const [outcome] = await archive.store([concat([base, tail])]);
		expect(outcome!.status).toBe('rejected');
	});

	it('a task that takes too long loses its worker and nothing else', async () => {
		const slow = new ParsePool({ size: 1, timeoutMs: 1 });
		const many = rawCine({ study: '6.1', series: '6.2', sop: '6.3' }, 400, 256, 256);
		await expect(slow.summarise(many)).rejects.toMatchObject({
			code: 'invalid_input',
			detail: expect.stringMatching(/longer than 1 ms/)
		});
		await expect(slow.summarise(many)).rejects.toBeInstanceOf(DomainError);
		await slow.close();
	});

	it('a worker that runs out of memory is replaced', async () => {
		const small = new ParsePool({ size: 1, maxHeapMb: 32, timeoutMs: 20_000 });
		const item = Buffer.from('feff00e000000000', 'hex');
		const items = Buffer.concat(Array.from({ length: 400_000 }, () => item));
		const length = Buffer.alloc(4);
		length.writeUInt32LE(items.length);
		const base = report({ study: '7.1', series: '7.2', sop: '7.3' });
		const sequence = concat([Buffer.from('4000ffa053510000', 'hex'), length, items]);
		await expect(small.summarise(concat([base, sequence]))).rejects.toBeInstanceOf(DomainError);
		const good = await small.summarise(base);
		expect(good.sopUid).toBe('7.3');
		await small.close();
	});
});
