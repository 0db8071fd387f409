import { tagsByVr } from './dictionary-data.ts';

let vrByTag: Map<string, string> | undefined;

function dictionary(): Map<string, string> {
	if (vrByTag) return vrByTag;
	vrByTag = new Map();
	for (const [vr, tags] of Object.entries(tagsByVr)) {
		for (let i = 0; i < tags.length; i += 8) vrByTag.set(tags.slice(i, i + 8), vr);
	}
	return vrByTag;
}

/** Group of a tag of eight hex digits. Odd groups are private. */
const isPrivate = (tag: string) => (parseInt(tag.slice(0, 4), 16) & 1) === 1;

/**
 * The VR of an element that does not carry one (PS3.5 7.1.3), from PS3.6. `UN` when unknown.
 * `signed` is Pixel Representation 1, which decides between US and SS.
 */
export function vrOfTag(tag: string, signed: boolean): string {
	if (isPrivate(tag)) return /^....00[1-9A-F].$/.test(tag) ? 'LO' : 'UN'; // private creator
	if (tag.endsWith('0000')) return 'UL'; // group length
	// Curves, overlays: one row of the dictionary stands for every even group from 50 or 60.
	const known = dictionary().get(/^[56]0/.test(tag) ? `${tag.slice(0, 2)}00${tag.slice(4)}` : tag);
	if (known === 'xs') return signed ? 'SS' : 'US';
	if (known === 'ox') return 'OW';
	return known ?? 'UN';
}

/** Explicit VRs with a length of four bytes after two reserved ones (PS3.5 7.1.2). */
export const longVrs: ReadonlySet<string> = new Set(
	'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ')
);

/** VRs whose characters follow Specific Character Set (PS3.5 6.1.2.3). */
export const textVrs: ReadonlySet<string> = new Set('LO LT PN SH ST UC UT'.split(' '));

/** VRs of the default repertoire. */
export const asciiVrs: ReadonlySet<string> = new Set('AE AS CS DA DS DT IS TM UI UR'.split(' '));

/** One value only: a backslash is a character of it. */
export const singleValueVrs: ReadonlySet<string> = new Set(['LT', 'ST', 'UT', 'UR']);

/** Bytes per value of the binary numbers; AT is two 16-bit words. */
export const numberSizes: Readonly<Record<string, number>> = {
	AT: 4,
	FD: 8,
	FL: 4,
	SL: 4,
	SS: 2,
	SV: 8,
	UL: 4,
	US: 2,
	UV: 8
};

/** Word size that big endian data is stored in, for VRs kept as bytes. */
export const wordSizes: Readonly<Record<string, number>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

export const isKnownVr = (vr: string): boolean =>
	longVrs.has(vr) || textVrs.has(vr) || asciiVrs.has(vr) || vr in numberSizes;
