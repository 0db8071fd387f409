/** What one socket and one document may cost (K7). Injected, so that tests can make them small. */
export interface LiveLimits {
	/** Bytes of one message; larger ones end with 1009 before they are buffered. */
	messageBytes: number;
	/** Bytes of the document, encoded. */
	documentBytes: number;
	/** Messages with edits, per socket. */
	editsPerSecond: number;
	/** Presence; y-websocket also sends back what it hears of others. */
	presencePerSecond: number;
	/** Messages of one socket waiting for the database before it is read no further. */
	waitingPerSocket: number;
	/** Bytes to a socket that does not read them. */
	unsentBytes: number;
	socketsPerUser: number;
	/** A socket that says nothing is closed. */
	firstMessageMs: number;
	/** A session is looked at again before an edit when the last look is older; also by a timer. */
	judgeAgainMs: number;
	/** How long a document that nobody uses stays in memory. */
	unloadAfterMs: number;
	/** A snapshot is made after this many updates. */
	snapshotEvery: number;
	pingMs: number;
	/** Waits before a failed write to the database is tried again. */
	retryMs: readonly number[];
}

export const defaultLimits: LiveLimits = {
	messageBytes: 256 * 1024,
	documentBytes: 2 * 1024 * 1024,
	editsPerSecond: 100,
	presencePerSecond: 500,
	waitingPerSocket: 50,
	unsentBytes: 8 * 1024 * 1024,
	socketsPerUser: 40,
	firstMessageMs: 10_000,
	judgeAgainMs: 2_000,
	unloadAfterMs: 30_000,
	snapshotEvery: 200,
	pingMs: 20_000,
	retryMs: [100, 400, 1500, 4000]
};
