/**
 * Branded ids. A brand says what an id is for, so that a report id cannot be passed where a study
 * is meant. Minting and checking live with whoever owns the kind of id.
 */
declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** DICOM Study Instance UID (0020,000D): digits and dots, at most 64 characters. */
export type StudyUid = Brand<string, 'StudyUid'>;
/** DICOM Series Instance UID (0020,000E). */
export type SeriesUid = Brand<string, 'SeriesUid'>;
/** DICOM SOP Instance UID (0008,0018). */
export type InstanceUid = Brand<string, 'InstanceUid'>;
/** One practice's index row of one study in one archive. Never a DICOM UID. */
export type StudyId = Brand<string, 'StudyId'>;
export type PracticeId = Brand<string, 'PracticeId'>;
export type ArchiveId = Brand<string, 'ArchiveId'>;
/** An archive beside the study's own, to which signed reports are sent. */
export type DestinationId = Brand<string, 'DestinationId'>;
export type UserId = Brand<string, 'UserId'>;
export type PatientId = Brand<string, 'PatientId'>;
export type OrderId = Brand<string, 'OrderId'>;
/** The live report. Also the name of its live document. */
export type ReportId = Brand<string, 'ReportId'>;
/** One frozen, hashed state of a report. */
export type VersionId = Brand<string, 'VersionId'>;
/** A named text with an abbreviation. */
export type MacroId = Brand<string, 'MacroId'>;
/** A named set of answers and texts for one worksheet. */
export type PresetId = Brand<string, 'PresetId'>;
/** People of a practice who read together and share their texts. */
export type ReadingGroupId = Brand<string, 'ReadingGroupId'>;
/** The public half of a share link; knowing it opens nothing. */
export type GrantId = Brand<string, 'GrantId'>;

/** A source of fresh ids, passed as an argument so that tests can seed it. */
export type NewId = () => string;
/** A source of the current time, passed as an argument so that tests can set it. */
export type Clock = () => Date;

/** PS3.5 9.1: components of digits without leading zeros, joined by dots, at most 64 characters. */
const uidPattern = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/;

export function isUid(text: string): boolean {
	return text.length <= 64 && text.length > 0 && uidPattern.test(text);
}
