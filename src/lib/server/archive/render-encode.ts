import { crc32, deflateSync } from 'node:zlib';
import jpegJs from 'jpeg-js';
import type { RgbPicture } from './render-colour.ts';

/** Quality 90: artefacts stay below what a poster or a list shows. */
export function encodeJpeg(picture: RgbPicture): Uint8Array {
	const { rows, columns, data } = picture;
	const rgba = new Uint8Array(rows * columns * 4);
	for (let i = 0; i < rows * columns; i++) {
		rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
		rgba[i * 4 + 3] = 255;
	}
	return new Uint8Array(jpegJs.encode({ width: columns, height: rows, data: rgba }, 90).data);
}

function chunk(type: string, body: Uint8Array): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(body.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(named));
	return Buffer.concat([length, named, check]);
}

/** PNG (ISO 15948): 8-bit RGB, each row with filter 1 (difference to the pixel on its left). */
export function encodePng(picture: RgbPicture): Uint8Array {
	const { rows, columns, data } = picture;
	const header = Buffer.alloc(13);
	header.writeUInt32BE(columns, 0);
	header.writeUInt32BE(rows, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const stride = columns * 3;
	const raw = new Uint8Array(rows * (stride + 1));
	for (let row = 0; row < rows; row++) {
		const to = row * (stride + 1);
		raw[to] = 1;
		for (let i = 0; i < stride; i++) {
			const left = i < 3 ? 0 : data[row * stride + i - 3]!;
			raw[to + 1 + i] = data[row * stride + i]! - left;
		}
	}
	return new Uint8Array(
		Buffer.concat([
			Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
			chunk('IHDR', header),
			chunk('IDAT', deflateSync(raw, { level: 4 })),
			chunk('IEND', new Uint8Array())
		])
	);
}
