import * as Y from 'yjs';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { openRoots } from '$lib/collab/report-doc.ts';
import { encodeUpdate } from '$lib/collab/wire.ts';
import type { ReportId, UserId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { announcePresence } from './announce-presence.ts';
import type { LiveMachine } from './machine.ts';
import {
	loadDocument,
	saveSnapshot,
	serverOwner,
	updatesAfter,
	type ReportFacts
} from './persist.ts';
import { PresenceRoom, type PresencePeer } from './presence-room.ts';
import { SerialQueue } from './queue.ts';

/** One end of a socket. */
export interface Peer extends PresencePeer {
	/** Bound on the audit event that says this opening edited a root. */
	readonly editedRoots: Set<string>;
	/** Closed by us for a reason that also voids what is still waiting. */
	readonly voided: boolean;
	close(code: number, reason: string): void;
	/** After what it already sent was dealt with. */
	finish(code: number, reason: string): Promise<void>;
}

/**
 * One report's shared document in memory. It only ever holds what the database committed: an update
 * is stored first and applied after (K8), one after the other.
 */
export class LiveDocument {
	readonly reportId: ReportId;
	readonly generation: number;
	readonly doc = new Y.Doc();
	readonly queue = new SerialQueue();
	readonly presence: PresenceRoom;
	readonly peers = new Set<Peer>();
	/** Who wrote under which Yjs client id. */
	readonly owners: Map<number, UserId>;
	readonly #machine: LiveMachine;
	#lastId: number;
	#sinceSnapshot: number;
	#bytes: number;
	#broken = false;

	static async load(machine: LiveMachine, report: ReportFacts): Promise<LiveDocument> {
		const stored = await loadDocument(machine.db, report.id, report.generation);
		return new LiveDocument(machine, report, stored);
	}

	private constructor(
		machine: LiveMachine,
		report: ReportFacts,
		stored: Awaited<ReturnType<typeof loadDocument>>
	) {
		this.#machine = machine;
		this.reportId = report.id;
		this.generation = report.generation;
		this.owners = stored.owners;
		this.#lastId = stored.lastId;
		this.#sinceSnapshot = stored.sinceSnapshot;
		this.#bytes = stored.bytes;
		this.presence = new PresenceRoom(
			machine.clock,
			(id) => this.owners.get(id),
			() => announcePresence(machine, report)
		);
		openRoots(this.doc);
		// Nobody edits this copy; an own id under which nothing is ever written is reserved all the same.
		this.owners.set(this.doc.clientID, serverOwner);
		for (const update of stored.updates) Y.applyUpdate(this.doc, update);
	}

	/** Something was applied that did not fit: what is in memory is not what is stored. */
	get broken(): boolean {
		return this.#broken;
	}

	/** Last row of `document_updates` that is in memory; 0 when there is none. */
	get lastId(): number {
		return this.#lastId;
	}

	join(peer: Peer): void {
		this.peers.add(peer);
		this.presence.join(peer);
	}

	leave(peer: Peer): void {
		this.peers.delete(peer);
		this.presence.leave(peer);
	}

	/** Takes in what other processes committed meanwhile. Inside the queue. */
	async catchUp(db: Queryable): Promise<void> {
		const rows = await updatesAfter(db, this.reportId, this.generation, this.#lastId);
		for (const { id, update } of rows) this.applyCommitted(id, update, null);
	}

	/** Applies and passes on an update that is in the database now. */
	applyCommitted(id: number, update: Uint8Array, from: Peer | null): void {
		Y.applyUpdate(this.doc, update);
		this.#lastId = Math.max(this.#lastId, id);
		this.#sinceSnapshot += 1;
		this.#bytes += update.length;
		if (this.doc.store.pendingStructs || this.doc.store.pendingDs) this.#breakOff();
		const frame = encodeUpdate(update);
		for (const peer of this.peers) if (peer !== from) peer.send(frame);
	}

	#breakOff(): void {
		this.#broken = true;
		this.#machine.log.error({ report: this.reportId }, 'live document: stored update does not fit');
		for (const peer of this.peers) peer.close(closeCodes.failed, 'try again');
	}

	/** Whether the document would stay within its limit. Deletions shrink it, so look before saying no. */
	hasRoomFor(update: Uint8Array): boolean {
		const limit = this.#machine.limits.documentBytes;
		if (this.#bytes + update.length <= limit) return true;
		this.#bytes = Y.encodeStateAsUpdate(this.doc).length;
		return this.#bytes + update.length <= limit;
	}

	/** Inside the queue. */
	async snapshotWhenDue(every: number): Promise<void> {
		if (this.#sinceSnapshot < every || this.#sinceSnapshot === 0 || this.#broken) return;
		const { reportId, generation, doc } = this;
		const { db, clock } = this.#machine;
		await saveSnapshot(db, { reportId, generation, doc, uptoId: this.#lastId, at: clock() });
		this.#sinceSnapshot = 0;
	}

	/** A copy to try things on. The caller destroys it. */
	scratch(): Y.Doc {
		const copy = new Y.Doc();
		openRoots(copy);
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.doc));
		return copy;
	}
}
