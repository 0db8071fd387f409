import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { grantScopeSchema, grantSwitchesSchema } from '$lib/access/grant.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { GrantId, ReportId } from '$lib/ids.ts';
import { loadPractice } from '../auth/practice.ts';
import { hashPassword } from '../auth/password.ts';
import { hashSecret, newPublicId, newSecret } from '../auth/secret.ts';
import { inTransaction } from '../db/client.ts';
import { grants } from '../db/schema/grants.ts';
import { studyInstances } from '../db/schema/studies.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

/** PostgreSQL keeps no NUL in a text. */
const typed = (max: number) =>
	z
		.string()
		.trim()
		.max(max)
		.refine((text) => !text.includes('\0'), 'This text holds a character that cannot be kept.');

export const createGrantSchema = z.strictObject({
	reportId: z
		.string()
		.max(64)
		.transform((id) => id as ReportId),
	recipient: typed(200).refine((text) => text !== '', 'Say for whom the link is.'),
	message: typed(2000).default(''),
	/** Null: no passcode. At least six characters, told on another way than the link. */
	passcode: z.string().min(6).max(100).nullable(),
	expiresAt: z.date(),
	maxOpenings: z.number().int().min(1).max(10_000).nullable().default(null),
	switches: grantSwitchesSchema.refine(
		({ images, report }) => images || report,
		'A link opens pictures, the report, or both.'
	),
	/** Only these instances; null for all images of the report's studies. */
	instanceUids: grantScopeSchema.shape.instanceUids.default(null)
});
export type CreateGrant = z.output<typeof createGrantSchema>;

export interface CreatedGrant {
	id: GrantId;
	/** Said once, here; the database holds its hash (C1). Goes into the fragment of the address. */
	secret: string;
	expiresAt: Date;
}

/**
 * Makes a share link of a report's current final version. Every link ends (C4), is pinned to the
 * patient and the version (C6), and stands in the practice's list (C7).
 */
export async function createGrant(
	services: Services,
	actor: UserActor,
	input: CreateGrant,
	origin = 'button'
): Promise<CreatedGrant> {
	const { db, clock } = services;
	const { report, studies, subject } = await judgedReport(
		services,
		actor,
		'grant.create',
		input.reportId
	);
	// For a patient the version that they see, which may be an earlier one than the current.
	const { versionId } = subject;
	if (!versionId || (report.state !== 'final' && report.state !== 'amended')) {
		throw new DomainError('conflict', 'Sign the report first: only final reports are shared.');
	}
	const practice = await loadPractice(db, actor.practiceId);
	if (!practice) throw new DomainError('not_found');
	const now = clock();
	const latest = new Date(now.getTime() + practice.settings.sharing.maxDays * 86_400_000);
	if (input.expiresAt <= now || input.expiresAt > latest) {
		throw new DomainError(
			'invalid_input',
			`Choose an end between now and ${practice.settings.sharing.maxDays} days from now.`
		);
	}
	await expectOwn(services, studies, input.instanceUids);

	const secret = newSecret();
	const id = newPublicId() as GrantId;
	const passcodeHash = input.passcode === null ? null : await hashPassword(input.passcode);
	const studyUids = studies.map((study) => study.studyUid);
	await inTransaction(db, async (tx) => {
		await tx.insert(grants).values({
			id,
			practiceId: actor.practiceId,
			reportId: report.id,
			versionId,
			patientId: report.patientId,
			scope: { studyUids, instanceUids: input.instanceUids },
			switches: input.switches,
			recipient: input.recipient,
			message: input.message,
			origin,
			secretHash: hashSecret(secret),
			passcodeHash,
			expiresAt: input.expiresAt,
			maxOpenings: input.maxOpenings,
			createdBy: actor.userId,
			createdAt: now
		});
		await services.audit.record(tx, actor, {
			action: 'grant.created',
			object: `grant:${id}`,
			detail: {
				version: versionId,
				studies: studyUids,
				switches: Object.entries(input.switches)
					.filter(([, on]) => on)
					.map(([name]) => name),
				expiresAt: input.expiresAt.toISOString(),
				maxOpenings: input.maxOpenings,
				passcode: passcodeHash !== null
			}
		});
	});
	return { id, secret, expiresAt: input.expiresAt };
}

/** Two ids, one checked, is a hole (B2): every listed instance must be of these studies. */
async function expectOwn(
	{ db }: Services,
	studies: { id: (typeof studyInstances.$inferSelect)['studyId'] }[],
	instanceUids: string[] | null
): Promise<void> {
	if (instanceUids === null) return;
	const known = await db
		.select({ uid: studyInstances.sopUid })
		.from(studyInstances)
		.where(
			and(
				inArray(
					studyInstances.studyId,
					studies.map((study) => study.id)
				),
				inArray(
					studyInstances.sopUid,
					instanceUids as (typeof studyInstances.$inferSelect)['sopUid'][]
				)
			)
		);
	if (known.length !== new Set(instanceUids).size) throw new DomainError('not_found');
}

/** Used by lists and by revocation. */
export async function findGrant(services: Services, actor: UserActor, id: GrantId) {
	const [grant] = await services.db
		.select()
		.from(grants)
		.where(and(eq(grants.id, id), eq(grants.practiceId, actor.practiceId)));
	if (!grant) throw new DomainError('not_found');
	return grant;
}
