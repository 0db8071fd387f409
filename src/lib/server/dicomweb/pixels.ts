import { randomUUID } from 'node:crypto';
import type { Actor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { FramePart, InstanceRef } from '../archive/archive.ts';
import type { Services } from '../services.ts';
import { chooseType, covers, partChoices, readAccept, type PartChoice } from './accept.ts';
import {
	answered,
	etagOf,
	isUnchanged,
	notAcceptable,
	refused,
	unchanged,
	type DoorAnswer,
	type DoorRequest
} from './answer.ts';
import type { Flow } from './flow.ts';
import { multipartEnd, partHead } from './multipart.ts';
import type { Place } from './path.ts';
import { reachWhileSent, type InstanceRow } from './reach.ts';
import { recordImageRead } from './read-audit.ts';

const octets = 'application/octet-stream';
const frameTypes = [octets, 'image/*', 'video/*'];
/** Frames of one call to the archive: what is held at once. */
const batch = 8;

/** WADO-RS frames, each as it is stored; the part says in which transfer syntax that is. */
export async function retrieveFrames(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	place: Place,
	frames: readonly number[],
	accept: string | null
): Promise<DoorAnswer> {
	const { study, instances } = await reachWhileSent(services, actor, flow, place, 'view');
	const [instance] = instances;
	if (!instance || frames.some((n) => n > instance.frames)) throw new DomainError('not_found');
	const choices = partChoices(readAccept(accept), frameTypes);
	if (!choices.length) return notAcceptable([`multipart/related; type="${octets}"`]);

	await recordImageRead(services, actor, study.id, 'frames');
	const etag = etagOf(instance.contentHash, `f${frames.join('.')}`);
	if (etag && etag.length < 400 && isUnchanged(request, etag)) return unchanged(etag);

	const ref = refOf(study.studyUid, instance);
	const archive = await services.archives.get(study.archiveId);
	const take = (from: number) => archive.frames(ref, frames.slice(from, from + batch), flow.signal);
	const firstParts = await take(0);
	const [sample] = firstParts;
	const choice = sample && choices.find((c) => suits(c, sample, frames.length));
	if (!sample || !choice) {
		return notAcceptable([`multipart/related; type="${sample?.contentType ?? octets}"`]);
	}
	const tagged: Record<string, string> = etag && etag.length < 400 ? { etag } : {};
	if (choice.single) {
		const type = inlineType(sample.contentType);
		return answered(piecesOf(sample), { ...tagged, 'content-type': type });
	}
	const boundary = randomUUID();
	const framed = (parts: readonly FramePart[], at: number): Buffer[] => {
		if (parts.length !== Math.min(batch, frames.length - at)) {
			throw new DomainError('archive_answer_wrong', 'Fewer frames than asked for.');
		}
		return parts.flatMap((part, i) => [
			partHead(boundary, { 'Content-Type': partType(part) }, at + i === 0),
			...piecesOf(part)
		]);
	};
	async function* pieces(): AsyncGenerator<Buffer> {
		yield* framed(firstParts, 0);
		for (let at = batch; at < frames.length; at += batch) yield* framed(await take(at), at);
		yield multipartEnd(boundary);
	}
	const type = choice.type === '*' ? inlineType(sample.contentType) : choice.type;
	const headers = {
		...tagged,
		'content-type': `multipart/related; type="${type}"; boundary=${boundary}`
	};
	if (frames.length > batch) return answered({ list: pieces() }, headers);
	// All of them are here already, and their length is known.
	const whole = [...framed(firstParts, 0), multipartEnd(boundary)];
	return answered(whole, headers);
}

/** Octets are asked for by clients that look at the part's own type, so they take any. */
function suits(choice: PartChoice, part: FramePart, count: number): boolean {
	if (choice.single && count !== 1) return false;
	const typeFits =
		choice.type === '*' ||
		covers(choice.type, part.contentType) ||
		(!choice.single && choice.type === octets);
	const { transferSyntax } = choice;
	const syntaxFits =
		transferSyntax === null || transferSyntax === '*' || transferSyntax === part.transferSyntax;
	return typeFits && syntaxFits;
}

const partType = (part: FramePart) =>
	`${inlineType(part.contentType)}; transfer-syntax=${part.transferSyntax.replace(/[^\d.]/g, '')}`;

/** Types that leave this door are a list (D5). */
function inlineType(type: string): string {
	return /^(?:image\/(?:jpeg|jls|jp2|jpx|jphc|jxl|dicom-rle|png)|video\/(?:mp4|mpeg))$/.test(type)
		? type
		: octets;
}

function piecesOf(part: FramePart): Buffer[] {
	if (part.chunks) return [...part.chunks];
	const { buffer, byteOffset, byteLength } = part.bytes;
	return [Buffer.from(buffer, byteOffset, byteLength)];
}

function refOf(studyUid: InstanceRef['studyUid'], instance: InstanceRow): InstanceRef {
	return { studyUid, seriesUid: instance.seriesUid, sopUid: instance.sopUid };
}

const pictureTypes = ['image/jpeg', 'image/png'] as const;
const thumbnailWidth = 256;
const mostWidth = 4096;

/**
 * A picture to look at: of a frame, or of what stands for an instance, series or study. `viewport`
 * bounds its longer side; a thumbnail is small unless told otherwise.
 */
export async function retrievePicture(
	services: Services,
	actor: Actor,
	request: DoorRequest,
	flow: Flow,
	place: Place,
	ask: { kind: 'rendered' | 'thumbnail'; frame: number | null },
	query: URLSearchParams,
	accept: string | null
): Promise<DoorAnswer> {
	const { study, instances } = await reachWhileSent(services, actor, flow, place, 'view');
	const instance = instances.find((i) => i.rows !== null);
	const frame = ask.frame ?? 1;
	if (!instance || frame > instance.frames) throw new DomainError('not_found');
	const width =
		widthOf(query.get('viewport')) ?? (ask.kind === 'thumbnail' ? thumbnailWidth : null);
	const type = chooseType(readAccept(accept), pictureTypes);
	if (!type) return notAcceptable(pictureTypes);

	await recordImageRead(services, actor, study.id, ask.kind);
	const etag = etagOf(instance.contentHash, `p${frame}.${width ?? 0}.${type.slice(6)}`);
	if (etag && isUnchanged(request, etag)) return unchanged(etag);

	const archive = await services.archives.get(study.archiveId);
	const options = { frame, type, ...(width ? { width } : {}) };
	const payload = await archive
		.rendered(refOf(study.studyUid, instance), options, flow.signal)
		.catch((error: unknown) => {
			if (error instanceof DomainError && error.code === 'unsupported') return error;
			throw error;
		});
	// There is no picture of it in any type: 406 as PS3.18 9.5 says, and why.
	if (payload instanceof DomainError) {
		return refused(406, { code: payload.code, message: payload.detail ?? '' });
	}
	const isPicture = pictureTypes.some((t) => t === payload.contentType);
	if (!isPicture) {
		payload.body.destroy();
		throw new DomainError('archive_answer_wrong', 'The archive did not answer with a picture.');
	}
	return answered(
		{ list: [{ source: payload.body, filter: null }] },
		{
			'content-type': payload.contentType,
			...(payload.length === null ? {} : { 'content-length': String(payload.length) }),
			...(etag ? { etag } : {})
		}
	);
}

/** `viewport=vw,vh`; the region that the Standard allows after it is not offered. */
function widthOf(viewport: string | null): number | null {
	if (viewport === null) return null;
	const match = /^(\d{1,5}),(\d{1,5})$/.exec(viewport);
	const longer = Math.max(Number(match?.[1]), Number(match?.[2]));
	if (!match || longer < 1 || longer > mostWidth) {
		throw new DomainError('invalid_input', `viewport is two numbers up to ${mostWidth}.`);
	}
	return longer;
}
