import * as Y from 'yjs';
import { analyseUpdate } from '$lib/collab/update-analysis.ts';
import type { Tx } from '../db/client.ts';
import { analyseOrRefuse, judgeChange, type Outcome } from './judge-change.ts';
import { findLateEdit, keepLateEdit } from './late-edits.ts';
import type { LiveDocument, Peer } from './live-document.ts';
import type { LiveMachine } from './machine.ts';
import type { ReportFacts } from './persist.ts';

/**
 * An edit of a report that is signed: not lost and not merged (L7). It is judged as it would have
 * been before, and kept for its author as a proposed addendum.
 */
export async function acceptLateEdit(
	machine: LiveMachine,
	tx: Tx,
	parts: { document: LiveDocument; peer: Peer; report: ReportFacts; bytes: Uint8Array }
): Promise<Outcome> {
	const { document, peer, report, bytes } = parts;
	const { userId } = peer.actor;
	const held = await findLateEdit(tx, report.id, userId);
	const scratch = document.scratch();
	try {
		// What the same person sent too late before is part of what this one builds on.
		if (held) Y.applyUpdate(scratch, held.update);
		const analysis = analyseOrRefuse(() => analyseUpdate(scratch, bytes));
		if (analysis.kind === 'incomplete') return { kind: 'incomplete' };
		if (analysis.kind === 'nothing') return { kind: 'late', kept: held !== null };

		const before: ReportFacts = { ...report, state: 'in_progress' };
		await judgeChange(machine, tx, { document, actor: peer.actor, report: before, analysis });
		const id = await keepLateEdit(tx, {
			reportId: report.id,
			userId,
			update: analysis.update,
			at: machine.clock(),
			newId: machine.newId
		});
		if (!held) {
			await machine.audit.record(tx, peer.actor, {
				action: 'report.late-edit-kept',
				object: `report:${report.id}`,
				detail: { edit: id }
			});
		}
		return { kind: 'late', kept: true };
	} finally {
		scratch.destroy();
	}
}
