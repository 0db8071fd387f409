import { DomainError } from '$lib/errors.ts';
import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import type { InstanceRef, StoreOutcome } from './archive.ts';
import type { ObjectSummary } from './object-summary.ts';

/** Failure Reason (0008,1197): PS3.18 I.2 and PS3.4 B.2.3, PS3.7 C. */
export const failureReasons = {
	processingFailure: 0x0110,
	duplicateSopInstance: 0x0111,
	outOfResources: 0xa700,
	studyMismatch: 0xa900,
	cannotUnderstand: 0xc000,
	transferSyntaxNotSupported: 0xc122
} as const;

export function refOf(summary: ObjectSummary): InstanceRef {
	return {
		studyUid: summary.studyUid as StudyUid,
		seriesUid: summary.seriesUid as SeriesUid,
		sopUid: summary.sopUid as InstanceUid
	};
}

export function rejected(
	failureReason: number,
	reason: string,
	summary?: ObjectSummary
): StoreOutcome {
	return {
		status: 'rejected',
		sopUid: summary?.sopUid ?? null,
		sopClass: summary?.sopClass ?? null,
		failureReason,
		reason
	};
}

/** What reading threw, as an outcome of this one object. What is not its fault is thrown on. */
export function rejectedBecause(error: unknown): StoreOutcome {
	if (!(error instanceof DomainError)) throw error;
	const reason = error.detail ?? 'The object cannot be read.';
	switch (error.code) {
		case 'unsupported':
			return rejected(failureReasons.transferSyntaxNotSupported, reason);
		case 'too_large':
		case 'too_many':
			return rejected(failureReasons.outOfResources, reason);
		case 'invalid_input':
			return rejected(failureReasons.cannotUnderstand, reason);
		default:
			throw error;
	}
}

export const otherStudy = (summary: ObjectSummary) =>
	rejected(
		failureReasons.studyMismatch,
		'The object belongs to another study than the one it was sent to.',
		summary
	);

export const otherContent = (summary: ObjectSummary) =>
	rejected(
		failureReasons.duplicateSopInstance,
		'An object with this SOP Instance UID and other content is there already; it was not replaced. ' +
			'Give the changed object a new UID.',
		summary
	);
