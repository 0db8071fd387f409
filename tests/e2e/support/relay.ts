import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server before the server: it can be taken away, and it can bring a new build. */
export interface Relay {
	origin: string;
	/** From now on the worker's script is another one, as after a deployment. */
	bringNewBuild(): void;
	/** Nobody answers at the address any more. */
	leave(): Promise<void>;
}

export async function openRelay(target: string): Promise<Relay> {
	let build = '';
	const { hostname, port } = new URL(target);
	const server: Server = createServer((asked, answer) => {
		const isWorker = asked.url === '/service-worker.js';
		// Another build has another tag; what the browser knows of the last one is of no use.
		if (isWorker) delete asked.headers['if-none-match'];
		if (isWorker) delete asked.headers['if-modified-since'];
		const forwarded = request(
			{
				hostname,
				port,
				path: asked.url,
				method: asked.method,
				headers: { ...asked.headers, 'accept-encoding': 'identity' }
			},
			(got) => {
				const headers = { ...got.headers };
				if (isWorker)
					for (const name of ['content-length', 'etag', 'last-modified']) delete headers[name];
				answer.writeHead(got.statusCode ?? 502, headers);
				got.pipe(answer, { end: !isWorker });
				if (isWorker) got.on('end', () => answer.end(build));
			}
		);
		forwarded.on('error', () => answer.destroy());
		asked.pipe(forwarded);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return {
		origin: `http://localhost:${(server.address() as AddressInfo).port}`,
		bringNewBuild: () => void (build = '\n// the next build\n'),
		leave: () =>
			new Promise((gone) => {
				server.close(() => gone());
				server.closeAllConnections();
			})
	};
}
