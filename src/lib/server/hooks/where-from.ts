import type { IncomingMessage } from 'node:http';

/** Names of headers, as the framework's adapter reads them from the environment. */
type Variables = Record<string, string | undefined>;

const one = (req: IncomingMessage, name: string | undefined): string | null => {
	const value = name ? req.headers[name.toLowerCase()] : undefined;
	return typeof value === 'string' && value ? value : null;
};

/**
 * `https://echo.example.org`, by the same rules as the framework's adapter: the production server
 * takes away what a proxy that we do not trust may say (G6). Null when it cannot be told.
 */
export function originOf(req: IncomingMessage, variables: Variables): string | null {
	if (variables.ORIGIN) return new URL(variables.ORIGIN).origin;
	const scheme = one(req, variables.PROTOCOL_HEADER) ?? 'https';
	const host = one(req, variables.HOST_HEADER) ?? req.headers.host;
	const port = one(req, variables.PORT_HEADER);
	if (!host || !/^https?$/.test(scheme) || (port && !/^\d{1,5}$/.test(port))) return null;
	return cleanOrigin(`${scheme}://${host}${port ? `:${port}` : ''}`);
}

const clean = new Map<string, string | null>();

/** The same few hosts are named again and again. */
function cleanOrigin(said: string): string | null {
	const known = clean.get(said);
	if (known !== undefined) return known;
	const url = URL.canParse(said) ? new URL(said) : null;
	const origin = url && url.href === `${url.origin}/` ? url.origin : null;
	if (clean.size >= 100) clean.clear();
	clean.set(said, origin);
	return origin;
}

/** The client's address; null when a proxy should have said it and did not. */
export function addressOf(req: IncomingMessage, variables: Variables): string | null {
	const name = variables.ADDRESS_HEADER;
	if (!name) return req.socket.remoteAddress ?? '';
	const said = one(req, name);
	if (said === null || name.toLowerCase() !== 'x-forwarded-for') return said;
	const depth = Number(variables.XFF_DEPTH ?? 1);
	return depth >= 1 ? (said.split(',').at(-Math.trunc(depth))?.trim() ?? null) : null;
}
