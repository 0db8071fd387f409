/** One text for one content, and its SHA-256: what a signature names. Same in browser and server. */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/**
 * JSON with sorted keys and no blanks. Keys whose value is undefined are left out.
 *
 * @throws TypeError for what JSON cannot hold without loss: NaN, infinity, functions, dates.
 */
export function canonicalJson(value: unknown): string {
	if (value === null || typeof value === 'string' || typeof value === 'boolean') {
		return JSON.stringify(value);
	}
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) throw new TypeError('a content hash covers finite numbers only');
		return JSON.stringify(value);
	}
	if (Array.isArray(value)) {
		return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
	}
	if (typeof value === 'object' && isPlain(value)) {
		const entries = Object.entries(value).filter(([, item]) => item !== undefined);
		// By code unit, as RFC 8785 sorts: no locale may change a hash.
		entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
		return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
	}
	throw new TypeError(`a content hash does not cover a ${typeof value}`);
}

function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}

/** SHA-256 of the canonical JSON, 64 hexadecimal digits. */
export function contentHash(value: unknown): string {
	return bytesToHex(sha256(utf8ToBytes(canonicalJson(value))));
}
