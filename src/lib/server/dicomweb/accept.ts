/** One media range of an Accept header. Names and types are lower case; `q` 0 is left out. */
export interface MediaRange {
	/** `multipart/related`, `image/*`. */
	type: string;
	parameters: Record<string, string>;
	q: number;
}

const maxRanges = 32;

/**
 * Media ranges, the best first. A missing or empty header is everything. What cannot be read is
 * skipped: a range that nobody understands must not make the others unreadable.
 */
export function readAccept(header: string | null): MediaRange[] {
	if (!header?.trim()) return [{ type: '*/*', parameters: {}, q: 1 }];
	return splitOutsideQuotes(header, ',')
		.slice(0, maxRanges)
		.flatMap((text) => {
			const range = readMediaType(text);
			if (!range) return [];
			const q = range.parameters.q === undefined ? 1 : Number(range.parameters.q);
			return q > 0 && q <= 1 ? [{ ...range, q }] : [];
		})
		.sort((a, b) => b.q - a.q);
}

/** `multipart/related; type="application/dicom"; boundary=x`; null when it is no media type. */
export function readMediaType(
	text: string
): { type: string; parameters: Record<string, string> } | null {
	const [head = '', ...rest] = splitOutsideQuotes(text, ';');
	const type = head.trim().toLowerCase();
	if (!/^[\w!#$&^.+*-]{1,64}\/[\w!#$&^.+*-]{1,64}$/.test(type)) return null;
	const parameters: Record<string, string> = Object.create(null);
	for (const part of rest) {
		const match = /^\s*([\w-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))\s*$/.exec(part);
		if (match?.[1]) {
			parameters[match[1].toLowerCase()] = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';
		}
	}
	return { type, parameters };
}

/** Whether `range` (`*` allowed after or instead of the slash) covers a type. */
export function covers(range: string, type: string): boolean {
	return (
		range === '*/*' ||
		range === type ||
		(range.endsWith('/*') && type.startsWith(range.slice(0, -1)))
	);
}

/** Which of `offered` (the preferred first) the client likes best; null: none. */
export function chooseType<T extends string>(
	ranges: MediaRange[],
	offered: readonly T[]
): T | null {
	for (const range of ranges) {
		const found = offered.find((type) => covers(range.type, type));
		if (found) return found;
	}
	return null;
}

/** How DICOM objects or frames are wanted. */
export interface PartChoice {
	/** One bare body instead of multipart. */
	single: boolean;
	/** Of a part, or of the bare body; `*` where the client leaves it to us. */
	type: string;
	/** A UID, `*` for as stored, null when the client names none. */
	transferSyntax: string | null;
}

/**
 * Ranges that ask for multipart or for one of `bare` types, in the client's order. A multipart range
 * without a type takes any.
 */
export function partChoices(ranges: MediaRange[], bare: readonly string[]): PartChoice[] {
	return ranges.flatMap((range): PartChoice[] => {
		const transferSyntax = range.parameters['transfer-syntax'] ?? null;
		if (range.type === '*/*') return [{ single: false, type: '*', transferSyntax: '*' }];
		if (range.type === 'multipart/related' || range.type === 'multipart/*') {
			return [{ single: false, type: range.parameters.type?.toLowerCase() ?? '*', transferSyntax }];
		}
		const single = bare.some((type) => covers(range.type, type));
		return single ? [{ single: true, type: range.type, transferSyntax }] : [];
	});
}

function splitOutsideQuotes(text: string, separator: string): string[] {
	const parts: string[] = [];
	let quoted = false;
	let from = 0;
	for (let i = 0; i < text.length; i++) {
		if (text[i] === '\\' && quoted) i++;
		else if (text[i] === '"') quoted = !quoted;
		else if (text[i] === separator && !quoted) {
			parts.push(text.slice(from, i));
			from = i + 1;
		}
	}
	parts.push(text.slice(from));
	return parts;
}
