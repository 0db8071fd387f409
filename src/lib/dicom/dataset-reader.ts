import { DomainError } from '$lib/errors.ts';
import { ByteReader } from './byte-reader.ts';
import { charsetOf } from './charset.ts';
import type { Charset } from './charset.ts';
import { elementValue } from './element-value.ts';
import { texts } from './json.ts';
import type { DicomElement, DicomJson } from './json.ts';
import type { ParseLimits } from './limits.ts';
import { nameOfTag, tags } from './tags.ts';
import { isKnownVr, longVrs, vrOfTag } from './vr.ts';

const undefinedLength = 0xffffffff;
const itemTag = 'FFFEE000';
const itemEnd = 'FFFEE00D';
const sequenceEnd = 'FFFEE0DD';

/** Where bytes lie, and how their words are ordered. */
export interface Span {
	offset: number;
	length: number;
	vr: string;
	littleEndian: boolean;
}

/** Pixel Data of undefined length (PS3.5 A.4): offsets are into the data set's bytes. */
export interface Fragments {
	basicOffsets: number[];
	/** `itemOffset`: of the item tag, from the first fragment's item tag. */
	fragments: { offset: number; length: number; itemOffset: number }[];
}

export interface ReadDataset {
	dataset: DicomJson;
	/** Values too long for the JSON, by the path in their BulkDataURI. */
	bulk: Map<string, Span>;
	/** Pixel data of the object itself, not of an icon within it. */
	pixels: ({ tag: string } & ({ span: Span } | { encapsulated: Fragments })) | null;
	warnings: string[];
}

interface Level {
	reader: ByteReader;
	explicit: boolean;
	/** Exclusive. */
	end: number;
	/** Ends with an item delimiter, not at `end`. */
	open: boolean;
	charset: Charset;
	signed: boolean;
	depth: number;
	path: string;
}

const pixelTags: ReadonlySet<string> = new Set([
	tags.PixelData,
	tags.FloatPixelData,
	tags.DoubleFloatPixelData
]);

const bad = (detail: string) => new DomainError('invalid_input', detail);

/** Reads one data set (PS3.5 7) into the JSON model. Recursion is bounded by `limits.maxDepth`. */
export class DatasetReader {
	readonly #limits: ParseLimits;
	#elements = 0;
	readonly result: ReadDataset = { dataset: {}, bulk: new Map(), pixels: null, warnings: [] };

	constructor(limits: ParseLimits) {
		this.#limits = limits;
	}

