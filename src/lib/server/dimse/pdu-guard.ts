/** Association requests are small; data PDUs are at most what we announced. */
const mostAssociation = 256 * 1024;

/**
 * Follows the PDUs of a connection by their headers alone (PS3.8 9.3) and says when one claims more
 * than it may: the library would otherwise collect whatever a length field promises (E1).
 */
export class PduGuard {
	readonly #mostData: number;
	#left = 0;
	#header: number[] = [];

	constructor(mostData: number) {
		this.#mostData = mostData;
	}

	/** False when the connection has to be dropped. */
	accepts(chunk: Uint8Array): boolean {
		let at = 0;
		while (at < chunk.length) {
			if (this.#left > 0) {
				const taken = Math.min(this.#left, chunk.length - at);
				this.#left -= taken;
				at += taken;
				continue;
			}
			this.#header.push(chunk[at++] ?? 0);
			if (this.#header.length < 6) continue;
			const [type = 0, , a = 0, b = 0, c = 0, d = 0] = this.#header;
			const length = a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
			// 1 and 2: A-ASSOCIATE-RQ, -AC; 4: P-DATA-TF; the others have four bytes.
			const most = type === 4 ? this.#mostData : type <= 2 ? mostAssociation : 1024;
			if (type < 1 || type > 7 || length > most) return false;
			this.#left = length;
			this.#header = [];
		}
		return true;
	}
}
