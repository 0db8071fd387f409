/** On every answer, page or not (G1). `server.js` sends the same with static files. */
const always: Record<string, string> = {
	'x-content-type-options': 'nosniff',
	'cross-origin-resource-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'x-frame-options': 'DENY',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
	'reporting-endpoints': 'csp="/api/csp-report"'
};

/** A visitor's pages tell nobody where they were and are kept by nobody (C8). */
const sharePages = /^\/s(\/|$)/;

export function setSecurityHeaders(
	headers: Pick<Headers, 'get' | 'has' | 'set'>,
	url: Pick<URL, 'pathname' | 'protocol'>
): void {
	for (const [name, value] of Object.entries(always)) headers.set(name, value);
	const shared = sharePages.test(url.pathname);
	headers.set('referrer-policy', shared ? 'no-referrer' : 'same-origin');
	if (shared) headers.set('x-robots-tag', 'noindex, nofollow, noarchive');
	if (url.protocol === 'https:') {
		headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains');
	}
	// Everything that passes here may hold something about a patient (G3).
	headers.set('cache-control', 'private, no-store');
	// Documents of the reading room get their policy from the framework, with nonces. What is no
	// page may load nothing at all, should a browser ever show it as one.
	if (!headers.has('content-security-policy') && !headers.get('content-type')?.includes('html')) {
		headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
	}
}
