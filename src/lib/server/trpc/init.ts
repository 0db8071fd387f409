import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import type { Action } from '$lib/access/actions.ts';
import { errorTable, publicError } from '../error-table.ts';
import { currentRequest } from '../request-context.ts';
import type { Context } from './context.ts';

export interface Meta {
	/** What the procedure does; the access test finds every procedure without one. */
	action: Action;
}

export const t = initTRPC
	.context<Context>()
	.meta<Meta>()
	.create({
		transformer: superjson,
		// A subscription without news still says something: idle connections are cut.
		sse: {
			ping: { enabled: true, intervalMs: 15_000 },
			client: { reconnectAfterInactivityMs: 40_000 }
		},
		/** Only words from the closed list leave (F4). */
		errorFormatter({ shape, error }) {
			const inputIsWrong = error.code === 'BAD_REQUEST' && error.cause?.name === 'ZodError';
			const known = publicError(error.cause ?? error);
			const code = inputIsWrong
				? 'invalid_input'
				: known.code === 'internal'
					? codeOf(error.code)
					: known.code;
			return {
				code: shape.code,
				message: errorTable[code].words,
				data: {
					code,
					detail: known.detail,
					httpStatus: errorTable[code].http,
					path: shape.data.path,
					requestId: currentRequest().requestId
				}
			};
		}
	});

/** tRPC's own refusals: no such procedure, wrong method, a body that is not JSON. */
function codeOf(trpc: string): 'not_found' | 'invalid_input' | 'too_large' | 'internal' {
	if (trpc === 'NOT_FOUND') return 'not_found';
	if (trpc === 'PAYLOAD_TOO_LARGE') return 'too_large';
	if (['BAD_REQUEST', 'PARSE_ERROR', 'METHOD_NOT_SUPPORTED'].includes(trpc)) return 'invalid_input';
	return 'internal';
}
