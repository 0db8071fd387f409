import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { afterAll } from 'vitest';

export interface HttpDoor {
	/** `http://127.0.0.1:…` */
	origin: string;
}

/** A real HTTP server before a handler of Node's requests; closed after the file's tests. */
export async function serveNode(
	handler: (req: IncomingMessage, res: ServerResponse) => void
): Promise<HttpDoor> {
	const server = createServer(handler);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	});
	return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A real HTTP server before a handler of web requests; closed after the file's tests. */
export async function serve(
	handler: (request: Request, sentTarget: string) => Promise<Response>
): Promise<HttpDoor> {
	return serveNode((req, res) => void exchange(handler, req, res));
}

export async function exchange(
	handler: (request: Request, sentTarget: string) => Promise<Response>,
	req: IncomingMessage,
	res: ServerResponse
): Promise<void> {
	const left = new AbortController();
	res.on('close', () => left.abort());
	const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
	const headers = new Headers();
	for (const [name, value] of Object.entries(req.headers)) {
		if (typeof value === 'string') headers.set(name, value);
	}
	const request = new Request(`http://${req.headers.host}${req.url}`, {
		method: req.method ?? 'GET',
		headers,
		signal: left.signal,
		...(hasBody ? { body: Readable.toWeb(req), duplex: 'half' } : {})
	} as RequestInit);
	const response = await handler(request, req.url ?? '');
	res.writeHead(response.status, Object.fromEntries(response.headers));
	try {
		if (response.body) await pipeline(Readable.fromWeb(response.body as ReadableStream), res);
		else res.end();
	} catch {
		res.destroy();
	}
}
