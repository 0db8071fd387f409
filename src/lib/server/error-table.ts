import { DomainError, type ErrorCode } from '$lib/errors.ts';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';

interface Row {
	http: number;
	trpc: TRPC_ERROR_CODE_KEY;
	/** What a person reads: what happened, and what to do. */
	words: string;
	/** Whether it goes to the operators' log as an error. */
	report: boolean;
}

/** One table for pages, routes, tRPC and sockets. */
export const errorTable = {
	not_signed_in: {
		http: 401,
		trpc: 'UNAUTHORIZED',
		words: 'You are signed out. Sign in to go on.',
		report: false
	},
	not_found: {
		http: 404,
		trpc: 'NOT_FOUND',
		words: 'There is nothing here. Check the address, or go back to the list.',
		report: false
	},
	not_allowed: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'You may not do this. Ask an administrator of your practice.',
		report: false
	},
	invalid_input: {
		http: 400,
		trpc: 'BAD_REQUEST',
		words: 'Something in this request is not valid. Correct it and try again.',
		report: false
	},
	conflict: {
		http: 409,
		trpc: 'CONFLICT',
		words: 'Somebody else changed this in the meantime. Look at the new state and try again.',
		report: false
	},
	too_large: {
		http: 413,
		trpc: 'PAYLOAD_TOO_LARGE',
		words: 'This is too large. Send it in smaller parts.',
		report: false
	},
	too_many: {
		http: 429,
		trpc: 'TOO_MANY_REQUESTS',
		words: 'Too many tries. Wait a little and try again.',
		report: false
	},
	unsupported: {
		http: 415,
		trpc: 'UNSUPPORTED_MEDIA_TYPE',
		words: 'This kind of content is not supported here.',
		report: false
	},
	grant_expired: {
		http: 410,
		trpc: 'NOT_FOUND',
		words: 'This link has expired. Ask the sender for a new one.',
		report: false
	},
	grant_revoked: {
		http: 410,
		trpc: 'NOT_FOUND',
		words: 'This link was withdrawn. Ask the sender if you still need it.',
		report: false
	},
	grant_paused: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'This link is paused. The sender knows about it and can open it again.',
		report: false
	},
	grant_used_up: {
		http: 410,
		trpc: 'NOT_FOUND',
		words: 'This link was opened as often as it may be. Ask the sender for a new one.',
		report: false
	},
	passcode_wrong: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'That is not the passcode. Try again, or ask the sender.',
		report: false
	},
	passcode_required: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'This link asks for a passcode. The sender has it.',
		report: false
	},
	reauthentication_required: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'Confirm with your password or passkey.',
		report: false
	},
	reauthentication_failed: {
		http: 403,
		trpc: 'FORBIDDEN',
		words: 'That did not confirm it. Try your password or passkey again.',
		report: false
	},
	content_changed: {
		http: 409,
		trpc: 'CONFLICT',
		words: 'The report changed while you were looking. Look at what changed, then sign.',
		report: false
	},
	report_final: {
		http: 409,
		trpc: 'CONFLICT',
		words: 'This report is signed. Write an addendum to change what it says.',
		report: false
	},
	incomplete: {
		http: 422,
		trpc: 'UNPROCESSABLE_CONTENT',
		words: 'Something is still missing. Complete it and try again.',
		report: false
	},
	archive_unavailable: {
		http: 503,
		trpc: 'SERVICE_UNAVAILABLE',
		words: 'The image archive does not answer. Reports go on; images return when it does.',
		report: true
	},
	archive_answer_wrong: {
		http: 502,
		trpc: 'BAD_GATEWAY',
		words: 'The image archive answered something else than what was asked. Try again.',
		report: true
	},
	internal: {
		http: 500,
		trpc: 'INTERNAL_SERVER_ERROR',
		words: 'Something went wrong on our side. Nothing was lost; try again.',
		report: true
	}
} as const satisfies Record<ErrorCode, Row>;

/** What leaves of an error: words from the closed list, never a stack, SQL, path or id (F4). */
export interface PublicError {
	code: ErrorCode;
	status: number;
	message: string;
	/** Names what is wrong and what to do; only for errors thrown on purpose. */
	detail: string | undefined;
}

export function publicError(error: unknown): PublicError {
	const code = error instanceof DomainError ? error.code : 'internal';
	const row: Row = errorTable[code];
	return {
		code,
		status: row.http,
		message: row.words,
		detail: error instanceof DomainError ? error.detail : undefined
	};
}

/** The answer of a plain route for an error; `private, no-store` comes from the hook. */
export function errorResponse(error: unknown): Response {
	const { code, status, message, detail } = publicError(error);
	return Response.json({ code, message, ...(detail ? { detail } : {}) }, { status });
}
