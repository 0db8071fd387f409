import type { DataSet } from 'dicom-parser';
import type { Palette } from './pixels.ts';

/** The colour tables of PALETTE COLOR (PS3.3 C.7.9.1, C.7.9.2); null unless all three are there. */
export function paletteOf(dataset: DataSet): Palette | null {
	const red = tableOf(dataset, '1');
	const green = tableOf(dataset, '2');
	const blue = tableOf(dataset, '3');
	if (!red || !green || !blue) return null;
	// The descriptor's first value is signed where the pixels are; ultrasound's never are.
	return { first: dataset.uint16('x00281101', 1) ?? 0, red, green, blue };
}

/** Descriptor: entries\first\bits; 0 entries means 65536. */
function tableOf(dataset: DataSet, colour: '1' | '2' | '3'): Uint8Array | null {
	const entries = dataset.uint16(`x0028110${colour}`, 0) || 65536;
	const bits = dataset.uint16(`x0028110${colour}`, 2) ?? 16;
	const plain = dataset.elements[`x0028120${colour}`];
	if (plain && bits === 8 && plain.length <= entries + 1) {
		return dataset.byteArray.slice(plain.dataOffset, plain.dataOffset + entries);
	}
	const words = plain
		? wordsOf(dataset, `x0028120${colour}`).slice(0, entries)
		: expanded(wordsOf(dataset, `x0028122${colour}`), entries);
	if (words.length === 0) return null;
	// Machines before 2000 put 8-bit values into the 16-bit words.
	const wide = words.some((word) => word > 255);
	return Uint8Array.from(words, (word) => (wide ? word >> 8 : word));
}

function wordsOf(dataset: DataSet, tag: string): number[] {
	const length = Math.floor((dataset.elements[tag]?.length ?? 0) / 2);
	return Array.from({ length }, (_, index) => dataset.uint16(tag, index) ?? 0);
}

const discrete = 0;
const linear = 1;
const indirect = 2;

/**
 * Segments to entries (PS3.3 C.7.9.2): a list of values, a straight line to a value, or a repeat
 * of earlier segments. Stops at damage with what it has, and at `most`.
 */
export function expanded(words: readonly number[], most: number): number[] {
	const entries: number[] = [];
	let at = 0;
	while (at < words.length && entries.length < most) {
		const [opcode, count] = [words[at], words[at + 1] ?? 0];
		if (opcode === indirect) {
			const from = ((words[at + 2] ?? 0) + (words[at + 3] ?? 0) * 0x10000) / 2;
			repeat(words, from, count, entries, most);
			at += 4;
			continue;
		}
		const next = segment(words, at, entries, most);
		if (next === null) break;
		at = next;
	}
	return entries;
}

/** Adds one discrete or linear segment; the offset after it, null when there is none. */
function segment(
	words: readonly number[],
	at: number,
	entries: number[],
	most: number
): number | null {
	const [opcode, count] = [words[at], words[at + 1] ?? 0];
	const room = Math.min(count, most - entries.length);
	if (opcode === discrete) {
		for (let i = 0; i < room; i++) entries.push(words[at + 2 + i] ?? 0);
		return at + 2 + count;
	}
	if (opcode !== linear) return null;
	const from = entries.at(-1) ?? 0;
	const to = words[at + 2] ?? 0;
	for (let i = 1; i <= room; i++) entries.push(Math.round(from + ((to - from) * i) / count));
	return at + 3;
}

function repeat(
	words: readonly number[],
	from: number,
	count: number,
	entries: number[],
	most: number
): void {
	let at: number | null = from;
	for (let i = 0; i < count && at !== null && entries.length < most; i++) {
		at = segment(words, at, entries, most);
	}
}
