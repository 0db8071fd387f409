import { error, isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import { TRPCError } from '@trpc/server';
import { DomainError } from '$lib/errors.ts';
import { witnessRefusal } from '../access/witness-refusal.ts';
import { errorResponse, errorTable, publicError } from '../error-table.ts';

/** Wraps a `+server.ts` handler: what is thrown becomes an answer from the error table. */
export function route<E extends RequestEvent>(
	handler: (event: E) => Response | Promise<Response>
): (event: E) => Promise<Response> {
	return async (event) => {
		try {
			return await handler(event);
		} catch (e) {
			if (isHttpError(e) || isRedirect(e)) throw e;
			await report(event, e);
			return errorResponse(e);
		}
	};
}

/** Wraps the body of a `load` or an action: a DomainError becomes the framework's error page. */
export async function page<T>(event: RequestEvent, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (thrown) {
		// A procedure called from a page wraps what was said on purpose.
		const e =
			thrown instanceof TRPCError && thrown.cause instanceof DomainError ? thrown.cause : thrown;
		if (!(e instanceof DomainError)) throw e;
		await report(event, e);
		const { status, message, code, detail } = publicError(e);
		error(status, { message, code, ...(detail ? { detail } : {}) });
	}
}

async function report({ locals, route }: RequestEvent, e: unknown): Promise<void> {
	const { requestId, services, actor } = locals;
	await witnessRefusal(services, actor, route.id ?? '', e);
	if (!(e instanceof DomainError)) {
		services.log.error({ err: e, requestId, route: route.id }, 'unexpected');
	} else if (errorTable[e.code].report) {
		services.log.error({ code: e.code, requestId, route: route.id }, 'refused');
	}
}
