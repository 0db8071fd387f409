import { m } from '$lib/paraglide/messages.js';
import { longestImport } from '../../exchange/draft.ts';

/** What the picker offers; a dropped file is judged by what it says, not by its name. */
export const templateEndings = '.html,.htm,.xml,.json,text/html,application/json';

/** The text of a file that somebody chose, or words that say why it is not even sent. */
export async function readTemplate(file: File): Promise<{ text: string } | { wrong: string }> {
	// No character takes more than four bytes.
	if (file.size > longestImport * 4) return { wrong: tooLarge(file.size) };
	let bytes: Uint8Array;
	try {
		bytes = new Uint8Array(await file.arrayBuffer());
	} catch {
		return { wrong: m.ws_import_unreadable({ name: file.name }) };
	}
	const text = decoded(bytes);
	return text.length > longestImport ? { wrong: tooLarge(text.length) } : { text };
}

const tooLarge = (size: number) => m.ws_import_too_large({ size, most: longestImport });

/** UTF-8 or UTF-16 by its mark; what is neither was written by an old Windows program. */
export function decoded(bytes: Uint8Array): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}
