import type * as Y from 'yjs';
import type { WebSocket } from 'ws';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { migrateDocument } from '$lib/collab/migrations.ts';
import type { PresenceUser } from '$lib/collab/presence.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { isFrozen } from '$lib/report/states.ts';
import type { AccessKey } from '../access-registry.ts';
import { actorOfSession } from '../auth/actors.ts';
import { openThings } from '../access-registry.ts';
import type { Services } from '../services.ts';
import { applyAsServer } from './apply-as-server.ts';
import type { Admitted } from './authenticate.ts';
import { oneProcess } from './fan-out.ts';
import { defaultLimits } from './limits.ts';
import { LiveSocket } from './live-socket.ts';
import type { LiveDocument } from './live-document.ts';
import { messageOf, type LiveMachine } from './machine.ts';
import { OpenDocuments } from './open-documents.ts';
import { findReport } from './persist.ts';

export interface LiveSnapshot {
	/** A copy; the caller destroys it. */
	doc: Y.Doc;
	/** Last row of `document_updates` in it; 0 when there is none. */
	uptoId: number;
	generation: number;
}

/**
 * The live documents of this process. None of these may be called inside a database transaction:
 * they wait for the document's queue, and the queue waits for the database.
 */
export interface LiveHub {
	/**
	 * Writes into a report's document as the server; the return value is that of `write`. Committed,
	 * applied and passed on when it resolves. `write` may run more than once.
	 * @throws DomainError `not_found`, or `report_final` when it would change a signed report.
	 */
	applyAsServer<T>(reportId: ReportId, write: (doc: Y.Doc) => T): Promise<T>;
	/** The document as it is stored now. @throws DomainError `not_found`. */
	snapshot(reportId: ReportId): Promise<LiveSnapshot>;
	/**
	 * After the signing committed: closes with 4409. What was sent before that is dealt with first, as
	 * late edits (L7). Edits that other processes take are refused by the report's row itself.
	 */
	freeze(reportId: ReportId): Promise<void>;
	/** After the generation changed: closes with 4410 and lets the old document go (K10). */
	replaced(reportId: ReportId): void;
	/** After the worksheet changed: closes with 4411 once what was sent before is stored. */
	reopen(reportId: ReportId): Promise<void>;
	/** Judges again all that hangs on a key and closes what is no longer allowed (A5, B4). */
	accessChanged(key: AccessKey): Promise<void>;
	/** The same for everybody in one report, after its state changed. */
	rejudge(reportId: ReportId): Promise<void>;
	/** Who is in it now, each person once. */
	present(reportId: ReportId): PresenceUser[];
	/** Takes over an upgraded socket of somebody who was judged. */
	attach(ws: WebSocket, admitted: Admitted, document: LiveDocument): void;
	/** Loads before the first sync (K9); `release` it when it was not attached. */
	open(admitted: Admitted): Promise<LiveDocument>;
	release(document: LiveDocument): void;
	/** How many sockets hang on a key. */
	socketsOn(key: AccessKey): number;
	readonly machine: LiveMachine;
	/** For operators and tests. */
	stats(): { documents: number; sockets: number };
	/** Closes every socket with 1001 and waits for what is being written. */
	close(): Promise<void>;
}

export type HubParts = Pick<Services, 'env' | 'db' | 'clock' | 'newId' | 'log' | 'audit'> &
	Partial<Pick<LiveMachine, 'judgeSession' | 'registry' | 'fanOut' | 'limits'>>;

