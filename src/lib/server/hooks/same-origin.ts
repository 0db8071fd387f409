const safe = new Set(['GET', 'HEAD', 'OPTIONS']);
const forms = ['application/x-www-form-urlencoded', 'multipart/form-data'];
/** Doors of programs: no form of another site can speak their content types. */
const machineDoors = /^\/(api|dicom-web|fhir)(\/|$)/;

/**
 * Why a change of state is refused, or null (G2). A browser says where a request comes from; a
 * request with a token carries no ambient credential, so it may come from anywhere.
 */
export function crossSiteFault(request: Request, url: URL, hasToken: boolean): string | null {
	if (safe.has(request.method)) return null;
	const type =
		(request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	if (type === 'text/plain') return 'content-type';
	const toMachine = machineDoors.test(url.pathname);
	if (toMachine && forms.includes(type)) return 'content-type';
	const hasBody = request.body !== null && request.headers.get('content-length') !== '0';
	if (hasBody && type === '') return 'content-type';
	if (!toMachine && hasBody && !forms.includes(type) && type !== 'application/json') {
		return 'content-type';
	}
	if (hasToken) return null;
	const origin = request.headers.get('origin');
	// A page that sends no referrer sends `Origin: null` with its forms.
	if (origin !== null && origin !== 'null') return origin === url.origin ? null : 'origin';
	return request.headers.get('sec-fetch-site') === 'same-origin' ? null : 'origin';
}
