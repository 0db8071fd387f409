import { describe, expect, it } from 'vitest';
import { singlePart } from '$lib/server/archive/single-part.ts';

const read = (text: string, size: number) => {
	const bytes = Buffer.from(text, 'latin1');
	const filter = singlePart('b');
	const found: (Buffer | null)[] = [];
	for (let at = 0; at < bytes.length; at += size) {
		found.push(filter.push(bytes.subarray(at, at + size)));
	}
	found.push(filter.end());
	return found.map((chunk) => chunk?.toString('latin1') ?? '').join('');
};
const body = (content: string) => `--b\r\nContent-Type: x/y\r\n\r\n${content}\r\n--b--\r\n`;

describe('a multipart body of one part', () => {
	it('gives its content, however it is cut into chunks', () => {
		const content = 'one\r\n-two--b\r\n\r\n--three\r\n--';
		for (let size = 1; size < 90; size++) expect(read(body(content), size)).toBe(content);
	});

	it('may have text before it, and no headers', () => {
		expect(read(`preamble\r\n${body('x')}epilogue`, 7)).toBe('x');
		expect(read('--b\r\n\r\nx\r\n--b--', 3)).toBe('x');
	});

	it('holds back no byte that cannot begin the boundary', () => {
		const filter = singlePart('b');
		filter.push(Buffer.from('--b\r\n\r\n'));
		expect(filter.push(Buffer.from('pixels\r\nmore'))?.toString()).toBe('pixels\r\nmore');
		expect(filter.push(Buffer.from('end\r\n--'))?.toString()).toBe('end');
	});

	it.each([
		['a second part', `--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--`],
		['no end', '--b\r\n\r\nx'],
		['half an end', '--b\r\n\r\nx\r\n--b'],
		['no boundary', 'x'.repeat(20_000)],
		['nothing', '']
	])('with %s is an error', (_, text) => {
		expect(() => read(text, 5)).toThrow(expect.objectContaining({ code: 'archive_answer_wrong' }));
	});
});
