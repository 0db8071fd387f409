import type { ByteReader } from './byte-reader.ts';
import type { Charset } from './charset.ts';
import type { DicomElement, PersonName } from './json.ts';
import { asciiVrs, numberSizes, singleValueVrs, textVrs, wordSizes } from './vr.ts';

/** Standard base64 (RFC 4648) of bytes; `btoa` wants a string of their codes. */
export function toBase64(bytes: Uint8Array): string {
	let codes = '';
	for (let i = 0; i < bytes.length; i += 0x8000) {
		codes += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
	}
	return btoa(codes);
}

/** The bytes of words in little endian order, which is what bulk data is in (PS3.18 8.7.3.5.2). */
export function toLittleEndian(bytes: Uint8Array, wordSize: number): Uint8Array {
	const out = bytes.slice();
	for (let i = 0; i + wordSize <= out.length; i += wordSize)
		out.subarray(i, i + wordSize).reverse();
	return out;
}

const ascii = new TextDecoder('windows-1252');

/** Padding (PS3.5 6.2): trailing spaces and, although only UI may, NULs. */
const unpad = (value: string) => value.replace(/[ \0]+$/, '');

function parsePersonName(value: string): PersonName | null {
	const [alphabetic, ideographic, phonetic] = value.split('=').map(unpad);
	const name: PersonName = {
		...(alphabetic ? { Alphabetic: alphabetic } : {}),
		...(ideographic ? { Ideographic: ideographic } : {}),
		...(phonetic ? { Phonetic: phonetic } : {})
	};
	return Object.keys(name).length ? name : null;
}

/** DS and IS are numbers in the model; what is none, or beyond a double, stays the text it was. */
function parseNumber(value: string): number | string | null {
	const trimmed = value.trim();
	if (!trimmed) return null;
	const parsed = Number(trimmed);
	const plain = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed);
	return plain && Number.isFinite(parsed) ? parsed : trimmed;
}

function textValues(decoded: string, vr: string): unknown[] {
	if (singleValueVrs.has(vr)) {
		const value = unpad(decoded);
		return value ? [value] : [];
	}
	const parts = decoded.split('\\');
	if (parts.length === 1 && !unpad(decoded).trim()) return [];
	if (vr === 'PN') return parts.map((part) => parsePersonName(unpad(part)));
	if (vr === 'DS' || vr === 'IS') return parts.map((part) => parseNumber(unpad(part)));
	return parts.map((part) => {
		const value = vr === 'UC' ? unpad(part) : unpad(part).replace(/^ +/, '');
		return value || null;
	});
}

/**
 * One element's value in the JSON model (PS3.18 F.2). `length` bytes from `offset` are there.
 * Returns null for a binary value longer than `inlineBytes`: the caller names it instead.
 */
export function elementValue(
	reader: ByteReader,
	vr: string,
	offset: number,
	length: number,
	context: { charset: Charset; inlineBytes: number }
): DicomElement | null {
	if (length === 0) return { vr };
	const bytes = reader.bytes.subarray(offset, offset + length);
	if (textVrs.has(vr) || asciiVrs.has(vr)) {
		const decoded = textVrs.has(vr)
			? context.charset.decode(bytes, vr === 'PN')
			: ascii.decode(bytes);
		const Value = textValues(decoded, vr);
		return Value.length ? { vr, Value } : { vr };
	}
	const size = numberSizes[vr];
	if (length > context.inlineBytes) return null;
	if (size && length % size === 0) {
		const Value: unknown[] = [];
		for (let at = 0; at < length; at += size) {
			const value = reader.numberAt(vr, offset + at);
			// JSON has no NaN or infinity (PS3.18 F.2.5 gives them as text).
			Value.push(typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
		}
		return { vr, Value };
	}
	const word = wordSizes[vr];
	const stored = word && !reader.littleEndian ? toLittleEndian(bytes, word) : bytes;
	return { vr: size ? 'UN' : vr, InlineBinary: toBase64(stored) };
}
