import { DomainError } from '$lib/errors.ts';

const mebibyte = 1024 * 1024;

/** Bytes of a request's body, by door; the first that fits. */
const limits: readonly [RegExp, number][] = [
	// Uploads stream; their door counts objects and sizes itself.
	[/^\/(dicom-web|api\/upload)(\/|$)/, 4096 * mebibyte],
	[/^\/api\/csp-report$/, mebibyte / 16],
	[/^\/api\//, 2 * mebibyte],
	[/^/, mebibyte / 2]
];

export function bodyLimitOf(pathname: string): number {
	return limits.find(([pattern]) => pattern.test(pathname))?.[1] ?? mebibyte / 2;
}

/** The same request, whose body ends in `too_large` past the limit, however it was announced (G8). */
export function limitBody(request: Request, limit: number): Request {
	if (request.body === null) return request;
	if (Number(request.headers.get('content-length') ?? 0) > limit)
		throw new DomainError('too_large');
	let seen = 0;
	const counted = request.body.pipeThrough(
		new TransformStream<Uint8Array, Uint8Array>({
			transform(chunk, controller) {
				seen += chunk.byteLength;
				if (seen > limit) controller.error(new DomainError('too_large'));
				else controller.enqueue(chunk);
			}
		})
	);
	return new Request(request, { body: counted, duplex: 'half' } as RequestInit);
}
