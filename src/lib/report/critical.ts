/** Fields of the section that every worksheet shares (`core/critical`). */
export const criticalPrefix = 'critical.';

/** What of an entry decides; the document's own entries have more. */
export interface CriticalEntry {
	value: unknown;
	suggestion?: boolean;
}

/**
 * Whether somebody marked a critical result of which it does not stand yet who was told, when, and that
 * it was read back. Of two values side by side the more careful one counts. A message is not read back:
 * with one, "no" is an answer.
 */
export function isCriticalOpen(
	entries: Readonly<Record<string, readonly CriticalEntry[]>>
): boolean {
	const said = (field: string) =>
		(entries[`${criticalPrefix}${field}`] ?? []).filter(
			({ value, suggestion }) => suggestion !== true && value !== null && value !== ''
		);
	const says = (field: string, wanted: string) => said(field).some(({ value }) => value === wanted);
	if (!says('present', 'yes')) return false;
	if (['told', 'date', 'time'].some((field) => said(field).length === 0)) return true;
	if (says('how', 'message')) return said('read_back').length === 0;
	return !says('read_back', 'yes') || says('read_back', 'no');
}
