/** The closed list of what can go wrong on purpose. `server/error-table.ts` maps every code. */
export const errorCodes = [
	'not_signed_in',
	'not_found',
	'not_allowed',
	'invalid_input',
	'conflict',
	'too_large',
	'too_many',
	'unsupported',
	'grant_expired',
	'grant_revoked',
	'grant_paused',
	'grant_used_up',
	'passcode_wrong',
	'passcode_required',
	'reauthentication_required',
	'reauthentication_failed',
	'content_changed',
	'report_final',
	'incomplete',
	'archive_unavailable',
	'archive_answer_wrong',
	'internal'
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Thrown when a call cannot go on for a reason we foresaw. `message` is for the log and holds ids
 * only, never a name or a value of a patient; the words a person sees come from the error table.
 * `detail` may be shown: it names what is wrong and what to do, and holds nothing secret.
 */
export class DomainError extends Error {
	readonly code: ErrorCode;
	readonly detail: string | undefined;

	constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
		super(detail ? `${code}: ${detail}` : code, options);
		this.name = 'DomainError';
		this.code = code;
		this.detail = detail;
	}
}
