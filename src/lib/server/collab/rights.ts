import type { Action } from '$lib/access/actions.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import type { Comment, DocumentRoot } from '$lib/collab/report-doc.ts';
import type { Change } from '$lib/collab/update-analysis.ts';

/** The right that an edit of each root needs (K6). */
export const rightOfDocumentRoot = {
	fields: 'report.edit-values',
	interpretation: 'report.edit-interpretation',
	annotations: 'report.annotate',
	proposals: 'report.propose',
	comments: 'report.comment'
} as const satisfies Record<DocumentRoot, Action>;

/** The roots that this person may not edit in the report's state; empty: all is well. */
export function forbiddenRoots(
	actor: UserActor,
	subject: Subject,
	roots: Iterable<DocumentRoot>
): DocumentRoot[] {
	return [...roots].filter((root) => !can(actor, rightOfDocumentRoot[root], subject));
}

export function mayEditAnything(actor: UserActor, subject: Subject): boolean {
	return Object.values(rightOfDocumentRoot).some((action) => can(actor, action, subject));
}

/**
 * The writes that are not signed with their sender's name. A write may carry another's name only
 * when it puts back what stood there before ("undo"), which the record can tell; settling somebody's
 * comment is signed inside it.
 */
export function foreignNames(changes: readonly Change[], senderId: string): Change[] {
	return changes.filter((change) => {
		const { value } = change;
		if (change.action === 'delete' || value === null || 'inserted' in value) return false;
		if (value.by === senderId) {
			return change.root === 'comments' && !isOwnComment(change, senderId);
		}
		return !(change.root === 'comments' && settles(change, senderId));
	});
}

/** Nobody rewrites another's comment, nor signs "settled" for somebody else. */
function isOwnComment(change: Change, senderId: string): boolean {
	const before = change.before as Comment | null;
	const { resolved } = change.value as Comment;
	if (before && before.by !== senderId) return false;
	return !resolved || resolved.by === senderId || resolved.by === before?.resolved?.by;
}

function settles(change: Change, senderId: string): boolean {
	const before = change.before as Comment | null;
	const after = change.value as Comment;
	if (!before || (after.resolved && after.resolved.by !== senderId)) return false;
	return (
		before.by === after.by &&
		before.text === after.text &&
		before.at === after.at &&
		before.field === after.field
	);
}
