/**
 * A place in a list ordered by time and id. Keyset paging: a page costs the same wherever it lies,
 * and rows that arrive meanwhile neither repeat nor hide others.
 */
export interface Cursor {
	listedAt: Date;
	id: string;
}

export function writeCursor(cursor: Cursor): string {
	return `${cursor.listedAt.toISOString()}|${cursor.id}`;
}

/** Null for what `writeCursor` cannot have written. */
export function readCursor(text: string): Cursor | null {
	const bar = text.indexOf('|');
	if (bar < 0) return null;
	const listedAt = new Date(text.slice(0, bar));
	const id = text.slice(bar + 1);
	return Number.isNaN(listedAt.getTime()) || !/^[\w.-]{1,100}$/.test(id) ? null : { listedAt, id };
}
