/** Headers of every answer of this door. `private, no-store`: G3; no sniffing: D5. */
export const doorHeaders: Record<string, string> = {
	'cache-control': 'private, no-store',
	'x-content-type-options': 'nosniff',
	'cross-origin-resource-policy': 'same-origin',
	'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox"
};

export function dicomJson(
	body: unknown,
	init: { status?: number; headers?: HeadersInit } = {}
): Response {
	const headers = new Headers({ ...doorHeaders, 'content-type': 'application/dicom+json' });
	new Headers(init.headers).forEach((value, name) => headers.set(name, value));
	return new Response(JSON.stringify(body), { status: init.status ?? 200, headers });
}

/** 406: the error table has no row for it, because only this door negotiates types. */
export function notAcceptable(offered: readonly string[]): Response {
	return Response.json(
		{ code: 'unsupported', message: `Available here: ${offered.join(', ')}.` },
		{ status: 406, headers: doorHeaders }
	);
}

/** A strong validator of ours: what the bytes are and what was made of them. */
export function etagOf(contentHash: string, variant = ''): string | null {
	return /^[0-9a-f]{64}$/.test(contentHash) ? `"${contentHash}${variant && `-${variant}`}"` : null;
}

/** Whether `If-None-Match` names this version; weak comparison, as PS3.18 refers to RFC 9110 13.1.2. */
export function isUnchanged(request: Request, etag: string | null): boolean {
	const header = request.headers.get('if-none-match');
	if (!header || !etag) return false;
	if (header.trim() === '*') return true;
	return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

export const unchanged = (etag: string): Response =>
	new Response(null, { status: 304, headers: { ...doorHeaders, etag } });
