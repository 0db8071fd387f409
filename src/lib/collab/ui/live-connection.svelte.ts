import * as decoding from 'lib0/decoding';
import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Clock } from '../../ids.ts';
import {
	closeCodes,
	kindOfClose,
	lateEditsKept,
	mayReconnect,
	type CloseKind
} from '../close-codes.ts';
import { openRoots } from '../report-doc.ts';
import { addressParams, decodeAck, messageKinds } from '../wire.ts';
import { countingSocket } from './acknowledged-socket.ts';

/** Why the server ended it for good. */
export interface Ending {
	kind: CloseKind;
	/** The report was signed meanwhile, and what came too late waits as a proposed addendum (L7). */
	lateEditsKept: boolean;
}

export type ConnectionStatus =
	/** Never connected yet. */
	| 'connecting'
	| 'connected'
	/** Was connected, or could not; it tries again by itself. */
	| 'offline'
	/** The server ended it; see `ending`. */
	| 'ended';

export interface LiveConnectionInput {
	reportId: string;
	generation: number;
	/** `wss://host/ws`; by default this page's own host. */
	address?: string;
	doc?: Y.Doc;
	clock?: Clock;
	/** Node's in tests. */
	Socket?: typeof WebSocket;
	/**
	 * Asked when a connection is refused before it opens: a browser is not told why. Answers what the
	 * reason is, or null when the server is only unreachable.
	 */
	diagnose?: () => Promise<Extract<CloseKind, 'signedOut' | 'notAllowed'> | null>;
}

/** After so many refusals in a row it is asked why. */
const refusalsBeforeAsking = 2;

/**
 * The shared document of one report and its connection: says what is true about where edits are.
 * Nothing is kept on this device: unsent edits live in this tab until they are acknowledged.
 */
export class LiveConnection {
	readonly doc: Y.Doc;
	readonly awareness: Awareness;
	readonly #provider: WebsocketProvider;
	readonly #input: LiveConnectionInput;
	readonly #clock: Clock;
	#status = $state<ConnectionStatus>('connecting');
	#synced = $state(false);
	/** Was synced once. */
	#complete = $state(false);
	#offlineSince = $state.raw<Date | null>(null);
	#ending = $state.raw<Ending | null>(null);
	/** Local edits since everything was acknowledged for the last time. */
	#unsaved = $state(false);
	#savedAt = $state.raw<Date | null>(null);
	#sent = 0;
	#acknowledged = 0;
	#answered = false;
	#refusals = 0;
	#handedIn = false;

