import * as Y from 'yjs';
import { localOrigin, openRoots } from './report-doc.ts';

/**
 * Undo of one's own edits only. Every write to a map is a step of its own (one-click normal is one
 * write); typing in a text is gathered into steps of half a second.
 */
export function createUndo(doc: Y.Doc): Y.UndoManager {
	const roots = openRoots(doc);
	// Comments are talk: taking one back is deleting it.
	const scope: Y.AbstractType<unknown>[] = [
		roots.fields,
		roots.interpretation,
		roots.annotations,
		roots.proposals,
		roots.conclusionText,
		roots.commentsText
	] as Y.AbstractType<unknown>[];
	const undo: Y.UndoManager = new Y.UndoManager(scope, {
		trackedOrigins: new Set([localOrigin]),
		captureTimeout: 500,
		captureTransaction: (transaction) => {
			if (transaction.origin === localOrigin && touchesMap(transaction)) undo.stopCapturing();
			return true;
		}
	});
	undo.on('stack-item-added', (event: { changedParentTypes: Map<unknown, unknown> }) => {
		if ([...event.changedParentTypes.keys()].some((type) => type instanceof Y.Map)) {
			undo.stopCapturing();
		}
	});
	return undo;
}

function touchesMap(transaction: Y.Transaction): boolean {
	return [...transaction.changed.keys()].some((type) => type instanceof Y.Map);
}
