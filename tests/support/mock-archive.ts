import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArchiveId } from '$lib/ids.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import { createArchive } from '$lib/server/archive/factory.ts';
import type { HttpLimits } from '$lib/server/archive/http-client.ts';
import type { ParsePool } from '$lib/server/archive/parse-pool.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface MockArchive {
	archive: Archive;
	url: string;
	/** Method and path of every request that came, in order. */
	calls: string[];
	/** What the next requests get. */
	answer: Answer;
	/** Moves the clock of the breaker. */
	advance(ms: number): void;
	stop(): Promise<void>;
}

/** A server that answers whatever a test says, and the archive of ours that asks it. */
export async function startMockArchive(
	pool: ParsePool,
	limits: Partial<HttpLimits> = {}
): Promise<MockArchive> {
	const calls: string[] = [];
	let now = 0;
	const server = createServer((request, response) => {
		calls.push(`${request.method} ${request.url}`);
		mock.answer(request, response);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dicom-web`;
	const mock: MockArchive = {
		archive: createArchive(
			{ id: 'mock' as ArchiveId, kind: 'dicomweb' },
			{
				env: {
					DATA_DIR: '/nowhere',
					ARCHIVE_URL: url,
					ARCHIVE_TOKEN: 'token',
					ARCHIVE_ALLOW_HOSTS: []
				},
				pool,
				now: () => now,
				limits
			}
		),
		url,
		calls,
		answer: (_, response) => response.writeHead(404).end(),
		advance(ms) {
			now += ms;
		},
		stop: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			})
	};
	return mock;
}

export const json =
	(body: unknown, headers: Record<string, string> = {}): Answer =>
	(_, response) =>
		response
			.writeHead(200, { 'content-type': 'application/dicom+json', ...headers })
			.end(JSON.stringify(body));

/** A multipart body around parts of one type, as servers send it. */
export function multipart(parts: Uint8Array[], partType = 'application/dicom', end = true): Buffer {
	return Buffer.concat([
		...parts.flatMap((part) => [
			Buffer.from(`\r\n--b0undary\r\nContent-Type: ${partType}\r\n\r\n`),
			part
		]),
		Buffer.from(end ? '\r\n--b0undary--\r\n' : '')
	]);
}

export const multipartType = 'multipart/related; type="application/dicom"; boundary="b0undary"';
