import type { Actor } from '$lib/access/actor.ts';
import type { ReportId } from '$lib/ids.ts';
import { inTransaction } from '../db/client.ts';
import { messageOf, type LiveMachine } from './machine.ts';

/** Refusals are witnessed. Nothing depends on it: what was refused is refused already. */
export async function recordRefusal(
	machine: LiveMachine,
	actor: Actor,
	reportId: ReportId
): Promise<void> {
	try {
		await inTransaction(machine.db, (tx) =>
			machine.audit.record(tx, actor, {
				action: 'access.refused',
				object: `report:${reportId}`,
				outcome: 'refused',
				detail: { door: '/ws', code: 'not_allowed' }
			})
		);
	} catch (e) {
		machine.log.error({ report: reportId, err: messageOf(e) }, 'a refusal was not recorded');
	}
}
