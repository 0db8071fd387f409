/**
 * WebSocket close codes, one table for both ends. 4400–4499 mirror HTTP 4xx and mean "asking again
 * will not help" to y-websocket; everything else is tried again.
 */
export const closeCodes = {
	/** The server stops or restarts. */
	goingAway: 1001,
	/** A message or the document is larger than allowed. */
	tooBig: 1009,
	/** We failed; try again. */
	failed: 1011,
	/** Broken bytes, or an update that no honest client makes. */
	badMessage: 4400,
	/** The session ended. */
	signedOut: 4401,
	/** The role may not do this, or may not any more. */
	notAllowed: 4403,
	/** Signed meanwhile: the live document takes no edits. */
	stateMovedOn: 4409,
	/** The client holds another generation of the document; its edits are kept aside (K10). */
	otherGeneration: 4410,
	/** The report is read with another worksheet now: load it again. */
	otherWorksheet: 4411,
	/** Too many messages or sockets. */
	tooMany: 4429
} as const;

export type CloseKind = keyof typeof closeCodes;

/** Said with `stateMovedOn` when an edit that came too late was kept as a proposed addendum (L7). */
export const lateEditsKept = 'late-edits-kept';

export function kindOfClose(code: number): CloseKind | null {
	const found = Object.entries(closeCodes).find(([, value]) => value === code);
	return found ? (found[0] as CloseKind) : null;
}

/** Whether a client should connect again by itself. */
export function mayReconnect(code: number): boolean {
	return code === closeCodes.tooMany || !(code >= 4400 && code < 4500);
}
