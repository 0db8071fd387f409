import {
	createTRPCClient,
	httpBatchLink,
	httpSubscriptionLink,
	splitLink,
	TRPCClientError
} from '@trpc/client';
import superjson from 'superjson';
import type { ErrorCode } from './errors.ts';
import type { AppRouter } from './server/trpc/router.ts';

const url = '/api/trpc';

/** The typed client for components. `fetch` may be the one of a `load` function. */
export function createClient(options: { fetch?: typeof fetch; grantId?: string } = {}) {
	// Names the share link as whose holder this page asks; its cookie must fit (B5).
	const query = options.grantId ? `?grant=${encodeURIComponent(options.grantId)}` : '';
	const address = `${url}${query}`;
	return createTRPCClient<AppRouter>({
		links: [
			splitLink({
				condition: (op) => op.type === 'subscription',
				true: httpSubscriptionLink({ url: address, transformer: superjson }),
				false: httpBatchLink({
					url: address,
					transformer: superjson,
					maxItems: 20,
					...(options.fetch ? { fetch: options.fetch } : {})
				})
			})
		]
	});
}

/** For pages of members. */
export const trpc = createClient();

export interface ClientError {
	code: ErrorCode;
	/** Words for a person. */
	message: string;
	/** What exactly is wrong, where it was said on purpose. */
	detail: string | undefined;
	/** Quote it to the operator; the log explains it. */
	requestId: string;
}

/** What a failed call says; a broken connection counts as `internal`. */
export function errorOf(error: unknown): ClientError {
	if (error instanceof TRPCClientError && error.data) {
		const { code, detail, requestId } = error.data as Partial<ClientError>;
		return { code: code ?? 'internal', message: error.message, detail, requestId: requestId ?? '' };
	}
	const message = 'The server did not answer. Check the connection and try again.';
	return { code: 'internal', message, detail: undefined, requestId: '' };
}
