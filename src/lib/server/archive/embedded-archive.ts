import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import { number } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { transferSyntaxOf } from '$lib/dicom/uid.ts';
import type {
	Archive,
	DicomJson,
	FramePart,
	InstanceRef,
	Payload,
	Search,
	StoreOutcome
} from './archive.ts';
import { indexRecord } from './index-record.ts';
import type { IndexRecord } from './index-record.ts';
import { defaultMaxObjectBytes, judgeObject } from './judge-object.ts';
import { ObjectFiles } from './object-files.ts';
import { ObjectIndex } from './object-index.ts';
import type { ObjectSummary } from './object-summary.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { ParsePool } from './parse-pool.ts';
import { bytesPayload } from './payload.ts';
import type { RenderOptions } from './render.ts';
import { answer, resultsOf } from './search-results.ts';
import { otherContent, refOf } from './store-outcome.ts';
import { studyMetadata } from './study-metadata.ts';

export interface EmbeddedArchiveOptions {
	id: ArchiveId;
	/** Of this archive alone. */
	folder: string;
	pool: ParsePool;
	/** Objects over this many bytes are refused. */
	maxObjectBytes?: number;
}

const gone = () => new DomainError('not_found');

/** Part 10 files in a folder, behind the same port as a server. */
export class EmbeddedArchive implements Archive {
	readonly kind = 'embedded';
	readonly id: ArchiveId;
	readonly #pool: ParsePool;
	readonly #files: ObjectFiles;
	readonly #index: ObjectIndex;
	readonly #maxObjectBytes: number;
	readonly #turns = new OneAtATime();
	#opened: Promise<void> | undefined;

	constructor(options: EmbeddedArchiveOptions) {
		this.id = options.id;
		this.#pool = options.pool;
		this.#files = new ObjectFiles(join(options.folder, 'objects'));
		this.#index = new ObjectIndex(join(options.folder, 'index.jsonl'));
		this.#maxObjectBytes = options.maxObjectBytes ?? defaultMaxObjectBytes;
	}

