import type { Action } from './actions.ts';
import type { Actor, Role, UserActor } from './actor.ts';
import { conditions, type ConditionId } from './conditions.ts';
import type { Subject } from './subject.ts';

/** `A` allowed, `D` denied, otherwise allowed where that condition holds. */
export type Cell = 'A' | 'D' | ConditionId;

/** Columns: the roles of a member, then everybody else. */
export const columns = [
	'admin',
	'physician',
	'fellow',
	'sonographer',
	'referrer',
	'share',
	'patient',
	/** A user of another practice. */
	'other',
	'nobody',
	/** A colleague of another practice, invited to one study. */
	'guest',
	'token',
	'modality',
	'job'
] as const;
export type Column = (typeof columns)[number];

type Row = readonly Cell[] & { length: 13 };

/** Who may do what. Default is no; roles add up. */
// prettier-ignore
export const matrix = {
	//                            ADM    PHY    FEL    SON    REF   SHL   PAT   OTH  ANO  GUE  TOK      AET  JOB
	'study.list':                ['c1',  'A',   'A',   'A',   'c2', 'D',  'c3', 'D', 'D', 'D', 'read',  'D', 'D'],
	'study.view-images':         ['D',   'A',   'A',   'A',   'c2', 'c4', 'c3', 'D', 'D', 'D', 'read',  'D', 'system'],
	'study.upload':              ['A',   'A',   'A',   'A',   'c2', 'c4', 'c3', 'D', 'D', 'D', 'store', 'A', 'system'],
	'study.assign':              ['A',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.read-draft':         ['D',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.read-preliminary':   ['D',   'A',   'A',   'A',   'c2', 'c4', 'D',  'D', 'D', 'D', 'fhir',  'D', 'D'],
	'report.read-final':         ['D',   'A',   'A',   'A',   'c2', 'c4', 'c3', 'D', 'D', 'D', 'fhir',  'D', 'system'],
	'report.edit-values':        ['D',   'A',   'A',   'c5',  'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'report.edit-interpretation':['D',   'A',   'c6',  'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.annotate':           ['D',   'A',   'A',   'c5',  'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.propose':            ['D',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'report.send-to-read':       ['D',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.measure':            ['D',   'A',   'A',   'A',   'c2', 'c4', 'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.comment':            ['D',   'A',   'A',   'A',   'c2', 'c4', 'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.see-presence':       ['D',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.release-preliminary':['D',   'A',   'c17', 'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.sign-final':         ['D',   'c7',  'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.sign-own-part':      ['D',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.record-communication':['D','A',  'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.amend':              ['D',   'c7',  'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'report.export':             ['D',   'A',   'A',   'A',   'c2', 'c4', 'c3', 'D', 'D', 'D', 'D',     'D', 'system'],
	'report.bulk-export':        ['c11', 'c11', 'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'guest.invite':              ['D',   'A',   'A',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'order.match':               ['A',   'A',   'D',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'worksheet.read':            ['A',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'worksheet.author':          ['A',   'A',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'macro.read':                ['A',   'A',   'A',   'A',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'macro.change-own':          ['own', 'own', 'own', 'own', 'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'macro.change-group':        ['A',   'member','D', 'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'macro.change-practice':     ['A',   'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'reading-group.manage':      ['A',   'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'grant.create':              ['c8',  'A',   'c8',  'c8',  'D',  'D',  'c9', 'D', 'D', 'D', 'D',     'D', 'D'],
	'grant.list':                ['A',   'A',   'own', 'own', 'D',  'D',  'own','D', 'D', 'D', 'D',     'D', 'D'],
	'grant.revoke':              ['A',   'A',   'own', 'own', 'D',  'D',  'own','D', 'D', 'D', 'D',     'D', 'D'],
	'release.decide':            ['D',   'c10', 'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'audit.read':                ['A',   'c12', 'D',   'D',   'D',  'D',  'c13','D', 'D', 'D', 'D',     'D', 'D'],
	'audit.read-own':            ['D',   'c12', 'D',   'D',   'D',  'D',  'c13','D', 'D', 'D', 'D',     'D', 'D'],
	'user.manage':               ['c14', 'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'archive.configure':         ['c14', 'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'practice.configure':        ['c14', 'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'token.create':              ['own', 'own', 'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'system'],
	'break-glass.start':         ['D',   'c15', 'c15', 'D',   'c15','D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'break-glass.review':        ['c16', 'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'record.delete':             ['D',   'D',   'D',   'D',   'D',  'D',  'D',  'D', 'D', 'D', 'D',     'D', 'D'],
	'self.manage':               ['own', 'own', 'own', 'own', 'own','D',  'own','D', 'D', 'D', 'D',     'D', 'D'],
	'public.use':                ['A',   'A',   'A',   'A',   'A',  'A',  'A',  'A', 'A', 'A', 'A',     'A', 'A']
} as const satisfies Record<Action, Row>;

/**
 * The one function that judges (B1). True when one of the actor's columns allows the action on the
 * subject, or allows it under a condition that holds. Everything else is no.
 */
export function can(actor: Actor, action: Action, subject: Subject): boolean {
	const allowed = columnsOf(actor, subject).some((column) =>
		holds(cellOf(action, column), actor, subject)
	);
	// A token never has more than the user who made it.
	return actor.kind === 'token' && allowed ? can(ownerOf(actor), action, subject) : allowed;
}

/**
 * Whether there is any subject on which this actor could do it. For doors, before a subject is known,
 * and for menus; never instead of `can`.
 */
export function couldEver(actor: Actor, action: Action): boolean {
	const everywhere = 'practiceId' in actor ? { practiceId: actor.practiceId } : null;
	const own = everywhere ? columnsOf(actor, everywhere) : (['nobody'] as const);
	return own.some((column) => cellOf(action, column) !== 'D');
}

/** Throws nothing: a column that does not exist for an actor is one that says no. */
function columnsOf(actor: Actor, subject: Pick<Subject, 'practiceId'>): readonly Column[] {
	if (actor.kind === 'nobody') return ['nobody'];
	if (actor.practiceId !== subject.practiceId) return ['other'];
	switch (actor.kind) {
		case 'user':
			return actor.roles;
		case 'grant':
			return ['share'];
		default:
			return [actor.kind];
	}
}

export function cellOf(action: Action, column: Column): Cell {
	return matrix[action][columns.indexOf(column)] ?? 'D';
}

function holds(cell: Cell, actor: Actor, subject: Subject): boolean {
	if (cell === 'A') return true;
	if (cell === 'D') return false;
	return conditions[cell].holds(actor, subject);
}

function ownerOf(token: Extract<Actor, { kind: 'token' }>): UserActor {
	const { userId, practiceId, roles } = token;
	return {
		kind: 'user',
		userId,
		practiceId,
		roles: roles.filter((role): role is Role => role !== 'patient'),
		name: '',
		sessionId: '',
		patientIds: [],
		licensed: false
	};
}
