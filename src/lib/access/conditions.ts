import { isFrozen } from '../report/states.ts';
import type { Actor, UserActor } from './actor.ts';
import type { Subject } from './subject.ts';

interface Condition {
	/** The rule, as a person would say it. */
	says: string;
	holds(actor: Actor, subject: Subject): boolean;
}

const user = (test: (actor: UserActor, subject: Subject) => boolean): Condition['holds'] => {
	return (actor, subject) => actor.kind === 'user' && test(actor, subject);
};
const isTheirPatient = (actor: UserActor, subject: Subject) =>
	subject.patientId !== undefined && actor.patientIds.includes(subject.patientId);
const isEditable = (subject: Subject) => subject.state === undefined || !isFrozen(subject.state);

/** The numbered conditions of the matrix. A fact that is not known counts as against. */
export const conditions = {
	c1: {
		says: 'only the columns of the work list, no images and no report text',
		holds: (_, subject) => subject.columnsOnly === true
	},
	c2: {
		says: 'only patients this referrer is named for on the order or was granted, and no embargo holds',
		holds: user(
			(actor, subject) =>
				subject.embargoed !== true && (subject.referrers ?? []).includes(actor.userId)
		)
	},
	c3: {
		says: 'only their own studies, and only once released',
		holds: user((actor, subject) => isTheirPatient(actor, subject) && subject.released === true)
	},
	c4: {
		says: 'exactly the items and switches written in the link',
		holds: (actor, subject) => actor.kind === 'grant' && grantCovers(actor.grantId, subject)
	},
	c5: {
		says: 'until sent to read; afterwards only as a proposal',
		holds: (_, subject) => subject.state === undefined || subject.state === 'in_progress'
	},
	c6: {
		says: 'into a draft that a physician must co-sign',
		holds: (_, subject) => isEditable(subject)
	},
	c7: {
		says: 'only with password or passkey in the same request, on exactly the content shown',
		holds: (_, subject) => subject.proven === true
	},
	c8: {
		says: 'only final reports, and only if the practice lets others than physicians share',
		holds: (_, subject) =>
			subject.sharing?.othersMayShare === true &&
			subject.released === true &&
			subject.state !== undefined &&
			isFrozen(subject.state)
	},
	c9: {
		says: 'own released studies, if the practice lets patients share',
		holds: user(
			(actor, subject) =>
				subject.sharing?.patientsMayShare === true &&
				subject.released === true &&
				isTheirPatient(actor, subject)
		)
	},
	c10: {
		says: 'with a reason when a rule is overridden',
		holds: (_, subject) => subject.overridesRule !== true || Boolean(subject.reason?.trim())
	},
	c11: {
		says: 'when a second person approved',
		holds: user((actor, { approvedBy }) => approvedBy != null && approvedBy !== actor.userId)
	},
	c12: {
		says: 'events about reports they signed',
		holds: user((actor, subject) => (subject.signers ?? []).includes(actor.userId))
	},
	c13: {
		says: 'who opened their own record',
		holds: user(isTheirPatient)
	},
	c14: {
		says: 'after a step-up, never on their own roles, and no role they do not administer',
		holds: user(
			(actor, subject) =>
				subject.steppedUp === true &&
				!(subject.userId === actor.userId && (subject.rolesTouched?.length ?? 0) > 0)
		)
	},
	c15: {
		says: 'with a reason and a proof, for one patient, reading only',
		holds: (_, subject) =>
			subject.proven === true && Boolean(subject.reason?.trim()) && subject.patientId !== undefined
	},
	c16: {
		says: 'never the person who broke the glass',
		holds: user((actor, { brokenBy }) => brokenBy !== undefined && brokenBy !== actor.userId)
	},
	c17: {
		says: 'only where the practice marks the fellow as a licensed physician',
		holds: user((actor) => actor.licensed)
	},
	own: {
		says: 'only what they made themselves',
		holds: user((actor, subject) => subject.ownerId === actor.userId)
	},
	member: {
		says: 'only of a reading group that they belong to',
		holds: user((actor, subject) => (subject.groupMembers ?? []).includes(actor.userId))
	},
	/** A token is the user who made it, cut to the listed scopes. */
	read: {
		says: 'a token with the scope dicom:read, of a user who may',
		holds: (actor) => actor.kind === 'token' && actor.scopes.includes('dicom:read')
	},
	store: {
		says: 'a token with the scope dicom:store, of a user who may',
		holds: (actor) => actor.kind === 'token' && actor.scopes.includes('dicom:store')
	},
	fhir: {
		says: 'a token with the scope fhir:read, of a user who may',
		holds: (actor) => actor.kind === 'token' && actor.scopes.includes('fhir:read')
	},
	system: {
		says: 'the system itself; a job that somebody asked for is judged as that person (B8)',
		holds: (actor) => actor.kind === 'job' && actor.onBehalfOf === null
	}
} as const satisfies Record<string, Condition>;

export type ConditionId = keyof typeof conditions;

/** C6: nothing is derived from the listed items; C9: a switch that is off is off. */
function grantCovers(grantId: string, subject: Subject): boolean {
	const { grant, item } = subject;
	if (!grant || !item || grant.id !== grantId || !grant.open) return false;
	if (!grant.switches[item]) return false;
	if (item === 'report') return coversVersion(grant, subject);
	if (item === 'download' && subject.studyUid === undefined) {
		return grant.switches.report && coversVersion(grant, subject);
	}
	if (!grant.switches.images || subject.isDocument) return false;
	if (subject.studyUid === undefined || !grant.scope.studyUids.includes(subject.studyUid))
		return false;
	const { instanceUids } = grant.scope;
	return (
		instanceUids === null || subject.sopUid === undefined || instanceUids.includes(subject.sopUid)
	);
}

/** The pinned version; a later one only when the link says so (C11). */
function coversVersion(grant: NonNullable<Subject['grant']>, subject: Subject): boolean {
	if (subject.versionId === undefined) return false;
	if (subject.versionId === grant.versionId) return true;
	return grant.switches.newerVersions && subject.succeedsShared === true;
}
