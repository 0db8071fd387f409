import * as Y from 'yjs';
import { DomainError } from '$lib/errors.ts';
import { analyseUpdate, type Change } from '$lib/collab/update-analysis.ts';
import { isFrozen } from '$lib/report/states.ts';
import { inTransaction } from '../db/client.ts';
import type { LiveDocument } from './live-document.ts';
import { withRetries, type LiveMachine } from './machine.ts';
import { bindClients, insertUpdate, lockReport, serverOwner } from './persist.ts';

/**
 * An edit of the server's own: machine entries, migrations. Tried on a copy, stored, then applied,
 * so that nobody ever saw what was not committed. In the document's queue.
 * @throws DomainError `report_final` when the report is signed and the edit would change it.
 */
export async function applyAsServer<T>(
	machine: LiveMachine,
	document: LiveDocument,
	write: (doc: Y.Doc) => T
): Promise<T> {
	const { result, committed } = await withRetries(machine, () =>
		inTransaction(machine.db, async (tx) => {
			const report = await lockReport(tx, document.reportId);
			if (!report) throw new DomainError('not_found');
			await document.catchUp(tx);

			const copy = document.scratch();
			const { result, update } = capture(copy, write);
			const clientId = copy.clientID;
			copy.destroy();
			if (!update) return { result };
			if (isFrozen(report.state)) throw new DomainError('report_final');

			const { id: reportId, generation } = report;
			const at = machine.clock();
			const owner = { reportId, generation, userId: serverOwner, at };
			// A random 32-bit number met somebody's: the retry draws another.
			if (!(await bindClients(tx, owner, [clientId]))) throw new Error('client id taken');
			const changes = changesOf(document.doc, update);
			const entry = { reportId, generation, update, changes, userId: null, at };
			const id = await insertUpdate(tx, entry);
			return { result, committed: { id, update, clientId } };
		})
	);
	if (committed) {
		document.owners.set(committed.clientId, serverOwner);
		document.applyCommitted(committed.id, committed.update, null);
		machine.fanOut.publish(document.reportId, committed.id);
	}
	return result;
}

function capture<T>(
	copy: Y.Doc,
	write: (doc: Y.Doc) => T
): { result: T; update: Uint8Array | null } {
	const updates: Uint8Array[] = [];
	copy.on('update', (update: Uint8Array) => updates.push(update));
	const result = copy.transact(() => write(copy));
	return { result, update: updates.length > 0 ? Y.mergeUpdates(updates) : null };
}

/** A migration may touch roots that no person may; those leave no line in the history of fields. */
function changesOf(doc: Y.Doc, update: Uint8Array): readonly Change[] {
	const analysis = analyseUpdate(doc, update);
	return analysis.kind === 'change' ? analysis.changes : [];
}
