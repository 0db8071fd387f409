import type { Communication } from './critical.ts';
import type { ReportBody } from './version.ts';

/**
 * The body of an addendum or correction: what stood in the version before, what is said now, and who
 * was told of a critical result meanwhile. The signer's client and the server build it alike.
 */
export function amendedBody(
	before: ReportBody,
	amendment: NonNullable<ReportBody['amendment']>,
	communications: readonly Communication[]
): ReportBody {
	const body = { ...before, amendment };
	return communications.length > 0 ? { ...body, communications: [...communications] } : body;
}
