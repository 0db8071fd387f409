import {
	decodePresence,
	carriesEdits,
	messageKinds,
	syncKinds,
	type PresenceEntry
} from '../wire.ts';
import * as decoding from 'lib0/decoding';

/** Hears how many frames with edits a socket has sent. */
export interface SendListener {
	/** A new socket: counting begins anew. */
	opened(): void;
	/** `isAnswer`: it holds everything that the server said it lacks. */
	sent(count: number, isAnswer: boolean): void;
	/** The presence id that this client speaks for. */
	presenceId(): number;
}

/**
 * A WebSocket class for y-websocket that counts edits as they leave, so that the server's "the first
 * n are stored" can be understood, and that keeps to itself what it heard of others' presence.
 */
export function countingSocket(Base: typeof WebSocket, listener: SendListener): typeof WebSocket {
	return class extends Base {
		#count = 0;

		constructor(address: string | URL, protocols?: string | string[]) {
			super(address, protocols);
			listener.opened();
		}

		override send(data: string | ArrayBufferLike | Blob | ArrayBufferView<ArrayBuffer>): void {
			if (data instanceof Uint8Array) {
				if (isHearsay(data, listener.presenceId())) return;
				if (carriesEdits(data)) {
					this.#count += 1;
					listener.sent(this.#count, data[1] === syncKinds.step2);
				}
			}
			super.send(data as ArrayBuffer);
		}
	};
}

/** y-websocket sends back every presence message that it receives; the server knows them already. */
function isHearsay(frame: Uint8Array, ownId: number): boolean {
	if (frame[0] !== messageKinds.awareness) return false;
	const decoder = decoding.createDecoder(frame);
	decoding.readVarUint(decoder);
	const entries: PresenceEntry[] = decodePresence(decoding.readVarUint8Array(decoder), 0);
	return !entries.some((entry) => entry.clientId === ownId);
}
