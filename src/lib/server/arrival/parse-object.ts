import type { DicomJson } from '$lib/dicom/json.ts';
import { DomainError } from '$lib/errors.ts';
import { ParsePool } from '../archive/parse-pool.ts';
import { failureReasons } from './failure-reasons.ts';
import { readObject, type ArrivedObject } from './read-object.ts';

export interface ParsedObject extends ArrivedObject {
	dataset: DicomJson;
	/** SHA-256 (hex) of the file as we keep it. */
	contentHash: string;
}

/** Why an object is not taken; `reason` names what is wrong and what to do, and no patient. */
export interface ObjectRefusal {
	sopUid: string | null;
	sopClass: string | null;
	failureReason: number;
	reason: string;
}

export type ParseOutcome =
	{ ok: true; object: ParsedObject } | { ok: false; refusal: ObjectRefusal };

/** One pool of readers for what comes in, apart from the archive's, so that neither waits for both. */
const slot = Symbol.for('readroom.arrival-readers');
const shared = globalThis as { [slot]?: ParsePool };
const readers = (): ParsePool => (shared[slot] ??= new ParsePool());

/** Reads one object, off the event loop, and says what is wrong with it by itself. Never throws. */
export async function parseObject(bytes: Uint8Array, archiveZone: string): Promise<ParseOutcome> {
	try {
		const { dataset, transferSyntax, hash } = await readers().summarise(bytes);
		const object = readObject(dataset, transferSyntax, archiveZone);
		return { ok: true, object: { ...object, dataset, contentHash: hash } };
	} catch (error) {
		return { ok: false, refusal: refusalOf(error) };
	}
}

/** All of them, in order, a few at a time. */
export async function parseObjects(
	objects: readonly Uint8Array[],
	archiveZone: string
): Promise<ParseOutcome[]> {
	const outcomes = new Array<ParseOutcome>(objects.length);
	let next = 0;
	const work = async () => {
		for (let at = next++; at < objects.length; at = next++) {
			outcomes[at] = await parseObject(objects[at] ?? new Uint8Array(), archiveZone);
		}
	};
	await Promise.all([work(), work(), work(), work()]);
	return outcomes;
}

function refusalOf(error: unknown): ObjectRefusal {
	const known = error instanceof DomainError ? error : null;
	return {
		sopUid: null,
		sopClass: null,
		failureReason: reasonOf(known),
		reason: known?.detail ?? 'The file could not be read as DICOM.'
	};
}

function reasonOf(error: DomainError | null): number {
	switch (error?.code) {
		case 'unsupported':
			return failureReasons.transferSyntaxNotSupported;
		case 'too_large':
		case 'too_many':
			return failureReasons.outOfResources;
		case 'invalid_input':
			return failureReasons.cannotUnderstand;
		default:
			return failureReasons.processingFailure;
	}
}
