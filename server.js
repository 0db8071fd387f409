// The production entry: HTTP or HTTPS, upgrades, shutdown. The application hands over what it needs.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

// adapter-node assumes https otherwise, and every form post over plain http is refused.
process.env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
// Limits are per door, in the application (G8).
process.env.BODY_SIZE_LIMIT ??= 'Infinity';
const { TLS_KEY, TLS_CERT } = process.env;
const trustProxy = ['1', 'true'].includes(process.env.TRUST_PROXY ?? '');
const tls = Boolean(TLS_KEY && TLS_CERT);

// Runs init() of hooks.server.ts. A setting that is missing is told in words, without a stack.
const { handler } = await import('./build/handler.js').catch((e) => {
	console.error(e?.name === 'EnvironmentError' ? e.message : e);
	process.exit(1);
});
const app = globalThis[Symbol.for('app.server')];

const headers = {
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	...(tls ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {})
};

/** Only a proxy that we were told to trust may say where a request came from (G6). */
function distrust(req) {
	if (trustProxy) return;
	for (const name of Object.keys(req.headers)) {
		if (name.startsWith('x-forwarded-') || name === 'forwarded') delete req.headers[name];
	}
	req.headers['x-forwarded-proto'] = tls ? 'https' : 'http';
}

function onRequest(req, res) {
	distrust(req);
	// With its own headers, the same and more.
	if (app.handleImages(req, res)) return;
	for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
	handler(req, res, () => {
		res.statusCode = 404;
		res.end();
	});
}

const server = tls
	? https.createServer({ key: readFileSync(TLS_KEY), cert: readFileSync(TLS_CERT) }, onRequest)
	: http.createServer(onRequest);
server.headersTimeout = 10_000;
server.requestTimeout = 15 * 60_000; // a study of gigabytes over a slow line
server.timeout = 60_000; // a sender that says nothing for a minute is cut; streams send pings
server.maxHeadersCount = 100;

server.on('upgrade', (req, socket, head) => {
	distrust(req);
	socket.setTimeout(0);
	if (!app.handleUpgrade(req, socket, head)) socket.destroy();
});

const port = Number(process.env.PORT || 3000);
const host = process.env.HOST || '127.0.0.1';
server.on('error', (e) => {
	console.error(
		e.code === 'EADDRINUSE'
			? `Port ${port} is taken. Stop what uses it, or set PORT.`
			: `The server could not start: ${e.message}`
	);
	process.exit(1);
});
server.listen(port, host, () => {
	const { address, port: taken, family } = server.address();
	// Passkeys work at a name, never at a number; and "everywhere" is no address to open.
	const everywhere = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address);
	const shown = everywhere ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
	const origin = process.env.ORIGIN || `${tls ? 'https' : 'http'}://${shown}:${taken}`;
	console.log(`Readroom listens on ${origin}`);
	if (app.firstAdminPath) {
		console.log('Nobody is here yet. Open this link once, within 7 days, to set up your practice:');
		console.log(origin + app.firstAdminPath);
	}
});

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
	process.on(signal, () => {
		if (stopping) return;
		stopping = true;
		server.close(async () => {
			await app.close();
			process.exit(0);
		});
		server.closeIdleConnections();
		app.closeSockets(); // close() waits for upgraded sockets
		setTimeout(() => server.closeAllConnections(), 1500).unref();
		setTimeout(() => process.exit(1), 8000).unref();
	});
}
