import * as Y from 'yjs';

/** As bytes: what a decoder would assign instead of keeping. */
const needle = new TextEncoder().encode('__proto__');

/**
 * Whether an update carries a key `__proto__` (B6). Decoding loses it, as `object.__proto__ = …`
 * does; so its bytes are counted, and those that stand in texts and values are taken off.
 */
export function hidesPrototype(update: Uint8Array): boolean {
	const inBytes = countBytes(update);
	if (inBytes === 0) return false;
	let inWords = 0;
	for (const struct of Y.decodeUpdate(update).structs) {
		const content: unknown = struct instanceof Y.Item ? struct.content : null;
		if (content instanceof Y.ContentString) inWords += countWords(content.str);
		if (content instanceof Y.ContentAny) inWords += countWords(JSON.stringify(content.arr));
	}
	return inBytes > inWords;
}

function countBytes(bytes: Uint8Array): number {
	let count = 0;
	for (let i = bytes.indexOf(0x5f); i !== -1; i = bytes.indexOf(0x5f, i + 1)) {
		if (needle.every((byte, offset) => bytes[i + offset] === byte)) count += 1;
	}
	return count;
}

const countWords = (text: string): number => text.split('__proto__').length - 1;
