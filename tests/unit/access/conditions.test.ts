import { describe, expect, it } from 'vitest';
import { actions, type Action } from '$lib/access/actions.ts';
import type { Actor, Role, UserActor } from '$lib/access/actor.ts';
import { can, couldEver } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import type {
	ArchiveId,
	GrantId,
	InstanceUid,
	PatientId,
	PracticeId,
	StudyUid,
	UserId,
	VersionId
} from '$lib/ids.ts';

const practiceId = 'north' as PracticeId;
const patientId = 'pat' as PatientId;
const studyUid = '1.2.3' as StudyUid;
const sopUid = '1.2.3.4' as InstanceUid;
const versionId = 'v1' as VersionId;

const user = (role: Role | Role[], more: Partial<UserActor> = {}): UserActor => ({
	kind: 'user',
	userId: 'me' as UserId,
	practiceId,
	roles: [role].flat(),
	name: 'Me',
	sessionId: 's',
	patientIds: [],
	licensed: false,
	...more
});
const visitor: Actor = { kind: 'grant', grantId: 'g' as GrantId, practiceId, sessionId: 'gs' };
const subject = (more: Partial<Subject> = {}): Subject => ({ practiceId, ...more });
const me = 'me' as UserId;
const someone = 'someone' as UserId;

interface Case {
	what: string;
	actor: Actor;
	action: Action;
	yes: Partial<Subject>;
	no: Partial<Subject>[];
}

const grant = (
	more: Partial<NonNullable<Subject['grant']>> = {}
): NonNullable<Subject['grant']> => ({
	id: 'g' as GrantId,
	open: true,
	scope: { studyUids: [studyUid], instanceUids: null },
	switches: { images: true, report: true, download: true, measure: true, newerVersions: false },
	versionId,
	...more
});
const off = (name: string) => ({ ...grant().switches, [name]: false });

