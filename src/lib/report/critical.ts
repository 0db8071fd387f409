/** Fields of the section that every worksheet shares (`core/critical`). */
export const criticalPrefix = 'critical.';

/** How somebody was told; the section's own options. */
export const communicationWays = ['in_person', 'phone', 'message'] as const;
export type CommunicationWay = (typeof communicationWays)[number];

/** That somebody was told of a critical result after it was signed. Never changed, only added to. */
export interface Communication {
	id: string;
	/** Who was told, as written: "Dr Holm, cardiology on call". */
	told: string;
	/** ISO, UTC. */
	at: string;
	how: CommunicationWay;
	readBack: boolean;
	/** Printed name of whoever recorded it, and when (ISO, UTC). */
	recordedBy: string;
	recordedAt: string;
}

/** What of an entry decides; the document's own entries have more. */
export interface CriticalEntry {
	value: unknown;
	suggestion?: boolean;
}

type Entries = Readonly<Record<string, readonly CriticalEntry[]>>;

/** What was said in one of the section's fields; a suggestion says nothing. */
const said = (entries: Entries, field: string): readonly unknown[] =>
	(entries[`${criticalPrefix}${field}`] ?? [])
		.filter(({ value, suggestion }) => suggestion !== true && value !== null && value !== '')
		.map(({ value }) => value);

/** A message is not read back: with one it is enough that it was sent. */
export const isComplete = ({ how, readBack }: Pick<Communication, 'how' | 'readBack'>): boolean =>
	readBack || how === 'message';

export const isCriticalMarked = (entries: Entries): boolean =>
	said(entries, 'present').includes('yes');

/** What it is, as the reader wrote it; empty where nothing was written. */
export const criticalFinding = (entries: Entries): string => said(entries, 'what').join('; ');

/**
 * Whether somebody marked a critical result of which it does not stand yet who was told, when, and that
 * it was read back: neither in the sheet nor in what was recorded after signing. Of two values side by
 * side the more careful one counts. A message is not read back: with one, "no" is an answer.
 */
export function isCriticalOpen(
	entries: Entries,
	communications: readonly Pick<Communication, 'how' | 'readBack'>[] = []
): boolean {
	if (!isCriticalMarked(entries) || communications.some(isComplete)) return false;
	if (['told', 'date', 'time'].some((field) => said(entries, field).length === 0)) return true;
	const readBack = said(entries, 'read_back');
	if (said(entries, 'how').includes('message')) return readBack.length === 0;
	return !readBack.includes('yes') || readBack.includes('no');
}
