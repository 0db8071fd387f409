import type { IncomingMessage } from 'node:http';

/** A cookie of a request that did not come through the framework. Ours need no decoding. */
export function readCookie(req: IncomingMessage, name: string): string | null {
	for (const pair of (req.headers.cookie ?? '').split(';')) {
		const at = pair.indexOf('=');
		if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
	}
	return null;
}
