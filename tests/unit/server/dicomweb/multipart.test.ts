import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	multipartEnd,
	partHead,
	readParts,
	type Part,
	type PartLimits
} from '$lib/server/dicomweb/multipart.ts';

const roomy: PartLimits = { partBytes: 10_000, parts: 100, totalBytes: 1_000_000 };

async function* inChunks(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
	let at = 0;
	for (let i = 0; at < bytes.length; i++) {
		const size = Math.max(1, sizes[i % sizes.length] ?? 1);
		yield bytes.subarray(at, at + size);
		at += size;
	}
}

async function read(
	body: Uint8Array,
	limits = roomy,
	sizes = [7],
	boundary = 'b'
): Promise<Part[]> {
	const parts: Part[] = [];
	for await (const part of readParts(inChunks(body, sizes), boundary, limits)) parts.push(part);
	return parts;
}

function write(bodies: Uint8Array[], boundary = 'b'): Uint8Array {
	const chunks = bodies.flatMap((bytes, i) => [
		partHead(boundary, { 'Content-Type': 'application/dicom' }, i === 0),
		bytes
	]);
	return Buffer.concat([...chunks, multipartEnd(boundary)]);
}
const text = (value: string) => Buffer.from(value, 'latin1');

describe('a multipart body', () => {
	it('comes back part by part, however it was cut on the way', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
				fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
				async (bodies, sizes) => {
					const boundary = 'ab-7c';
					fc.pre(bodies.every((b) => !Buffer.from(b).includes('--ab')));
					const parts = await read(write(bodies, boundary), roomy, sizes, boundary);
					expect(parts.map((p) => Array.from(p.bytes))).toEqual(bodies.map((b) => Array.from(b)));
				}
			)
		);
	});

	it('keeps CRLF and near-boundaries inside pixels', async () => {
		const pixels = text('\r\n--\r\n--a--b\r\n-b--b\r\n\r\n');
		const [part] = await read(write([pixels], 'bb'), roomy, [3], 'bb');
		expect(Buffer.from(part?.bytes ?? [])).toEqual(pixels);
	});

	it('allows a preamble, an epilogue, blanks after a boundary and parts without headers', async () => {
		const body = text(
			'preamble\r\n--b  \r\n\r\nfirst\r\n--b\r\nA: 1\r\n\r\nsecond\r\n--b--\r\nepilogue'
		);
		const parts = await read(body);
		expect(parts.map((p) => Buffer.from(p.bytes).toString())).toEqual(['first', 'second']);
		expect(parts.map((p) => p.headers.a)).toEqual([undefined, '1']);
	});

	it('gives bytes that own their memory', async () => {
		const [part] = await read(write([text('x')]));
		expect(part?.bytes.buffer.byteLength).toBe(1);
	});

	it('is refused when it ends early, at every byte', async () => {
		const whole = write([text('one'), text('two')]);
		for (let cut = 0; cut < whole.length - 4; cut++) {
			await expect(read(whole.subarray(0, cut)), `cut at ${cut}`).rejects.toThrow('invalid_input');
		}
	});

	it('is cut off at the limits of a part, of the parts and of the whole', async () => {
		const body = write([text('x'.repeat(200)), text('y')]);
		await expect(read(body, { ...roomy, partBytes: 199 })).rejects.toThrow('too_large');
		await expect(read(body, { ...roomy, parts: 1 })).rejects.toThrow('too_large');
		await expect(read(body, { ...roomy, totalBytes: 200 })).rejects.toThrow('too_large');
		expect(await read(body, { partBytes: 200, parts: 2, totalBytes: body.length })).toHaveLength(2);
	});

	it('does not hold an endless header or preamble', async () => {
		await expect(read(text('x'.repeat(50_000)))).rejects.toThrow('too_large');
		await expect(read(text(`--b\r\nA: ${'x'.repeat(50_000)}`))).rejects.toThrow('too_large');
	});
});
