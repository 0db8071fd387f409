import type { Actor } from '$lib/access/actor.ts';
import { couldEver } from '$lib/access/policy.ts';
import type { DicomElement, DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { DomainError } from '$lib/errors.ts';
import type { StudyUid } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { receiveObjects, type ReceiveOutcome } from '../commands/receive-objects.ts';
import type { Services } from '../services.ts';
import { readMediaType } from './accept.ts';
import { dicomJson, type DoorAnswer, type DoorRequest } from './answer.ts';
import { readParts, type PartLimits } from './multipart.ts';

const mebibyte = 1024 * 1024;
/** Of one request (E1). An object is held whole while it is read, so its limit is memory. */
export const storeLimits: PartLimits = {
	partBytes: 1024 * mebibyte,
	parts: 20_000,
	totalBytes: 4096 * mebibyte
};
/** Objects are stored in groups as they come in: what is held at once. */
const groupBytes = 32 * mebibyte;
const groupParts = 32;

const otherFailures = '0008119A';
const dicom = 'application/dicom';

/**
 * STOW-RS: 200 when every object is stored (also when it was there already), 202 when some are, 409
 * when none is; each with its own line in the answer. A body that breaks off keeps what came whole.
 */
export async function storeObjects(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	studyUid: StudyUid | null,
	base: string
): Promise<DoorAnswer> {
	const { outcomes, broken } = await receiveBody(services, actor, request, studyUid, 'stow');
	if (!outcomes.length)
		throw broken ?? new DomainError('invalid_input', 'The body holds no object.');
	return storeAnswer(outcomes, broken, base);
}

export interface ReceivedBody {
	outcomes: ReceiveOutcome[];
	/** Why the body could not be read to its end. */
	broken: DomainError | null;
}

/** Reads DICOM objects from a request: parts of a multipart body, or one bare object. */
export async function receiveBody(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	studyUid: StudyUid | null,
	origin: 'stow' | 'upload'
): Promise<ReceivedBody> {
	if (actor.kind === 'nobody') throw new Refusal('not_signed_in', 'study.upload');
	if (!couldEver(actor, 'study.upload')) throw new Refusal('not_allowed', 'study.upload');
	const objects = objectsIn(request);
	const outcomes: ReceiveOutcome[] = [];
	let group: Uint8Array[] = [];
	let size = 0;
	const flush = async () => {
		const received = await receiveObjects(services, actor, {
			objects: group,
			origin,
			expectedStudyUid: studyUid
		});
		outcomes.push(...received.outcomes);
		group = [];
		size = 0;
	};
	let broken: DomainError | null = null;
	try {
		for await (const object of objects) {
			group.push(object);
			size += object.byteLength;
			if (size >= groupBytes || group.length >= groupParts) await flush();
		}
	} catch (error) {
		// What is not the body's fault (no right, archive away) is the whole request's.
		const ofBody = error instanceof DomainError && bodyFaults.includes(error.code);
		if (!ofBody) throw error;
		broken = error;
	}
	if (group.length) await flush();
	return { outcomes, broken };
}

const bodyFaults: readonly string[] = ['invalid_input', 'too_large'];

function objectsIn(request: DoorRequest): AsyncGenerator<Uint8Array> {
	const type = readMediaType(request.headers.get('content-type') ?? '');
	const announced = Number(request.headers.get('content-length') ?? 0);
	if (announced > storeLimits.totalBytes) throw new DomainError('too_large');
	if (!request.body) throw new DomainError('invalid_input', 'The request has no body.');
	if (type?.type === dicom) return bareObject(request.body);
	const { boundary, type: partType = dicom } = type?.parameters ?? {};
	if (type?.type !== 'multipart/related' || partType.toLowerCase() !== dicom) {
		throw new DomainError('unsupported', `Send multipart/related; type="${dicom}", or ${dicom}.`);
	}
	if (!boundary || boundary.length > 200) {
		throw new DomainError('invalid_input', 'The Content-Type names no usable boundary.');
	}
	return partObjects(request.body, boundary);
}

async function* partObjects(
	body: ReadableStream<Uint8Array>,
	boundary: string
): AsyncGenerator<Uint8Array> {
	for await (const { headers, bytes } of readParts(chunks(body), boundary, storeLimits)) {
		const partType = readMediaType(headers['content-type'] ?? dicom)?.type;
		if (partType !== dicom && partType !== 'application/octet-stream') {
			throw new DomainError('invalid_input', `Every part has to be ${dicom}.`);
		}
		yield bytes;
	}
}

async function* bareObject(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	const parts: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of chunks(body)) {
		length += chunk.byteLength;
		if (length > storeLimits.partBytes) throw new DomainError('too_large');
		parts.push(chunk);
	}
	const all = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.byteLength;
	}
	yield all;
}