	constructor(input: LiveConnectionInput) {
		this.#input = input;
		// eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, never changed
		this.#clock = input.clock ?? (() => new Date());
		this.doc = input.doc ?? new Y.Doc();
		openRoots(this.doc);
		this.doc.on('update', this.#onUpdate);
		const Socket = countingSocket(input.Socket ?? globalThis.WebSocket, {
			opened: () => {
				this.#sent = 0;
				this.#acknowledged = 0;
				this.#answered = false;
			},
			sent: (count, isAnswer) => {
				this.#sent = count;
				this.#answered ||= isAnswer;
			},
			presenceId: () => this.awareness.clientID
		});
		this.#provider = new WebsocketProvider(
			input.address ?? ownAddress(),
			input.reportId,
			this.doc,
			{
				WebSocketPolyfill: Socket,
				params: {
					[addressParams.generation]: String(input.generation),
					[addressParams.acks]: '1'
				},
				// Every tab has its own rights and its own acknowledgements.
				disableBc: true,
				connect: false,
				shouldReconnect: (event) => mayReconnect(event.code)
			}
		);
		this.awareness = this.#provider.awareness;
		this.#provider.messageHandlers[messageKinds.ack] = (_, decoder) => this.#onAck(decoder);
		this.#provider.on('status', ({ status }) => this.#onStatus(status));
		this.#provider.on('sync', (synced) => {
			this.#synced = synced;
			this.#complete ||= synced;
		});
		this.#provider.on('connection-error', () => void this.#onRefused());
		this.#provider.on('closed', ({ code, reason }) => this.#onEnded(code, reason));
		this.#provider.connect();
	}

	get status(): ConnectionStatus {
		return this.#status;
	}

	/** The document is complete: until then it must not be shown as empty. */
	get synced(): boolean {
		return this.#synced;
	}

	/** Since when nothing reaches the server; null while connected or ended. */
	get offlineSince(): Date | null {
		return this.#offlineSince;
	}

	/** Every edit made here is in the server's database. */
	get savedThere(): boolean {
		return !this.#unsaved;
	}

	/** When `savedThere` became true for the last time; null before the first edit. */
	get savedAt(): Date | null {
		return this.#savedAt;
	}

	get ending(): Ending | null {
		return this.#ending;
	}

	/** Edits of this tab are in no database, and this connection will not carry them there. */
	get hasEditsAside(): boolean {
		return this.#ending !== null && this.#unsaved && !this.#ending.lateEditsKept;
	}

	/** What this tab holds, for when the connection ended with edits aside (K10). */
	editsAside(): Uint8Array | null {
		return this.hasEditsAside ? Y.encodeStateAsUpdate(this.doc) : null;
	}

	/** Whether edits make sense now: also without a network, but on nothing half loaded. */
	get editable(): boolean {
		return this.#complete && this.#ending === null;
	}

	/** Tries at once, instead of at the next step of the back-off. Also after an end. */
	retry(): void {
		this.#ending = null;
		this.#refusals = 0;
		if (this.#status === 'ended') this.#status = 'connecting';
		this.#provider.disconnect();
		this.#provider.connect();
	}

	/** Resolves when everything made here is stored: before signing. Rejects at the end. */
	async settled(): Promise<void> {
		while (!this.savedThere) {
			if (this.#ending) throw new Error(`the connection ended: ${this.#ending.kind}`);
			await new Promise<void>((done) => this.#waiting.push(done));
		}
	}
	readonly #waiting: (() => void)[] = [];

	destroy(): void {
		this.doc.off('update', this.#onUpdate);
		this.#provider.destroy();
		this.#wake();
	}

	readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
		if (origin !== this.#provider) this.#unsaved = true;
	};

	#onAck(decoder: decoding.Decoder): void {
		this.#acknowledged = decodeAck(decoder);
		// The answer to the server's first question holds all that was made before it.
		if (!this.#answered || this.#acknowledged < this.#sent) return;
		this.#unsaved = false;
		this.#savedAt = this.#clock();
		this.#wake();
	}

	#onStatus(status: 'connected' | 'disconnected' | 'connecting'): void {
		if (this.#ending) return;
		if (status === 'connected') {
			this.#status = 'connected';
			this.#offlineSince = null;
			this.#refusals = 0;
		} else if (status === 'disconnected') {
			this.#goOffline();
		}
	}

	#goOffline(): void {
		this.#status = 'offline';
		this.#synced = false;
		this.#offlineSince ??= this.#clock();
	}

	async #onRefused(): Promise<void> {
		if (this.#provider.wsconnected || this.#ending) return;
		this.#goOffline();
		this.#refusals += 1;
		if (this.#refusals !== refusalsBeforeAsking || !this.#input.diagnose) return;
		const kind = await this.#input.diagnose();
		if (kind === null) this.#refusals = 0;
		else this.#end({ kind, lateEditsKept: false });
	}

	#onEnded(code: number, reason: string): void {
		const kind = kindOfClose(code) ?? 'failed';
		const kept = reason === lateEditsKept;
		if (code === closeCodes.stateMovedOn && this.#unsaved && !kept && !this.#handedIn) {
			// Signed while something was on its way: hand it in once, as a late edit.
			this.#handedIn = true;
			this.#provider.connect();
			return;
		}
		this.#end({ kind, lateEditsKept: kept });
	}

	#end(ending: Ending): void {
		this.#ending = ending;
		this.#status = 'ended';
		this.#offlineSince = null;
		this.#provider.shouldConnect = false;
		this.#provider.disconnect();
		this.#wake();
	}

	#wake(): void {
		for (const done of this.#waiting.splice(0)) done();
	}
}

function ownAddress(): string {
	const { protocol, host } = globalThis.location;
	return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}