const cases: Case[] = [
	{
		what: 'c1: an admin gets the columns of the list and nothing more',
		actor: user('admin'),
		action: 'study.list',
		yes: { columnsOnly: true },
		no: [{}, { columnsOnly: false }]
	},
	{
		what: 'c2: a referrer sees patients they are named for, unless embargoed',
		actor: user('referrer'),
		action: 'report.read-final',
		yes: { referrers: [me] },
		no: [{}, { referrers: [someone] }, { referrers: [me], embargoed: true }]
	},
	{
		what: 'c3: a patient sees their own, once released',
		actor: user('patient', { patientIds: [patientId] }),
		action: 'report.read-final',
		yes: { patientId, released: true },
		no: [{ patientId }, { patientId: 'other' as PatientId, released: true }, { released: true }]
	},
	{
		what: 'c5: a sonographer edits until it is sent to read',
		actor: user('sonographer'),
		action: 'report.edit-values',
		yes: { state: 'in_progress' },
		no: [{ state: 'sent_to_read' }, { state: 'preliminary' }, { state: 'final' }]
	},
	{
		what: 'c6: a fellow writes into a draft',
		actor: user('fellow'),
		action: 'report.edit-interpretation',
		yes: { state: 'preliminary' },
		no: [{ state: 'final' }, { state: 'amended' }]
	},
	{
		what: 'c7: a physician signs with a proof',
		actor: user('physician'),
		action: 'report.sign-final',
		yes: { proven: true },
		no: [{}, { proven: false }]
	},
	{
		what: 'c8: others share final, released reports where the practice says so',
		actor: user('fellow'),
		action: 'grant.create',
		yes: {
			sharing: { othersMayShare: true, patientsMayShare: false },
			state: 'final',
			released: true
		},
		no: [
			{
				sharing: { othersMayShare: false, patientsMayShare: true },
				state: 'final',
				released: true
			},
			{
				sharing: { othersMayShare: true, patientsMayShare: true },
				state: 'preliminary',
				released: true
			},
			{ sharing: { othersMayShare: true, patientsMayShare: true }, state: 'final' },
			{ state: 'final', released: true }
		]
	},
	{
		what: 'c9: patients share their own released studies where the practice says so',
		actor: user('patient', { patientIds: [patientId] }),
		action: 'grant.create',
		yes: { sharing: { othersMayShare: false, patientsMayShare: true }, patientId, released: true },
		no: [
			{ sharing: { othersMayShare: true, patientsMayShare: false }, patientId, released: true },
			{ sharing: { othersMayShare: false, patientsMayShare: true }, patientId },
			{ sharing: { othersMayShare: false, patientsMayShare: true }, released: true }
		]
	},
	{
		what: 'c10: overriding a rule of release needs a reason',
		actor: user('physician'),
		action: 'release.decide',
		yes: { overridesRule: true, reason: 'asked for it today' },
		no: [{ overridesRule: true }, { overridesRule: true, reason: '  ' }]
	},
	{
		what: 'c11: bulk export needs a second person',
		actor: user('admin'),
		action: 'report.bulk-export',
		yes: { approvedBy: someone },
		no: [{}, { approvedBy: null }, { approvedBy: me }]
	},
	{
		what: 'c12: a physician reads events about reports they signed',
		actor: user('physician'),
		action: 'audit.read',
		yes: { signers: [someone, me] },
		no: [{}, { signers: [someone] }]
	},
	{
		what: 'c13: a patient reads who opened their own record',
		actor: user('patient', { patientIds: [patientId] }),
		action: 'audit.read',
		yes: { patientId },
		no: [{}, { patientId: 'other' as PatientId }]
	},
	{
		what: 'c14: managing people needs a step-up and never touches one’s own roles',
		actor: user('admin'),
		action: 'user.manage',
		yes: { steppedUp: true, userId: someone, rolesTouched: ['physician'] },
		no: [
			{ userId: someone, rolesTouched: ['physician'] },
			{ steppedUp: true, userId: me, rolesTouched: ['physician'] }
		]
	},
	{
		what: 'c15: breaking the glass needs reason, proof and one patient',
		actor: user('physician'),
		action: 'break-glass.start',
		yes: { proven: true, reason: 'emergency', patientId },
		no: [
			{ proven: true, patientId },
			{ reason: 'emergency', patientId },
			{ proven: true, reason: 'emergency' }
		]
	},
	{
		what: 'c16: nobody reviews their own break-glass',
		actor: user('admin'),
		action: 'break-glass.review',
		yes: { brokenBy: someone },
		no: [{}, { brokenBy: me }]
	},
	{
		what: 'own: a fellow lists the links they made',
		actor: user('fellow'),
		action: 'grant.revoke',
		yes: { ownerId: me },
		no: [{}, { ownerId: someone }]
	},
	{
		what: 'member: a physician changes the texts of a reading group they belong to',
		actor: user('physician'),
		action: 'macro.change-group',
		yes: { groupMembers: [someone, me] },
		no: [{}, { groupMembers: [someone] }]
	},
	{
		what: 'c4: a visitor sees the images of the listed study',
		actor: visitor,
		action: 'study.view-images',
		yes: { grant: grant(), item: 'images', studyUid, sopUid },
		no: [
			{ grant: grant(), studyUid },
			{ item: 'images', studyUid },
			{ grant: grant({ open: false }), item: 'images', studyUid },
			{ grant: grant({ id: 'h' as GrantId }), item: 'images', studyUid },
			{ grant: grant(), item: 'images', studyUid: '9.9' as StudyUid },
			{ grant: grant(), item: 'images' },
			{ grant: grant(), item: 'images', studyUid, isDocument: true },
			{ grant: grant({ switches: off('images') }), item: 'images', studyUid },
			{
				grant: grant({ scope: { studyUids: [studyUid], instanceUids: ['7.7'] } }),
				item: 'images',
				studyUid,
				sopUid
			}
		]
	},
	{
		what: 'c4: a visitor reads the pinned version',
		actor: visitor,
		action: 'report.read-final',
		yes: { grant: grant(), item: 'report', versionId },
		no: [
			{ grant: grant(), item: 'report' },
			{ grant: grant(), item: 'report', versionId: 'v2' as VersionId },
			{ grant: grant(), item: 'report', versionId: 'v2' as VersionId, succeedsShared: true },
			{ grant: grant({ switches: off('report') }), item: 'report', versionId }
		]
	},
	{
		what: 'c4: a visitor reads a later version where the link says so',
		actor: visitor,
		action: 'report.read-final',
		yes: {
			grant: grant({ switches: { ...grant().switches, newerVersions: true } }),
			item: 'report',
			versionId: 'v2' as VersionId,
			succeedsShared: true
		},
		no: [
			{
				grant: grant({ switches: { ...grant().switches, newerVersions: true } }),
				item: 'report',
				versionId: 'v2' as VersionId
			}
		]
	},
	{
		what: 'c4: a visitor downloads only with the switch on',
		actor: visitor,
		action: 'report.export',
		yes: { grant: grant(), item: 'download', versionId },
		no: [
			{ grant: grant({ switches: off('download') }), item: 'download', versionId },
			{ grant: grant({ switches: off('report') }), item: 'download', versionId }
		]
	}
];

