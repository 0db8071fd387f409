import { Readable } from 'node:stream';
import type { Payload } from './archive.ts';

/** A payload of bytes that are there. */
export const bytesPayload = (contentType: string, bytes: Uint8Array): Payload => ({
	contentType,
	length: bytes.length,
	etag: null,
	body: Readable.from([bytes])
});
