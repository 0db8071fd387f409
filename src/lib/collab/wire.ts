import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** First number of every message. The first four are y-websocket's; the hundreds are ours. */
export const messageKinds = { sync: 0, awareness: 1, queryAwareness: 3, ack: 100 } as const;

/** Second number of a sync message (y-protocols). */
export const syncKinds = { step1: 0, step2: 1, update: 2 } as const;

/** In the socket's address: the generation held, and whether acknowledgements are wanted. */
export const addressParams = { generation: 'g', acks: 'acks' } as const;

/** Which frames carry edits, and so are counted by both ends for acknowledging. */
export function carriesEdits(frame: Uint8Array): boolean {
	return (
		frame[0] === messageKinds.sync &&
		(frame[1] === syncKinds.step2 || frame[1] === syncKinds.update)
	);
}

/** "The first `count` frames with edits of this socket are in the database" (K8). */
export function encodeAck(count: number): Uint8Array {
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, messageKinds.ack);
		encoding.writeVarUint(encoder, count);
	});
}

/** After the kind was read. */
export function decodeAck(decoder: decoding.Decoder): number {
	return decoding.readVarUint(decoder);
}

export function encodeSyncStep1(stateVector: Uint8Array): Uint8Array {
	return encodeSync(syncKinds.step1, stateVector);
}

export function encodeSyncStep2(update: Uint8Array): Uint8Array {
	return encodeSync(syncKinds.step2, update);
}

export function encodeUpdate(update: Uint8Array): Uint8Array {
	return encodeSync(syncKinds.update, update);
}

function encodeSync(kind: number, payload: Uint8Array): Uint8Array {
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, messageKinds.sync);
		encoding.writeVarUint(encoder, kind);
		encoding.writeVarUint8Array(encoder, payload);
	});
}

/** One person's state in a presence message; null: gone. */
export interface PresenceEntry {
	clientId: number;
	clock: number;
	state: unknown;
}

export function encodePresence(entries: readonly PresenceEntry[]): Uint8Array {
	const payload = encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, entries.length);
		for (const { clientId, clock, state } of entries) {
			encoding.writeVarUint(encoder, clientId);
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarString(encoder, JSON.stringify(state));
		}
	});
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, messageKinds.awareness);
		encoding.writeVarUint8Array(encoder, payload);
	});
}

/** @throws on bytes that are no presence message. */
export function decodePresence(payload: Uint8Array, limit: number): PresenceEntry[] {
	const decoder = decoding.createDecoder(payload);
	const count = decoding.readVarUint(decoder);
	const entries: PresenceEntry[] = [];
	for (let i = 0; i < count; i += 1) {
		const clientId = decoding.readVarUint(decoder);
		const clock = decoding.readVarUint(decoder);
		const json = decoding.readVarString(decoder);
		// A state over the limit is not worth parsing; whoever sent it shows nothing.
		const state: unknown = json.length > limit ? {} : JSON.parse(json);
		entries.push({ clientId, clock, state });
	}
	return entries;
}

export type Message =
	| { kind: 'step1'; stateVector: Uint8Array }
	| { kind: 'step2' | 'update'; update: Uint8Array }
	| { kind: 'presence'; payload: Uint8Array }
	| { kind: 'query-presence' };

/** @throws on anything that the protocol does not know, trailing bytes included. */
export function decodeMessage(frame: Uint8Array): Message {
	const decoder = decoding.createDecoder(frame);
	const message = readMessage(decoder);
	if (decoding.hasContent(decoder)) throw new Error('bytes after the message');
	return message;
}

function readMessage(decoder: decoding.Decoder): Message {
	const kind = decoding.readVarUint(decoder);
	switch (kind) {
		case messageKinds.sync:
			return readSync(decoder);
		case messageKinds.awareness:
			return { kind: 'presence', payload: readBytes(decoder) };
		case messageKinds.queryAwareness:
			return { kind: 'query-presence' };
		default:
			throw new Error('a message of no known kind');
	}
}

function readSync(decoder: decoding.Decoder): Message {
	const kind = decoding.readVarUint(decoder);
	const bytes = readBytes(decoder);
	switch (kind) {
		case syncKinds.step1:
			return { kind: 'step1', stateVector: bytes };
		case syncKinds.step2:
			return { kind: 'step2', update: bytes };
		case syncKinds.update:
			return { kind: 'update', update: bytes };
		default:
			throw new Error('a sync message of no known kind');
	}
}

/** A claimed length beyond what is there must throw here, not come back as a short piece. */
function readBytes(decoder: decoding.Decoder): Uint8Array {
	const length = decoding.readVarUint(decoder);
	if (length > decoder.arr.length - decoder.pos) throw new Error('a length beyond the message');
	return decoding.readUint8Array(decoder, length);
}
