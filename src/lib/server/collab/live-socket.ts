import * as Y from 'yjs';
import type { RawData, WebSocket } from 'ws';
import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { closeCodes, lateEditsKept } from '$lib/collab/close-codes.ts';
import {
	carriesEdits,
	decodeMessage,
	encodeAck,
	encodeSyncStep1,
	encodeSyncStep2,
	messageKinds,
	type Message
} from '$lib/collab/wire.ts';
import { inRequest, type RequestContext } from '../request-context.ts';
import { acceptUpdate } from './accept-update.ts';
import { recordRefusal } from './audit-refusal.ts';
import { subjectOf } from './judge-change.ts';
import type { LiveDocument, Peer } from './live-document.ts';
import { messageOf, Refusal, type LiveMachine } from './machine.ts';
import { findReport } from './persist.ts';
import { Rate } from './rate.ts';
import { SerialQueue } from './queue.ts';

export interface SocketParts {
	ws: WebSocket;
	document: LiveDocument;
	actor: UserActor;
	/** The session cookie's value, to be judged again. */
	session: string;
	/** When session and right were looked at: before the document was loaded. */
	judgedAt: number;
	/** The client counts its edits and wants to hear when they are stored. */
	acks: boolean;
	/** Signed already: hand in what you have, then go. */
	frozen: boolean;
	request: RequestContext;
	onGone(): void;
}

/** Asking three times for what is missing is enough. */
const incompleteLimit = 3;
/** After our close frame, for clients that do not answer it. */
const goneAfterMs = 1000;

/** One socket on one document (K2). Its edits are dealt with in order, one at a time. */
export class LiveSocket implements Peer {
	readonly editedRoots = new Set<string>();
	readonly #machine: LiveMachine;
	readonly #parts: SocketParts;
	readonly #inbox = new SerialQueue();
	readonly #edits: Rate;
	readonly #glances: Rate;
	#actor: UserActor;
	#judgedAt: number;
	#closing = false;
	#voided = false;
	#spoke = false;
	#answered = true;
	/** Frames with edits so far; the number that an acknowledgement names. */
	#received = 0;
	#incomplete = 0;
	/** Something before it was not kept: nothing is acknowledged until the client sent all. */
	#owes = false;
	#late: 'no' | 'final' | 'kept' = 'no';

	constructor(machine: LiveMachine, parts: SocketParts) {
		this.#machine = machine;
		this.#parts = parts;
		this.#actor = parts.actor;
		this.#judgedAt = parts.judgedAt;
		this.#edits = new Rate(machine.limits.editsPerSecond, machine.clock);
		this.#glances = new Rate(machine.limits.presencePerSecond, machine.clock);
	}

	get actor(): UserActor {
		return this.#actor;
	}

	get voided(): boolean {
		return this.#voided;
	}

