import { createHash, randomBytes } from 'node:crypto';
import { DomainError } from '$lib/errors.ts';
import type { SeriesUid, StudyUid } from '$lib/ids.ts';
import { items, number, text, texts } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { multipartEnd, partHead } from '../dicomweb/multipart.ts';
import type { InstanceRef, StoreOutcome } from './archive.ts';
import { readDicomJson } from './answer-json.ts';
import { dicomJson, instancePath, MiB } from './dicomweb-requests.ts';
import type { DicomWebRequests } from './dicomweb-requests.ts';
import { readAll } from './http-client.ts';
import { head } from './object-summary.ts';
import type { ObjectSummary } from './object-summary.ts';
import type { ParsePool } from './parse-pool.ts';
import { failureReasons, otherContent, refOf, rejected } from './store-outcome.ts';

const words: Readonly<Record<number, string>> = {
	409: 'refuses it',
	413: 'finds it too large',
	415: 'does not take this kind'
};

/**
 * Storing in an archive that keeps the first copy of a UID, or a second one in another study, and
 * answers 200 both times: it is asked before and after.
 */
export class DicomWebStore {
	readonly #requests: DicomWebRequests;
	readonly #pool: ParsePool;

	constructor(requests: DicomWebRequests, pool: ParsePool) {
		this.#requests = requests;
		this.#pool = pool;
	}

	async keep(
		bytes: Uint8Array,
		summary: ObjectSummary,
		signal: AbortSignal | undefined
	): Promise<StoreOutcome> {
		const { sopClass } = summary;
		const ref = refOf(summary);
		const places = await this.#placesOf(ref, signal);
		if (places.length) {
			const elsewhere = places.some(
				(place) => place.studyUid !== ref.studyUid || place.seriesUid !== ref.seriesUid
			);
			if (elsewhere) return otherContent(summary);
			const held = await this.#held(ref, summary, signal);
			return held.same
				? { status: 'duplicate', ref, sopClass, hash: held.hash }
				: otherContent(summary);
		}
		const refusal = await this.#stow(bytes, summary, signal);
		if (refusal) return refusal;
		const { hash, same } = await this.#held(ref, summary, signal);
		return { status: 'stored', ref, sopClass, hash, ...(same ? {} : { coerced: true }) };
	}

	/** Where the archive has an object of this UID. */
	async #placesOf(ref: InstanceRef, signal: AbortSignal | undefined): Promise<InstanceRef[]> {
		const filter = `SOPInstanceUID=${ref.sopUid}`;
		const fields = `includefield=${tags.StudyInstanceUID}&includefield=${tags.SeriesInstanceUID}`;
		const missing = (e: unknown) => {
			if (e instanceof DomainError && e.code === 'not_found') return null;
			throw e;
		};
		const answer = await this.#requests
			.attempt({
				path: `/instances?${filter}&limit=10&${fields}`,
				accept: dicomJson,
				maxBytes: MiB,
				signal
			})
			.catch(missing);
		// Relational search is optional for proxies; then only its own place can be looked at.
		const series = instancePath(ref).replace(/\/[^/]*$/, '');
		const found = answer
			? await this.#requests.readJson(answer)
			: await this.#requests.json(`${series}?${filter}`, signal).catch(missing);
		return (found ?? [])
			.filter((result) => text(result, tags.SOPInstanceUID) === ref.sopUid)
			.map((result) => ({
				...ref,
				studyUid: (text(result, tags.StudyInstanceUID) || ref.studyUid) as StudyUid,
				seriesUid: (text(result, tags.SeriesInstanceUID) || ref.seriesUid) as SeriesUid
			}));
	}

	/** The hash of what the archive holds, and whether its content is that of `summary`. */
	async #held(ref: InstanceRef, summary: ObjectSummary, signal: AbortSignal | undefined) {
		const hash = createHash('sha256');
		const { body } = await this.#requests.instance(ref, signal);
		for await (const chunk of body) hash.update(chunk as Buffer);
		const found = hash.digest('hex');
		if (found === summary.hash) return { hash: found, same: true };
		// Other bytes may still be the same object: archives rewrite the meta information.
		const held = await this.#pool.summarise(await this.#requests.wholeInstance(ref, signal));
		return { hash: found, same: held.contentHash === summary.contentHash };
	}

	/** Null when the archive says that it has it now. */
	async #stow(
		bytes: Uint8Array,
		summary: ObjectSummary,
		signal: AbortSignal | undefined
	): Promise<StoreOutcome | null> {
		const boundary = `readroom-${randomBytes(16).toString('hex')}`;
		const answer = await this.#requests.send({
			method: 'POST',
			path: '/studies',
			accept: dicomJson,
			contentType: `multipart/related; type="application/dicom"; boundary=${boundary}`,
			body: [
				partHead(boundary, { 'Content-Type': 'application/dicom' }, true),
				head,
				bytes.subarray(summary.bodyOffset),
				multipartEnd(boundary)
			],
			maxBytes: 16 * MiB,
			signal
		});
		const body = await readAll(answer.body);
		const json = /json/.test(answer.contentType) ? readDicomJson(body)[0] : undefined;
		const listed = (tag: string) =>
			json ? items(json, tag).flatMap((item) => texts(item, tags.ReferencedSOPInstanceUID)) : [];
		// A 400 may stand over an object that was kept, a 200 over one that was not.
		const kept = listed(tags.ReferencedSOPSequence).includes(summary.sopUid);
		if (kept && !listed(tags.FailedSOPSequence).includes(summary.sopUid)) return null;
		const [failed] = json ? items(json, tags.FailedSOPSequence) : [];
		const reason = failed ? number(failed, tags.FailureReason) : null;
		return rejected(
			reason ?? failureReasons.processingFailure,
			`The image archive did not keep it: it ${words[answer.status] ?? `answered ${answer.status}`}` +
				`${reason ? ` (reason ${reason.toString(16)} hex)` : ''}.`,
			summary
		);
	}
}