describe('the conditions of the matrix', () => {
	it.each(cases)('$what', ({ actor, action, yes, no }) => {
		expect(can(actor, action, subject(yes))).toBe(true);
		for (const facts of no) {
			expect(can(actor, action, subject(facts)), JSON.stringify(facts)).toBe(false);
		}
	});

	it('c17: a fellow releases a preliminary where marked as licensed', () => {
		expect(can(user('fellow', { licensed: true }), 'report.release-preliminary', subject())).toBe(
			true
		);
		expect(can(user('fellow'), 'report.release-preliminary', subject())).toBe(false);
	});

	it('adds up roles', () => {
		const both = user(['admin', 'physician']);
		expect(can(both, 'study.view-images', subject())).toBe(true);
		expect(can(both, 'worksheet.author', subject())).toBe(true);
		expect(can(user('admin'), 'study.view-images', subject())).toBe(false);
	});
});

/** Everything a rule could ask for, so that only the practice is wrong. */
const everything: Partial<Subject> = {
	patientId,
	studyUid,
	state: 'in_progress',
	versionId,
	columnsOnly: true,
	referrers: [me],
	released: true,
	ownerId: me,
	signers: [me],
	proven: true,
	steppedUp: true,
	reason: 'because',
	approvedBy: someone,
	grant: grant(),
	item: 'images',
	sharing: { othersMayShare: true, patientsMayShare: true },
	brokenBy: someone
};
const inside: Actor[] = [
	...(['admin', 'physician', 'fellow', 'sonographer', 'referrer', 'patient'] as const).map((role) =>
		user(role, { patientIds: [patientId], licensed: true })
	),
	visitor,
	{
		kind: 'token',
		tokenId: 't',
		userId: me,
		practiceId,
		roles: ['physician'],
		scopes: ['dicom:read', 'dicom:store', 'fhir:read']
	},
	{ kind: 'modality', aeTitle: 'VIVID', practiceId, archiveId: 'a' as ArchiveId },
	{ kind: 'job', name: 'arrival', practiceId, onBehalfOf: null }
];

describe('another practice', () => {
	it.each(
		inside.map((actor) => ({ actor, kind: 'roles' in actor ? actor.roles.join() : actor.kind }))
	)('gives a $kind nothing, whatever the facts', ({ actor }) => {
		const elsewhere: Subject = { ...everything, practiceId: 'south' as PracticeId };
		const allowed = actions.filter((action) => can(actor, action, elsewhere));
		expect(allowed).toEqual(['public.use']);
	});

	it('and nobody get nothing at all', () => {
		const allowed = actions.filter((action) =>
			can({ kind: 'nobody' }, action, subject(everything))
		);
		expect(allowed).toEqual(['public.use']);
	});
});

describe('a token', () => {
	const token = (roles: Role[], scopes: ('dicom:read' | 'dicom:store')[]): Actor => ({
		kind: 'token',
		tokenId: 't',
		userId: me,
		practiceId,
		roles,
		scopes
	});

	it('has its scopes and never more than its user', () => {
		expect(can(token(['physician'], ['dicom:read']), 'study.view-images', subject())).toBe(true);
		expect(can(token(['physician'], ['dicom:store']), 'study.view-images', subject())).toBe(false);
		expect(can(token(['admin'], ['dicom:read']), 'study.view-images', subject())).toBe(false);
		expect(
			can(token(['physician'], ['dicom:read']), 'report.sign-final', subject({ proven: true }))
		).toBe(false);
	});
});

describe('a job', () => {
	const job = (onBehalfOf: UserId | null): Actor => ({
		kind: 'job',
		name: 'export',
		practiceId,
		onBehalfOf
	});

	it('of the system may do what is listed; one that somebody asked for is judged as that person', () => {
		expect(can(job(null), 'report.export', subject())).toBe(true);
		expect(can(job(me), 'report.export', subject())).toBe(false);
	});
});

describe('what an actor could ever do', () => {
	it('is no less than what they can do on some subject', () => {
		for (const actor of inside) {
			for (const action of actions) {
				if (can(actor, action, subject(everything))) expect(couldEver(actor, action)).toBe(true);
			}
		}
	});

	it('is nothing but the open doors for nobody', () => {
		expect(actions.filter((action) => couldEver({ kind: 'nobody' }, action))).toEqual([
			'public.use'
		]);
	});
});
