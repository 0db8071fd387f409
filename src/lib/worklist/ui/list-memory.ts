/**
 * The order of the list that this tab last showed, for "next study". In memory only: it is gone with
 * the tab, and never made on the server.
 */
let uids: readonly string[] = [];

export function rememberList(studyUids: readonly string[]): void {
	uids = studyUids;
}

/** The study after or before this one in the list; null at its ends and for one that is not in it. */
export function neighbourOf(studyUid: string, by: 1 | -1): string | null {
	const at = uids.indexOf(studyUid);
	return at < 0 ? null : (uids[at + by] ?? null);
}