export function createLiveHub(parts: HubParts): LiveHub {
	const machine: LiveMachine = {
		judgeSession: async (value) => (await actorOfSession(parts, value))?.actor ?? null,
		registry: openThings,
		fanOut: oneProcess,
		limits: defaultLimits,
		...parts
	};
	const documents = new OpenDocuments(machine);
	const sockets = new Map<LiveSocket, readonly AccessKey[]>();
	/** Somebody who was being judged while we closed must not be left on a hub that nobody knows. */
	let closed = false;
	const socketsOn = (key: AccessKey) =>
		[...sockets].filter(([, keys]) => keys.includes(key)).map(([socket]) => socket);

	async function withDocument<T>(
		reportId: ReportId,
		work: (document: LiveDocument) => Promise<T>
	): Promise<T> {
		const report = await findReport(machine.db, reportId);
		if (!report) throw new DomainError('not_found');
		const document = await documents.acquire(report);
		try {
			return await document.queue.run(() => work(document));
		} finally {
			documents.release(document);
		}
	}

	async function judgeAll(chosen: Iterable<LiveSocket>): Promise<void> {
		for (const socket of [...chosen]) {
			try {
				await socket.judgeAgain();
			} catch (e) {
				machine.log.warn({ err: messageOf(e) }, 'a socket could not be judged');
				socket.close(closeCodes.failed, 'try again');
			}
		}
	}

	// Sessions end by themselves, and other processes end them: nobody tells us.
	const { judgeAgainMs } = machine.limits;
	let watching = false;
	async function look(): Promise<void> {
		// A slow database must not pile up looks.
		if (watching) return;
		watching = true;
		const before = machine.clock().getTime() - judgeAgainMs;
		await judgeAll([...sockets.keys()].filter((socket) => socket.judgedAt <= before));
		watching = false;
	}
	const watch = setInterval(() => void look(), judgeAgainMs / 2);
	watch.unref();

	const stopListening = machine.fanOut.listen((reportId) => {
		const document = documents.peek(reportId);
		void document?.queue.run(() => document.catchUp(machine.db));
	});

	return {
		machine,
		async applyAsServer(reportId, write) {
			return withDocument(reportId, (document) => applyAsServer(machine, document, write));
		},
		snapshot: (reportId) =>
			withDocument(reportId, async (document) => {
				// Also what other processes committed.
				await document.catchUp(machine.db);
				const { generation, lastId: uptoId } = document;
				return { doc: document.scratch(), uptoId, generation };
			}),
		async freeze(reportId) {
			const peers = [...(documents.peek(reportId)?.peers ?? [])];
			await Promise.all(peers.map((peer) => peer.finish(closeCodes.stateMovedOn, 'final')));
		},
		async reopen(reportId) {
			const peers = [...(documents.peek(reportId)?.peers ?? [])];
			const { otherWorksheet } = closeCodes;
			await Promise.all(peers.map((peer) => peer.finish(otherWorksheet, 'another worksheet')));
		},
		replaced(reportId) {
			const document = documents.peek(reportId);
			for (const peer of [...(document?.peers ?? [])]) {
				peer.close(closeCodes.otherGeneration, 'another generation');
			}
		},
		accessChanged: (key) => judgeAll(socketsOn(key)),
		rejudge: (reportId) => judgeAll(socketsOn(`report:${reportId}`)),
		socketsOn: (key) => socketsOn(key).length,
		present(reportId) {
			const states = documents.peek(reportId)?.presence.states().values() ?? [];
			return [...new Map([...states].map(({ user }) => [user.id, user])).values()];
		},
		async open({ report }) {
			const document = await documents.acquire(report);
			try {
				if (!isFrozen(report.state)) await migrate(document);
			} catch (e) {
				documents.release(document);
				throw e;
			}
			return document;
		},
		release: (document) => documents.release(document),
		attach(ws, admitted, document) {
			const { actor, session, acks, request, report } = admitted;
			const keys: AccessKey[] = [
				`user:${actor.userId}`,
				`session:${actor.sessionId}`,
				`practice:${actor.practiceId}`,
				`report:${report.id}`
			];
			if (closed) {
				ws.on('error', () => undefined);
				ws.close(closeCodes.goingAway, 'restarting');
				documents.release(document);
				return;
			}
			const frozen = isFrozen(report.state);
			const socket = new LiveSocket(machine, {
				ws,
				document,
				actor,
				session,
				acks,
				frozen,
				request,
				judgedAt: admitted.judgedAt,
				onGone() {
					sockets.delete(socket);
					forget();
					documents.release(document);
				}
			});
			sockets.set(socket, keys);
			const forget = machine.registry.add({
				keys,
				close: (code, reason) => socket.close(code, reason)
			});
			socket.start();
		},
		stats: () => ({ documents: documents.size, sockets: sockets.size }),
		async close() {
			closed = true;
			clearInterval(watch);
			stopListening();
			for (const socket of [...sockets.keys()]) socket.close(closeCodes.goingAway, 'restarting');
			await documents.settle();
		}
	};

	async function migrate(document: LiveDocument): Promise<void> {
		const copy = document.scratch();
		const due = migrateDocument(copy).length > 0;
		copy.destroy();
		if (!due) return;
		await document.queue.run(() => applyAsServer(machine, document, (doc) => migrateDocument(doc)));
	}
}
