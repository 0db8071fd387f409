import type {
	GrantId,
	InstanceUid,
	PatientId,
	PracticeId,
	StudyUid,
	UserId,
	VersionId
} from '../ids.ts';
import type { ReportState } from '../report/states.ts';
import type { GrantScope, GrantSwitches } from './grant.ts';
import type { Role } from './actor.ts';

/**
 * What is asked about, as far as a rule needs to know it. Only `practiceId` is always there: a rule
 * whose fact is missing says no. Loaded from the database by the server, never taken from a request.
 */
export interface Subject {
	practiceId: PracticeId;

	// The record
	patientId?: PatientId;
	studyUid?: StudyUid;
	sopUid?: InstanceUid;
	/** True for SR and encapsulated documents: never part of a link's images. */
	isDocument?: boolean;
	/** Of the report; absent when the study has none. */
	state?: ReportState;
	versionId?: VersionId;
	/** A later version of the report whose version the link shares (C11). */
	succeedsShared?: boolean;
	/** Only the columns of the work list leave (c1). */
	columnsOnly?: boolean;

	// Who has to do with it
	/** Referrers with an account who are named on an order of this patient, or were granted (c2). */
	referrers?: readonly UserId[];
	/** The practice holds this back from referrers for now (c2). */
	embargoed?: boolean;
	/** A release lets the patient see it now (c3). */
	released?: boolean;
	/** Who made it: a share link, a session, a token. */
	ownerId?: UserId;
	/** Who belongs to the reading group whose text it is. */
	groupMembers?: readonly UserId[];
	/** Who signed a version of the report. */
	signers?: readonly UserId[];

	// How it is asked
	/** Proven by password or passkey in this very request, for exactly this content (L1, L2). */
	proven?: boolean;
	/** A second factor was given for this very request (c14). */
	steppedUp?: boolean;
	/** Why; needed where a rule is overridden (c10, c15). */
	reason?: string;
	/** A second person agreed (c11). */
	approvedBy?: UserId | null;
	/** Whether the asker overrides a rule of release (c10). */
	overridesRule?: boolean;

	// Share links
	/** The link that the visitor holds, as it stands now. */
	grant?: {
		id: GrantId;
		/** Not expired, revoked, paused, and still matching the patient it was pinned to. */
		open: boolean;
		scope: GrantScope;
		switches: GrantSwitches;
		versionId: VersionId;
	};
	/** What of it a link's visitor asks for; `report` also covers its PDF. */
	item?: 'images' | 'report' | 'download' | 'measure';
	/** How the practice shares (c8, c9). */
	sharing?: { othersMayShare: boolean; patientsMayShare: boolean };

	// People
	/** Whose account or roles are changed (c14). */
	userId?: UserId;
	/** Roles given or taken (c14). */
	rolesTouched?: readonly Role[];
	/** Who broke the glass (c16). */
	brokenBy?: UserId;
}