/** A client that breaks off is a broken body, not an error of ours. */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of body) yield chunk;
	} catch (error) {
		if (error instanceof DomainError) throw error;
		throw new DomainError('invalid_input', 'The body broke off.', { cause: error });
	}
}

/** Store Instances Response (PS3.18 I.2.2). */
function storeAnswer(
	outcomes: readonly ReceiveOutcome[],
	broken: DomainError | null,
	base: string
): DoorAnswer {
	const kept = outcomes.flatMap((o) => (o.status === 'rejected' ? [] : [o]));
	const failed = outcomes.flatMap((o) => (o.status === 'rejected' ? [o] : []));
	const named = failed.filter((f) => f.sopUid !== null);
	const nameless = failed.filter((f) => f.sopUid === null);
	const studies = [...new Set(kept.map((k) => k.studyUid))];
	const body: DicomJson = {
		[tags.RetrieveURL]: list('UR', studies.length === 1 ? [`${base}/studies/${studies[0]}`] : [])
	};
	if (named.length) {
		body[tags.FailedSOPSequence] = list(
			'SQ',
			named.map((f) => ({
				...reference(f.sopClass ?? '', f.sopUid ?? ''),
				[tags.FailureReason]: list('US', [f.failureReason])
			}))
		);
	}
	if (kept.length) {
		body[tags.ReferencedSOPSequence] = list(
			'SQ',
			kept.map((k) => ({
				...reference(k.sopClass, k.sopUid),
				[tags.RetrieveURL]: list('UR', [
					`${base}/studies/${k.studyUid}/series/${k.seriesUid}/instances/${k.sopUid}`
				])
			}))
		);
	}
	if (nameless.length || broken) {
		body[otherFailures] = list('SQ', [
			...nameless.map((f) => ({ [tags.FailureReason]: list('US', [f.failureReason]) })),
			...(broken ? [{ [tags.FailureReason]: list('US', [0xc000]) }] : [])
		]);
	}
	const whole = !failed.length && !broken;
	const reasons = [
		...new Set(failed.map((f) => f.reason)),
		...(broken?.detail ? [broken.detail] : [])
	];
	return dicomJson(body, {
		status: whole ? 200 : kept.length ? 202 : 409,
		headers: reasons.length ? { warning: warning(reasons) } : {}
	});
}

const list = (vr: string, values: unknown[]): DicomElement =>
	values.length ? { vr, Value: values } : { vr };

function reference(sopClass: string, sopUid: string): DicomJson {
	return {
		[tags.ReferencedSOPClassUID]: list('UI', sopClass ? [sopClass] : []),
		[tags.ReferencedSOPInstanceUID]: list('UI', sopUid ? [sopUid] : [])
	};
}

/** The Standard has no place for words in the answer; like other archives we use a Warning header. */
function warning(reasons: readonly string[]): string {
	const words = reasons.slice(0, 5).join(' | ').slice(0, 900);
	return `299 readroom: ${words.replace(/[^\x20-\x7e]/g, "'")}`;
}
