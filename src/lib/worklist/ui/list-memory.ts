/**
 * The order of the list that this tab last showed, for "next study". In memory only: it is gone with
 * the tab, and never made on the server.
 */
export interface Remembered {
	studyUid: string;
	/** Nobody has signed it final. */
	open: boolean;
}

let list: readonly Remembered[] = [];

export function rememberList(studies: readonly Remembered[]): void {
	list = studies;
}

const indexOf = (studyUid: string) => list.findIndex((one) => one.studyUid === studyUid);

/** The study after or before this one in the list; null at its ends and for one that is not in it. */
export function neighbourOf(studyUid: string, by: 1 | -1): string | null {
	const at = indexOf(studyUid);
	return at < 0 ? null : (list[at + by]?.studyUid ?? null);
}

/** The next one that still has to be read, from the top again after the end; null when there is none. */
export function nextToRead(studyUid: string): string | null {
	const at = indexOf(studyUid);
	if (at < 0) return null;
	const after = [...list.slice(at + 1), ...list.slice(0, at)];
	return after.find(({ open }) => open)?.studyUid ?? null;
}

/** It was signed here: the list that was remembered is older than that. */
export function rememberSigned(studyUid: string): void {
	list = list.map((one) => (one.studyUid === studyUid ? { ...one, open: false } : one));
}
