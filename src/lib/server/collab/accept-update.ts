import { isFrozen } from '$lib/report/states.ts';
import { closeCodes } from '$lib/collab/close-codes.ts';
import { analyseUpdate } from '$lib/collab/update-analysis.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { acceptLateEdit } from './accept-late-edit.ts';
import { analyseOrRefuse, judgeChange, type Outcome } from './judge-change.ts';
import type { LiveDocument, Peer } from './live-document.ts';
import { Refusal, withRetries, type LiveMachine } from './machine.ts';
import { insertUpdate, lockReport, type ReportFacts } from './persist.ts';

/** A change that the database has, to be applied when the transaction is over. */
interface Committed {
	id: number;
	update: Uint8Array;
	clients: readonly number[];
	/** Roots that this opening edited for the first time. */
	roots: readonly string[];
}

/**
 * Judges one update and stores it. In the document's queue; when it returns, what it says is
 * committed, applied and passed on.
 * @throws Refusal when the socket must be closed.
 */
export async function acceptUpdate(
	machine: LiveMachine,
	document: LiveDocument,
	peer: Peer,
	bytes: Uint8Array
): Promise<Outcome> {
	if (peer.voided) throw new Refusal(closeCodes.notAllowed, 'no longer');
	const { outcome, committed } = await withRetries(machine, () =>
		inTransaction(machine.db, (tx) => judgeAndStore(machine, tx, document, peer, bytes))
	);
	if (committed) {
		for (const id of committed.clients) document.owners.set(id, peer.actor.userId);
		for (const root of committed.roots) peer.editedRoots.add(root);
		document.applyCommitted(committed.id, committed.update, peer);
		machine.fanOut.publish(document.reportId, committed.id);
	}
	return outcome;
}

async function judgeAndStore(
	machine: LiveMachine,
	tx: Tx,
	document: LiveDocument,
	peer: Peer,
	bytes: Uint8Array
): Promise<{ outcome: Outcome; committed?: Committed }> {
	const report = await lockReport(tx, document.reportId);
	if (!report || report.generation !== document.generation) {
		throw new Refusal(closeCodes.otherGeneration, 'another generation');
	}
	await document.catchUp(tx);
	if (isFrozen(report.state)) {
		return { outcome: await acceptLateEdit(machine, tx, { document, peer, report, bytes }) };
	}

	const analysis = analyseOrRefuse(() => analyseUpdate(document.doc, bytes));
	if (analysis.kind === 'nothing') return { outcome: { kind: 'known' } };
	if (analysis.kind === 'incomplete') return { outcome: { kind: 'incomplete' } };

	await judgeChange(machine, tx, { document, actor: peer.actor, report, analysis });
	if (!document.hasRoomFor(analysis.update)) {
		throw new Refusal(closeCodes.tooBig, 'the document is full');
	}
	const id = await insertUpdate(tx, {
		reportId: report.id,
		generation: report.generation,
		update: analysis.update,
		changes: analysis.changes,
		userId: peer.actor.userId,
		at: machine.clock()
	});
	const roots = [...analysis.roots].filter((root) => !peer.editedRoots.has(root));
	await recordEdit(machine, tx, peer, report, roots);
	return {
		outcome: { kind: 'stored' },
		committed: { id, update: analysis.update, clients: analysis.clients, roots }
	};
}

/** One event a root and opening, committed with the first edit; every edit is in the history. */
async function recordEdit(
	machine: LiveMachine,
	tx: Tx,
	peer: Peer,
	report: ReportFacts,
	roots: string[]
): Promise<void> {
	if (roots.length === 0) return;
	await machine.audit.record(tx, peer.actor, {
		action: 'report.document-edited',
		object: `report:${report.id}`,
		detail: { updates: 1, roots }
	});
}