	/** Compares index and files once; what a crash left between the two is put right. */
	#open(): Promise<void> {
		return (this.#opened ??= this.#reconcile().catch((e: unknown) => {
			this.#opened = undefined;
			throw e;
		}));
	}

	async #reconcile(): Promise<void> {
		await this.#files.clearIncoming(performance.timeOrigin - 60_000);
		const known = new Map<string, string>();
		for (const { sopUid } of await this.#index.records()) {
			known.set(this.#files.pathOf(sopUid), sopUid);
		}
		for await (const path of this.#files.paths()) {
			if (known.delete(path)) continue;
			const summary = await this.#pool.summarise({ path }).catch(() => null);
			if (summary && this.#files.pathOf(summary.sopUid) === path) await this.#adopt(summary);
		}
		for (const sopUid of known.values()) this.#index.forget(sopUid);
	}

	async #adopt(summary: ObjectSummary): Promise<void> {
		await this.#files.writeSummary(summary);
		await this.#index.append(indexRecord(summary));
	}

	async #find(ref: InstanceRef): Promise<IndexRecord> {
		await this.#open();
		const record = await this.#index.find(ref.sopUid);
		if (record?.studyUid !== ref.studyUid || record.seriesUid !== ref.seriesUid) throw gone();
		return record;
	}

	async #summary(sopUid: string): Promise<ObjectSummary> {
		const known = await this.#files.readSummary(sopUid);
		if (known) return known;
		const made = await this.#pool.summarise({ path: this.#files.pathOf(sopUid) });
		await this.#files.writeSummary(made);
		return made;
	}

	async ping(): Promise<void> {
		await this.#open();
	}

	async search(search: Search, signal?: AbortSignal): Promise<DicomJson[]> {
		await this.#open();
		signal?.throwIfAborted();
		const records = search.studyUid
			? await this.#index.ofStudy(search.studyUid)
			: [...(await this.#index.records())];
		return answer(resultsOf(search.level, records), search);
	}

	async metadata(
		studyUid: StudyUid,
		seriesUid?: SeriesUid,
		sopUid?: InstanceUid,
		signal?: AbortSignal
	): Promise<DicomJson[]> {
		await this.#open();
		const records = (await this.#index.ofStudy(studyUid)).filter(
			(record) =>
				(!seriesUid || record.seriesUid === seriesUid) && (!sopUid || record.sopUid === sopUid)
		);
		if (!records.length) throw gone();
		const order = (record: IndexRecord) =>
			(number(record.attributes, tags.SeriesNumber) ?? 0) * 1e6 +
			(number(record.attributes, tags.InstanceNumber) ?? 0);
		const found: DicomJson[] = [];
		for (const record of records.sort((a, b) => order(a) - order(b))) {
			signal?.throwIfAborted();
			found.push(studyMetadata(await this.#summary(record.sopUid)));
		}
		return found;
	}

	async instance(ref: InstanceRef, signal?: AbortSignal): Promise<Payload> {
		const record = await this.#find(ref);
		const handle = await open(this.#files.pathOf(ref.sopUid), 'r');
		if (signal?.aborted) {
			await handle.close();
			signal.throwIfAborted();
		}
		const body = createReadStream('', { fd: handle, ...(signal ? { signal } : {}) });
		// Whoever reads is told by the reading; a stream that nobody reads yet must not end the process.
		body.on('error', () => {});
		return {
			contentType: 'application/dicom',
			length: record.size,
			etag: record.hash,
			body
		};
	}

	async frames(ref: InstanceRef, numbers: number[], signal?: AbortSignal): Promise<FramePart[]> {
		await this.#find(ref);
		const summary = await this.#summary(ref.sopUid);
		if (!numbers.length || numbers.some((n) => n < 1 || n > summary.frames)) throw gone();
		signal?.throwIfAborted();
		const path = this.#files.pathOf(ref.sopUid);
		const spans = summary.frameSpans;
		const frames = spans
			? await readSpans(
					path,
					numbers.map((n) => spans[n - 1]!)
				)
			: await this.#pool.frames({ path }, numbers);
		return frames.map((bytes) => ({
			contentType: transferSyntaxOf(summary.frameSyntax)?.frameType ?? 'application/octet-stream',
			transferSyntax: summary.frameSyntax,
			bytes
		}));
	}

	async rendered(ref: InstanceRef, options: RenderOptions): Promise<Payload> {
		await this.#find(ref);
		const picture = await this.#pool.render({ path: this.#files.pathOf(ref.sopUid) }, options);
		return bytesPayload(picture.contentType, picture.bytes);
	}

	async bulkdata(ref: InstanceRef, path: string): Promise<Payload> {
		await this.#find(ref);
		const summary = await this.#summary(ref.sopUid);
		const file = this.#files.pathOf(ref.sopUid);
		if (!summary.bulk) {
			return bytesPayload('application/octet-stream', await this.#pool.bulk({ path: file }, path));
		}
		const span = Object.hasOwn(summary.bulk, path) ? summary.bulk[path] : undefined;
		if (!span) throw gone();
		return bytesPayload('application/octet-stream', (await readSpans(file, [span]))[0]!);
	}

	async store(
		objects: Uint8Array[],
		expected?: { studyUid?: StudyUid },
		signal?: AbortSignal
	): Promise<StoreOutcome[]> {
		await this.#open();
		const outcomes: StoreOutcome[] = [];
		for (const bytes of objects) {
			signal?.throwIfAborted();
			const most = this.#maxObjectBytes;
			const judged = await judgeObject(this.#pool, bytes, most, expected?.studyUid);
			// Two that arrive together must not both find the place empty.
			outcomes.push(
				'refusal' in judged
					? judged.refusal
					: await this.#turns.run(judged.summary.sopUid, () => this.#keep(bytes, judged.summary))
			);
		}
		return outcomes;
	}

	async #keep(bytes: Uint8Array, summary: ObjectSummary): Promise<StoreOutcome> {
		const { sopClass, hash } = summary;
		const ref = refOf(summary);
		const known = await this.#index.find(summary.sopUid);
		if (known) {
			return known.hash === hash
				? { status: 'duplicate', ref, sopClass, hash }
				: otherContent(summary);
		}
		if (await this.#files.create(summary.sopUid, bytes, summary.bodyOffset)) {
			await this.#adopt(summary);
			return { status: 'stored', ref, sopClass, hash };
		}
		// A file without a line: another process is between the two steps, or died there.
		const there = await this.#pool.summarise({ path: this.#files.pathOf(summary.sopUid) });
		await this.#adopt(there);
		return there.hash === hash
			? { status: 'duplicate', ref, sopClass, hash }
			: otherContent(summary);
	}
}

/** Each span is pairs of offset and length, joined. */
async function readSpans(path: string, spans: readonly (readonly number[])[]) {
	const handle = await open(path, 'r');
	try {
		const found: Uint8Array[] = [];
		for (const span of spans) {
			const total = span.reduce((sum, n, i) => (i % 2 ? sum + n : sum), 0);
			const bytes = new Uint8Array(total);
			let at = 0;
			for (let i = 0; i < span.length; i += 2) {
				const length = span[i + 1]!;
				await handle.read(bytes, at, length, span[i]!);
				at += length;
			}
			found.push(bytes);
		}
		return found;
	} finally {
		await handle.close();
	}
}
