import {
	appendFile,
	mkdir,
	mkdtemp,
	readFile,
	readdir,
	rm,
	truncate,
	writeFile
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import { text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { EmbeddedArchive } from '$lib/server/archive/embedded-archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { corpusFile, itWithCorpus } from '../../support/corpus.ts';
import { rawCine, report } from '../../support/dicom-maker.ts';

const first = { study: '1.1', series: '1.1.1', sop: '1.1.1.1' };
const second = { study: '1.1', series: '1.1.2', sop: '1.1.2.1', seriesNumber: 2 };
const refOf = (of: typeof first) => ({
	studyUid: of.study as StudyUid,
	seriesUid: of.series as SeriesUid,
	sopUid: of.sop as InstanceUid
});

describe('the folder of the embedded archive', () => {
	let pool: ParsePool;
	let folder: string;
	beforeAll(() => {
		pool = new ParsePool();
	});
	afterAll(() => pool.close());
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'readroom-files-'));
	});
	afterEach(() => rm(folder, { recursive: true, force: true }));

	const open = () => new EmbeddedArchive({ id: 'files' as ArchiveId, folder, pool });
	const index = () => join(folder, 'index.jsonl');
	const sops = async (archive: EmbeddedArchive) =>
		(
			await archive.search({
				level: 'instances',
				filters: {},
				includeFields: [],
				limit: 100,
				offset: 0
			})
		).map((result) => text(result, tags.SOPInstanceUID));
	const files = async (ending: string) =>
		(await readdir(join(folder, 'objects'), { recursive: true })).filter((n) => n.endsWith(ending));

	it('is read again by the next process', async () => {
		await open().store([rawCine(first), report(second)]);
		const again = open();
		expect(await sops(again)).toEqual([first.sop, second.sop]);
		expect(new Uint8Array(await buffer((await again.instance(refOf(second))).body))).toEqual(
			report(second)
		);
	});

	it('survives a lost index', async () => {
		await open().store([rawCine(first), report(second)]);
		await rm(index());
		expect(await sops(open())).toEqual([first.sop, second.sop]);
		expect((await readFile(index(), 'utf8')).trim().split(/\n+/)).toHaveLength(2);
	});

	it('survives an index whose last line was cut off', async () => {
		await open().store([rawCine(first), report(second)]);
		const { length } = await readFile(index());
		await truncate(index(), length - 40);
		const again = open();
		expect(await sops(again)).toEqual([first.sop, second.sop]);
		const third = { study: '1.1', series: '1.1.3', sop: '1.1.3.1', seriesNumber: 3 };
		await again.store([report(third)]);
		expect(await sops(open())).toEqual([first.sop, second.sop, third.sop]);
	});

	it('survives lines that are not its own', async () => {
		await open().store([rawCine(first)]);
		await appendFile(index(), '{"schema":1\nnull\n[]\nnot json\n{"schema":99}\n');
		expect(await sops(open())).toEqual([first.sop]);
	});

	it('shows nothing of an object whose file is gone', async () => {
		await open().store([rawCine(first), report(second)]);
		const [object] = await files('.dcm');
		await rm(join(folder, 'objects', object!));
		const again = open();
		expect(await sops(again)).toHaveLength(1);
	});

	it('makes a lost summary again', async () => {
		await open().store([report(second)]);
		for (const name of await files('.json')) await rm(join(folder, 'objects', name));
		const [metadata] = await open().metadata(second.study as StudyUid);
		expect(text(metadata!, tags.SOPInstanceUID)).toBe(second.sop);
		expect(await files('.json')).toHaveLength(1);
	});

	it('clears away what a killed process was writing, and shows nothing of it', async () => {
		const incoming = join(folder, 'objects', 'incoming');
		await mkdir(incoming, { recursive: true });
		await writeFile(join(incoming, 'half'), rawCine(first).subarray(0, 100));
		const archive = open();
		expect(await sops(archive)).toEqual([]);
		await archive.store([rawCine(first)]);
		expect(await sops(archive)).toEqual([first.sop]);
	});

	it('keeps a file without a line, of a process that died between the two', async () => {
		await open().store([rawCine(first)]);
		const lines = await readFile(index());
		const running = open();
		await running.ping();
		await rm(index());
		await writeFile(index(), '');
		const [same] = await open().store([rawCine(first)]);
		expect(same).toMatchObject({ status: 'duplicate' });
		const [other] = await open().store([rawCine({ ...first, patientId: 'P2' })]);
		expect(other).toMatchObject({ status: 'rejected', failureReason: 0x0111 });
		expect(lines.length).toBeGreaterThan(0);
	});

	it('shows what another process stores', async () => {
		const here = open();
		expect(await sops(here)).toEqual([]);
		await open().store([rawCine(first)]);
		expect(await sops(here)).toEqual([first.sop]);
		const [again] = await here.store([rawCine(first)]);
		expect(again).toMatchObject({ status: 'duplicate' });
	});

	it('lets two processes race for a UID, and one wins', async () => {
		const [a, b] = await Promise.all([
			open().store([report(second, 'one')]),
			open().store([report(second, 'two')])
		]);
		const statuses = [a[0]!.status, b[0]!.status].sort();
		expect(statuses).toEqual(['rejected', 'stored']);
		expect(await files('.dcm')).toHaveLength(1);
	});

	it('stops writing when the disk is full, and nothing is left half', async () => {
		// A folder that cannot be made stands in for a disk that takes no more.
		await mkdir(join(folder, 'objects'), { recursive: true });
		await writeFile(join(folder, 'objects', 'incoming'), 'in the way');
		await expect(open().store([rawCine(first)])).rejects.toBeTruthy();
		await rm(join(folder, 'objects', 'incoming'));
		const [outcome] = await open().store([rawCine(first)]);
		expect(outcome).toMatchObject({ status: 'stored' });
	});

	itWithCorpus('gives every frame of real clips as they are, whatever their syntax', async () => {
		const archive = open();
		for (const name of ['us-mf-jpeg', 'us-mf-rle', 'us-mf-raw', 'us-mf-j2k', 'us-mf-jpegls']) {
			const bytes = corpusFile(`synthetic/extras/${name}.dcm`);
			const [outcome] = await archive.store([bytes]);
			expect(outcome!.status).toBe('stored');
			const { ref } = outcome as Extract<typeof outcome, { status: 'stored' }>;
			const [metadata] = await archive.metadata(ref.studyUid, ref.seriesUid, ref.sopUid);
			const count = Number(text(metadata!, tags.NumberOfFrames));
			const numbers = Array.from({ length: count }, (_, i) => i + 1);
			const direct = await archive.frames(ref, numbers);
			const parsed = await pool.frames(bytes, numbers);
			expect(direct.map((frame) => Buffer.from(frame.bytes).toString('base64'))).toEqual(
				parsed.map((frame) => Buffer.from(frame).toString('base64'))
			);
		}
	});
});
