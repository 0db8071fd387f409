import type { Actor } from '$lib/access/actor.ts';
import { inTransaction } from '../db/client.ts';
import type { Services } from '../services.ts';
import { Refusal } from './require.ts';

/** A refusal is an event as well (M1). Nobody's are not: anyone could fill the log with them. */
export async function witnessRefusal(
	{ db, audit }: Services,
	actor: Actor,
	door: string,
	error: unknown
): Promise<void> {
	if (!(error instanceof Refusal) || actor.kind === 'nobody') return;
	const { code, action } = error;
	await inTransaction(db, (tx) =>
		audit.record(tx, actor, {
			action: 'access.refused',
			outcome: 'refused',
			detail: { door: door.slice(0, 120), code: `${code}:${action}` }
		})
	);
}
