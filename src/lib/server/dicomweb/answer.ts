import type { Flow } from './flow.ts';
import type { Pieces } from './pieces.ts';

/** Headers of every answer of this door. `private, no-store`: G3; no sniffing: D5. */
export const doorHeaders: Record<string, string> = {
	'cache-control': 'private, no-store',
	'x-content-type-options': 'nosniff',
	'cross-origin-resource-policy': 'same-origin',
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox"
};

/** What the door asks of a request: the framework's, or one made from Node's. */
export type DoorRequest = Pick<Request, 'method' | 'signal' | 'body'> & {
	headers: Pick<Headers, 'get'>;
};

/** An answer that knows no framework: Node's server and the framework each send it in their way. */
export interface DoorAnswer {
	status: number;
	headers: Record<string, string>;
	/** Bytes that are there, or pieces that come. */
	body: Buffer[] | Pieces | null;
	/** What may cut it; whoever sends it says when all has gone. */
	flow?: Flow;
}

export function answered(
	body: DoorAnswer['body'],
	headers: Record<string, string>,
	status = 200
): DoorAnswer {
	return { status, headers: { ...doorHeaders, ...headers }, body };
}

export function dicomJson(
	body: unknown,
	init: { status?: number; headers?: Record<string, string> } = {}
): DoorAnswer {
	const headers = { 'content-type': 'application/dicom+json', ...init.headers };
	return answered([Buffer.from(JSON.stringify(body))], headers, init.status);
}

/** 406: the error table has no row for it, because only this door negotiates types. */
export function notAcceptable(offered: readonly string[]): DoorAnswer {
	return refused(406, { code: 'unsupported', message: `Available here: ${offered.join(', ')}.` });
}

export function refused(status: number, body: unknown): DoorAnswer {
	const headers = { 'content-type': 'application/json' };
	return answered([Buffer.from(JSON.stringify(body))], headers, status);
}

/** A strong validator of ours: what the bytes are and what was made of them. */
export function etagOf(contentHash: string, variant = ''): string | null {
	return /^[0-9a-f]{64}$/.test(contentHash) ? `"${contentHash}${variant && `-${variant}`}"` : null;
}

/** Whether `If-None-Match` names this version; weak comparison, as PS3.18 refers to RFC 9110 13.1.2. */
export function isUnchanged(request: DoorRequest, etag: string | null): boolean {
	const header = request.headers.get('if-none-match');
	if (!header || !etag) return false;
	if (header.trim() === '*') return true;
	return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

export const unchanged = (etag: string): DoorAnswer => answered(null, { etag }, 304);
