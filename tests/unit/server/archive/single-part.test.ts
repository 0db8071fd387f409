import { describe, expect, it } from 'vitest';
import { singlePart } from '$lib/server/archive/single-part.ts';

const pieces = async function* (text: string, size: number) {
	const bytes = Buffer.from(text, 'latin1');
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};
const read = async (text: string, size: number) => {
	const found: Buffer[] = [];
	for await (const chunk of singlePart(pieces(text, size), 'b')) found.push(chunk);
	return Buffer.concat(found).toString('latin1');
};
const body = (content: string) => `--b\r\nContent-Type: x/y\r\n\r\n${content}\r\n--b--\r\n`;

describe('a multipart body of one part', () => {
	it('gives its content, however it is cut into chunks', async () => {
		const content = 'one\r\n-two--b\r\n\r\n--three\r\n--';
		for (let size = 1; size < 40; size++) expect(await read(body(content), size)).toBe(content);
	});

	it('may have text before it, and no headers', async () => {
		expect(await read(`preamble\r\n${body('x')}epilogue`, 7)).toBe('x');
		expect(await read('--b\r\n\r\nx\r\n--b--', 3)).toBe('x');
	});

	it.each([
		['a second part', `--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--`],
		['no end', '--b\r\n\r\nx'],
		['half an end', '--b\r\n\r\nx\r\n--b'],
		['no boundary', 'x'.repeat(20_000)],
		['nothing', '']
	])('with %s is an error', async (_, text) => {
		await expect(read(text, 5)).rejects.toMatchObject({ code: 'archive_answer_wrong' });
	});
});
