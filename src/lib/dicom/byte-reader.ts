import dicomParser from 'dicom-parser';
import type { ByteArrayParser } from 'dicom-parser';
import { DomainError } from '$lib/errors.ts';

const hex = Array.from({ length: 0x100 }, (_, n) => n.toString(16).padStart(2, '0').toUpperCase());

/** A position in bytes of one byte order, over dicom-parser's readers; every step is checked. */
export class ByteReader {
	readonly bytes: Uint8Array;
	readonly littleEndian: boolean;
	readonly #parser: ByteArrayParser;
	position: number;

	constructor(bytes: Uint8Array, littleEndian: boolean, position = 0) {
		this.bytes = bytes;
		this.littleEndian = littleEndian;
		this.#parser = littleEndian
			? dicomParser.littleEndianByteArrayParser
			: dicomParser.bigEndianByteArrayParser;
		this.position = position;
	}

	/** @throws DomainError `invalid_input` when fewer than `length` bytes are left. */
	need(length: number): void {
		if (this.position + length > this.bytes.length) {
			throw new DomainError(
				'invalid_input',
				'The file ends in the middle of an element. Send it again.'
			);
		}
	}

	uint16(): number {
		this.need(2);
		const value = this.#parser.readUint16(this.bytes, this.position);
		this.position += 2;
		return value;
	}

	uint32(): number {
		this.need(4);
		const value = this.#parser.readUint32(this.bytes, this.position);
		this.position += 4;
		return value;
	}

	/** Group and element as eight upper-case hex digits. */
	tag(): string {
		const group = this.uint16();
		const element = this.uint16();
		return hex[group >> 8]! + hex[group & 0xff]! + hex[element >> 8]! + hex[element & 0xff]!;
	}

	/** The tag at the position, without moving; '' when there is none. */
	peekTag(): string {
		if (this.position + 4 > this.bytes.length) return '';
		const tag = this.tag();
		this.position -= 4;
		return tag;
	}

	/** One number of the given VR at an absolute offset. */
	numberAt(vr: string, offset: number): number | string {
		const parser = this.#parser;
		switch (vr) {
			case 'US':
				return parser.readUint16(this.bytes, offset);
			case 'SS':
				return parser.readInt16(this.bytes, offset);
			case 'UL':
				return parser.readUint32(this.bytes, offset);
			case 'SL':
				return parser.readInt32(this.bytes, offset);
			case 'FL':
				return parser.readFloat(this.bytes, offset);
			case 'FD':
				return parser.readDouble(this.bytes, offset);
			case 'AT': {
				const at = new ByteReader(this.bytes, this.littleEndian, offset);
				return at.tag();
			}
			default: {
				// SV and UV: over 2^53 a number would lie, so they are text (PS3.18 F.2.2).
				const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + offset, 8);
				const big =
					vr === 'SV'
						? view.getBigInt64(0, this.littleEndian)
						: view.getBigUint64(0, this.littleEndian);
				return Number.isSafeInteger(Number(big)) ? Number(big) : String(big);
			}
		}
	}
}
