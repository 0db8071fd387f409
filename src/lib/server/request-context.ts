import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a request came from: what every audit event of it says beside who and what. */
export interface RequestContext {
	/** Shown to the user with an unexpected error, and found in the log. */
	requestId: string;
	/** Of the client; behind a trusted proxy, as the proxy says (G6). */
	address: string;
	/** The user agent, cut to 200 characters. */
	device: string;
	/** `https://echo.example.org`: where the browser says it is; passkeys are bound to it. */
	origin: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

const none: RequestContext = { requestId: '', address: '', device: '', origin: '' };

/** Runs `work` so that `currentRequest()` in it, however deep, answers `context`. */
export function inRequest<T>(context: RequestContext, work: () => T): T {
	return storage.run(context, work);
}

/** Outside any request (jobs, the command line) every field is empty. */
export function currentRequest(): RequestContext {
	return storage.getStore() ?? none;
}

export const deviceOf = (userAgent: string | null): string =>
	(userAgent ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