	/** Begins to listen and asks the client for what we lack. The document is loaded (K9). */
	start(): void {
		const { ws, document } = this.#parts;
		const { limits } = this.#machine;
		const silence = setTimeout(() => {
			if (this.#parts.frozen) this.close(closeCodes.stateMovedOn, 'final');
			else if (!this.#spoke) this.close(closeCodes.tooMany, 'said nothing');
		}, limits.firstMessageMs);
		const ping = setInterval(() => this.#ping(), limits.pingMs);
		ws.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
		ws.on('pong', () => (this.#answered = true));
		// `ws` closes by itself, with the right code, on what breaks the protocol or is too large.
		ws.on('error', () => undefined);
		ws.on('close', () => {
			clearTimeout(silence);
			clearInterval(ping);
			this.#closing = true;
			document.leave(this);
			this.#parts.onGone();
		});
		document.join(this);
		this.send(encodeSyncStep1(Y.encodeStateVector(document.doc)));
	}

	send(frame: Uint8Array): void {
		const { ws } = this.#parts;
		if (this.#closing || ws.readyState !== ws.OPEN) return;
		if (ws.bufferedAmount > this.#machine.limits.unsentBytes) {
			this.close(closeCodes.failed, 'does not read');
			return;
		}
		ws.send(frame);
	}

	close(code: number, reason: string): void {
		if (this.#closing) return;
		this.#closing = true;
		this.#voided = code !== closeCodes.stateMovedOn && code !== closeCodes.goingAway;
		const { ws } = this.#parts;
		ws.close(code, reason);
		ws.resume();
		setTimeout(() => ws.terminate(), goneAfterMs).unref();
	}

	finish(code: number, reason: string): Promise<void> {
		return this.#inbox.run(async () => {
			if (this.#late !== 'kept') this.close(code, reason);
			else this.close(closeCodes.stateMovedOn, lateEditsKept);
		});
	}

	/** Session and right as they stand now (K3, B4); closes when one of them is gone. */
	async judgeAgain(): Promise<boolean> {
		const { judgeSession, clock, db } = this.#machine;
		const actor = await judgeSession(this.#parts.session);
		this.#judgedAt = clock().getTime();
		if (
			!actor ||
			actor.userId !== this.#actor.userId ||
			actor.practiceId !== this.#actor.practiceId
		) {
			this.close(closeCodes.signedOut, 'signed out');
			return false;
		}
		this.#actor = actor;
		const report = await findReport(db, this.#parts.document.reportId);
		if (!report || !can(actor, 'report.read-draft', subjectOf(report))) {
			this.close(closeCodes.notAllowed, 'authorisation changed');
			return false;
		}
		return !this.#closing;
	}

	/** For the watch: those that nobody looked at for a while. */
	get judgedAt(): number {
		return this.#judgedAt;
	}

	#onMessage(data: RawData, isBinary: boolean): void {
		if (this.#closing) return;
		this.#spoke = true;
		const frame = isBinary && toBytes(data);
		if (!frame) return this.close(closeCodes.badMessage, 'not a message');
		const isPresence =
			frame[0] === messageKinds.awareness || frame[0] === messageKinds.queryAwareness;
		if (!(isPresence ? this.#glances : this.#edits).take()) {
			return this.close(closeCodes.tooMany, 'too many messages');
		}
		let message: Message;
		try {
			message = decodeMessage(frame);
			if (this.#glance(message)) return;
		} catch {
			return this.close(closeCodes.badMessage, 'not a message');
		}
		const number = carriesEdits(frame) ? (this.#received += 1) : 0;
		void this.#inbox.run(() => this.#handle(message, number));
		this.#holdBack();
	}

	/** Presence does not wait for the database. @returns whether that was all. */
	#glance(message: Message): boolean {
		const { presence } = this.#parts.document;
		if (message.kind === 'presence') presence.receive(this, message.payload);
		else if (message.kind === 'query-presence') presence.sendAll(this);
		else return false;
		return true;
	}

	/** Reads no further from a socket that sends faster than the database stores. */
	#holdBack(): void {
		const { ws } = this.#parts;
		const { waitingPerSocket } = this.#machine.limits;
		if (this.#inbox.size > waitingPerSocket && !ws.isPaused) ws.pause();
		else if (this.#inbox.size < waitingPerSocket / 2 && ws.isPaused) ws.resume();
	}

	async #handle(message: Message, number: number): Promise<void> {
		try {
			if (this.#voided) return;
			const { judgeAgainMs } = this.#machine.limits;
			const age = this.#machine.clock().getTime() - this.#judgedAt;
			// A clock set back makes the age negative: look again then, too.
			if ((age > judgeAgainMs || age < 0) && !(await this.judgeAgain())) return;
			if (message.kind === 'step1') this.#answerStep1(message.stateVector);
			else if ('update' in message) await this.#takeUpdate(message, number);
		} catch (e) {
			await this.#fail(e);
		} finally {
			// This one still counts while it ends; look after it did.
			queueMicrotask(() => this.#holdBack());
		}
	}

	#answerStep1(stateVector: Uint8Array): void {
		const { doc } = this.#parts.document;
		let update: Uint8Array;
		try {
			update = Y.encodeStateAsUpdate(doc, stateVector);
		} catch {
			throw new Refusal(closeCodes.badMessage, 'not a state vector');
		}
		this.send(encodeSyncStep2(update));
	}

	async #takeUpdate(
		message: Extract<Message, { update: Uint8Array }>,
		number: number
	): Promise<void> {
		const { document, request } = this.#parts;
		const outcome = await document.queue.run(() =>
			inRequest(request, () => acceptUpdate(this.#machine, document, this, message.update))
		);
		if (outcome.kind === 'incomplete') return this.#askForAll(message.kind === 'step2');
		if (message.kind === 'step2') {
			this.#owes = false;
			this.#incomplete = 0;
		}
		if (this.#parts.acks && !this.#owes) this.send(encodeAck(number));
		if (outcome.kind === 'late') {
			if (this.#late !== 'kept') this.#late = outcome.kept ? 'kept' : 'final';
			// What is waiting behind it is kept too, before the socket goes.
			if (this.#inbox.size <= 1) {
				this.close(closeCodes.stateMovedOn, this.#late === 'kept' ? lateEditsKept : 'final');
			}
			return;
		}
		const { snapshotEvery } = this.#machine.limits;
		if (outcome.kind === 'stored') {
			await document.queue.run(() => document.snapshotWhenDue(snapshotEvery));
		}
	}

	/** Once for a row of updates that do not fit; again for an answer that does not, up to a limit. */
	#askForAll(isAnswer: boolean): void {
		if (isAnswer) this.#incomplete += 1;
		if (this.#incomplete > incompleteLimit) {
			throw new Refusal(closeCodes.badMessage, 'updates that do not fit');
		}
		if (this.#owes && !isAnswer) return;
		this.#owes = true;
		this.send(encodeSyncStep1(Y.encodeStateVector(this.#parts.document.doc)));
	}

	async #fail(error: unknown): Promise<void> {
		const { document, request } = this.#parts;
		if (error instanceof Refusal) {
			this.close(error.code, error.reason);
			if (error.code !== closeCodes.notAllowed) return;
			await inRequest(request, () => recordRefusal(this.#machine, this.#actor, document.reportId));
			return;
		}
		this.#machine.log.error(
			{ report: document.reportId, err: messageOf(error) },
			'live document: an edit was not stored'
		);
		this.close(closeCodes.failed, 'try again');
	}

	#ping(): void {
		const { ws } = this.#parts;
		if (!this.#answered) return ws.terminate();
		this.#answered = false;
		ws.ping();
	}
}

function toBytes(data: RawData): Uint8Array | null {
	if (Array.isArray(data)) return null;
	return data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data);
}
