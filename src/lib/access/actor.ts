import type { ArchiveId, GrantId, PatientId, PracticeId, UserId } from '../ids.ts';

/** Roles of a member of a practice; they add up. Columns of the matrix in `policy.ts`. */
export const roles = [
	'admin',
	'physician',
	'fellow',
	'sonographer',
	'referrer',
	'patient'
] as const;
export type Role = (typeof roles)[number];

/** Who asks. One of these reaches every command and query, and `can` judges it. */
export type Actor =
	UserActor | GrantActor | TokenActor | ModalityActor | JobActor | { kind: 'nobody' };

export interface UserActor {
	kind: 'user';
	userId: UserId;
	practiceId: PracticeId;
	roles: readonly Role[];
	name: string;
	/** The public half of the session's value: names it in events, opens nothing. */
	sessionId: string;
	/** Whose records are theirs, for the role `patient`; includes linked patients. */
	patientIds: readonly PatientId[];
	licensed: boolean;
}

/** The holder of a share link, after opening it. */
export interface GrantActor {
	kind: 'grant';
	grantId: GrantId;
	practiceId: PracticeId;
	sessionId: string;
}

/** An API token: the listed scopes of the user who made it, never more than that user. */
export interface TokenActor {
	kind: 'token';
	tokenId: string;
	userId: UserId;
	practiceId: PracticeId;
	roles: readonly Role[];
	scopes: readonly TokenScope[];
}

export const tokenScopes = ['dicom:read', 'dicom:store', 'fhir:read'] as const;
export type TokenScope = (typeof tokenScopes)[number];

/** A machine: may store into its archive and ask the worklist, nothing else. */
export interface ModalityActor {
	kind: 'modality';
	aeTitle: string;
	practiceId: PracticeId;
	archiveId: ArchiveId;
}

/** Acts for the actor who asked; the right is judged again when it runs (B8). */
export interface JobActor {
	kind: 'job';
	name: string;
	practiceId: PracticeId;
	/** Null for the system's own work: arrival, population. */
	onBehalfOf: UserId | null;
}