	/** @throws DomainError `invalid_input` or `too_large`, naming the element and what to do. */
	read(bytes: Uint8Array, position: number, syntax: { explicit: boolean; littleEndian: boolean }) {
		this.result.dataset = this.#dataset({
			reader: new ByteReader(bytes, syntax.littleEndian, position),
			explicit: syntax.explicit,
			end: bytes.length,
			open: false,
			charset: charsetOf([]),
			signed: false,
			depth: 0,
			path: 'bulk'
		});
		return this.result;
	}

	#count() {
		if (++this.#elements > this.#limits.maxElements) {
			throw new DomainError('too_large', `More than ${this.#limits.maxElements} elements.`);
		}
	}

	#dataset(level: Level): DicomJson {
		const { reader } = level;
		const dataset: DicomJson = {};
		let previous = '';
		for (;;) {
			if (reader.position >= level.end) {
				if (level.open)
					throw bad('A sequence is never closed. The file is cut off: send it again.');
				return dataset;
			}
			if (level.end - reader.position < 8) {
				this.#tail(level);
				return dataset;
			}
			const tag = reader.tag();
			const { stopAfter } = this.#limits;
			if (stopAfter && level.depth === 0 && tag > stopAfter) return dataset;
			if (tag === itemEnd && level.open) {
				reader.uint32();
				return dataset;
			}
			if (tag.startsWith('FFFE')) throw bad(`${nameOfTag(tag)} stands outside of a sequence.`);
			if (Object.hasOwn(dataset, tag)) throw bad(`${nameOfTag(tag)} is there twice.`);
			if (tag < previous) {
				if (previous >= tags.PixelData) throw bad('There are bytes after the end of the data set.');
				this.#warn(`${nameOfTag(tag)} is out of order.`);
			}
			previous = tag > previous ? tag : previous;
			this.#count();
			const element = this.#element(level, tag);
			if (!element || tag.endsWith('0000')) continue; // group lengths say nothing
			dataset[tag] = element;
			if (tag === tags.SpecificCharacterSet) this.#declare(level, dataset);
			if (tag === tags.PixelRepresentation) level.signed = element.Value?.[0] === 1;
		}
	}

	/** Fewer bytes than a header has: zeros are padding, anything else is damage. */
	#tail(level: Level) {
		const rest = level.reader.bytes.subarray(level.reader.position, level.end);
		if (level.open || rest.some((byte) => byte !== 0)) {
			throw bad('The file ends in the middle of an element. Send it again.');
		}
		level.reader.position = level.end;
	}

	#declare(level: Level, dataset: DicomJson) {
		level.charset = charsetOf(texts(dataset, tags.SpecificCharacterSet));
		if (level.charset.unknown !== null) {
			this.#warn(
				`Character set “${level.charset.unknown}” is not known; read as UTF-8 or Latin-1.`
			);
		}
	}

	#warn(text: string) {
		const { warnings } = this.result;
		if (warnings.length < 20 && !warnings.includes(text)) warnings.push(text);
	}

	#header(level: Level, tag: string): { vr: string; length: number } {
		const { reader } = level;
		if (!level.explicit) return { vr: vrOfTag(tag, level.signed), length: reader.uint32() };
		reader.need(4);
		const [first, second] = reader.bytes.subarray(reader.position, reader.position + 2);
		reader.position += 2;
		const vr = String.fromCharCode(first!, second!);
		if (isKnownVr(vr)) {
			if (!longVrs.has(vr)) return { vr, length: reader.uint16() };
			reader.position += 2;
			return { vr, length: reader.uint32() };
		}
		if (!/^[\x20-\x7e]{2}$/.test(vr)) {
			throw bad(
				`${nameOfTag(tag)} has no value representation. The file is damaged: send it again.`
			);
		}
		this.#warn(`${nameOfTag(tag)} has the unknown value representation “${vr}”.`);
		// Future VRs have two reserved bytes and a long length (PS3.5 6.2); typing errors do not.
		const short = reader.uint16();
		if (short === 0 && /^[A-Z]{2}$/.test(vr)) return { vr: 'UN', length: reader.uint32() };
		return { vr: vrOfTag(tag, level.signed), length: short };
	}

	#element(level: Level, tag: string): DicomElement | null {
		const { reader } = level;
		const header = this.#header(level, tag);
		const { length } = header;
		let { vr } = header;
		let explicit = level.explicit;
		if (vr === 'UN' && level.explicit) {
			// Unknown to its writer, perhaps not to us; its content is implicit (PS3.5 6.2.2).
			if (length === undefinedLength) vr = 'SQ';
			else if (reader.littleEndian) vr = vrOfTag(tag, level.signed);
			explicit = false;
		}
		if (length === undefinedLength) {
			if (vr === 'SQ' || (vr === 'UN' && !level.explicit)) {
				return this.#sequence(level, tag, null, explicit);
			}
			if (vr.startsWith('O')) return this.#fragments(level, tag, vr);
			throw bad(`${nameOfTag(tag)} has no length. The file is damaged: send it again.`);
		}
		if (reader.position + length > level.end) {
			const left = level.end - reader.position;
			throw bad(
				`${nameOfTag(tag)} announces ${length} bytes, ${left} are left. ` +
					'The file is cut off or damaged: send it again.'
			);
		}
		if (vr === 'SQ') return this.#sequence(level, tag, reader.position + length, explicit);
		const span = { offset: reader.position, length, vr, littleEndian: reader.littleEndian };
		reader.position += length;
		if (level.depth === 0 && pixelTags.has(tag)) {
			if (!this.result.pixels) this.result.pixels = { tag, span };
			return null;
		}
		const value = elementValue(reader, vr, span.offset, length, {
			charset: level.charset,
			inlineBytes: this.#limits.inlineBytes
		});
		return value ?? this.#named(level, tag, span);
	}

	#named(level: Level, tag: string, span: Span): DicomElement {
		const path = `${level.path}/${tag}`;
		this.result.bulk.set(path, span);
		return { vr: span.vr, BulkDataURI: path };
	}

	#sequence(level: Level, tag: string, end: number | null, explicit: boolean): DicomElement {
		if (level.depth >= this.#limits.maxDepth) {
			throw bad(`Sequences are nested deeper than ${this.#limits.maxDepth} levels.`);
		}
		const { reader } = level;
		const Value: DicomJson[] = [];
		while (end === null || reader.position < end) {
			this.#count();
			const next = reader.tag();
			const length = reader.uint32();
			if (next === sequenceEnd) break;
			if (next !== itemTag) {
				throw bad(`${nameOfTag(tag)} holds ${nameOfTag(next)} where an item should begin.`);
			}
			const limit = end ?? level.end;
			const open = length === undefinedLength;
			if (!open && reader.position + length > limit) {
				throw bad(`An item of ${nameOfTag(tag)} is longer than what holds it. Send it again.`);
			}
			Value.push(
				this.#dataset({
					...level,
					explicit,
					open,
					end: open ? limit : reader.position + length,
					depth: level.depth + 1,
					path: `${level.path}/${tag}/${Value.length + 1}`
				})
			);
		}
		return Value.length ? { vr: 'SQ', Value } : { vr: 'SQ' };
	}

	#fragments(level: Level, tag: string, vr: string): DicomElement | null {
		const { reader } = level;
		const start = reader.position;
		const found: Fragments = { basicOffsets: [], fragments: [] };
		let base = -1;
		for (;;) {
			this.#count();
			if (reader.position + 8 > level.end) {
				throw bad(`${nameOfTag(tag)} is never closed. The file is cut off: send it again.`);
			}
			const at = reader.position;
			const next = reader.tag();
			const length = reader.uint32();
			if (next === sequenceEnd) break;
			if (next !== itemTag) {
				throw bad(`${nameOfTag(tag)} has no length and holds no fragments. Send it again.`);
			}
			if (reader.position + length > level.end) {
				throw bad(`A fragment of ${nameOfTag(tag)} is cut off: send it again.`);
			}
			if (base < 0 && at === start) {
				for (let i = 0; i + 4 <= length; i += 4) found.basicOffsets.push(reader.uint32());
				reader.position = at + 8 + length;
				base = reader.position;
				continue;
			}
			found.fragments.push({ offset: reader.position, length, itemOffset: at - base });
			reader.position += length;
		}
		if (level.depth === 0 && tag === tags.PixelData) {
			this.result.pixels = { tag, encapsulated: found };
			return null;
		}
		const span = { offset: start, length: reader.position - start, vr, littleEndian: true };
		return this.#named(level, tag, span);
	}
}
