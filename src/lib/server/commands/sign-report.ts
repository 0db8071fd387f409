import { and, count, desc, eq, gt, isNull, max } from 'drizzle-orm';
import type { Action } from '$lib/access/actions.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId, VersionId } from '$lib/ids.ts';
import { amendedBody } from '$lib/report/amended-body.ts';
import { contentHash } from '$lib/report/canonical.ts';
import { bodyOf } from '$lib/report/context.ts';
import { isBlocking, leftoverMessage, leftoversOf } from '$lib/report/leftovers.ts';
import { isSevere, releaseByRule, type ReleaseRule } from '$lib/report/release-rule.ts';
import {
	isFrozen,
	stateAfter,
	type SignatureMeaning,
	type VersionKind
} from '$lib/report/states.ts';
import type { ReportBody, VersionContent } from '$lib/report/version.ts';
import { announceStudy } from '../arrival/events.ts';
import { loadPractice } from '../auth/practice.ts';
import { proveForSigning, type Proof } from '../auth/reauthenticate.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { releases } from '../db/schema/grants.ts';
import { users } from '../db/schema/people.ts';
import {
	documentUpdates,
	reports,
	reportVersions,
	signatures,
	signingIntents
} from '../db/schema/reports.ts';
import { renderReportPdf } from '../documents/pdf/report-pdf.ts';
import { keyImageBytes } from '../documents/key-images.ts';
import { mintUid } from '../documents/mint-uid.ts';
import { failpoint } from '../failpoint.ts';
import { loadReportContext } from '../queries/report-context.ts';
import { communicationsOf } from '../queries/critical-result.ts';
import { judgedReport, type JudgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';
import { queueExports } from './queue-exports.ts';

export interface SignReport {
	reportId: ReportId;
	kind: VersionKind;
	/** Hash of the body that the signer saw; anything else is refused (L2). */
	bodyHash: string;
	/** Made once by the client for one press of the button: a retry answers with the same version. */
	intentId: string;
	proof: Proof;
	/** Addenda and corrections: what is said now, and why. */
	amendment: { text: string; reason: string } | null;
}

export interface Signed {
	versionId: VersionId;
	number: number;
	contentHash: string;
}

const actionOf: Record<VersionKind, Action> = {
	preliminary: 'report.release-preliminary',
	final: 'report.sign-final',
	addendum: 'report.amend',
	correction: 'report.amend'
};
const meaningOf = (kind: VersionKind): SignatureMeaning =>
	kind === 'preliminary' ? 'preliminary' : 'final';

/**
 * Freezes a report: proof, version, signature, exports and audit event in one transaction (L1, L3).
 *
 * Throws `content_changed` when the live document is not what was shown, `incomplete` when a conflict,
 * a hard limit or an open place stands in it, `conflict` when somebody signed meanwhile, `report_final` when the
 * state takes no such version, `reauthentication_failed` for a wrong proof. In each case nothing is
 * written and the document goes on.
 */
export async function signReport(
	services: Services,
	actor: UserActor,
	input: SignReport
): Promise<Signed> {
	const { db } = services;
	const made = await versionOfIntent(services, actor, input);
	if (made) return made;

	// Whether the proof holds is judged in the transaction; who may try is judged first.
	const loaded = await judgedReport(services, actor, actionOf[input.kind], input.reportId, {
		proven: true
	});
	const next = stateAfter(loaded.report.state, input.kind);
	if (!next) throw new DomainError('report_final', `a report that is ${loaded.report.state}`);

	const basis = isFrozen(loaded.report.state)
		? await amendmentBasis(services, actor, loaded, input)
		: await draftBody(services, actor, loaded, input);
	if (contentHash(basis.body) !== input.bodyHash) throw new DomainError('content_changed');

	const content = await compose(services, actor, loaded, input, basis.body);
	const images = await keyImageBytes(services, loaded.studies, basis.body.keyImages);
	const pdf = await renderReportPdf(content, { paper: basis.paper, images });

	// Before the transaction: a wrong password stays counted when everything else is rolled back.
	const method = await proveForSigning(services, actor, input.proof, [
		{ reportId: input.reportId, bodyHash: input.bodyHash, meaning: content.signature.meaning }
	]);
	const work = inTransaction(db, async (tx) => {
		await expectUnchanged(tx, loaded, basis.uptoId);
		const hash = contentHash(content);
		await tx.insert(reportVersions).values({
			id: content.versionId as VersionId,
			reportId: input.reportId,
			practiceId: actor.practiceId,
			number: content.number,
			kind: input.kind,
			predecessorId: (content.predecessor?.id ?? null) as VersionId | null,
			reason: content.reason,
			content,
			contentHash: hash,
			pdf,
			pdfHash: contentHash(Buffer.from(pdf).toString('base64')),
			exportUids: {
				srSeries: mintUid(services.newId),
				srInstance: mintUid(services.newId),
				pdfSeries: mintUid(services.newId),
				pdfInstance: mintUid(services.newId)
			},
			createdAt: new Date(content.signature.at)
		});
		failpoint('sign.after-insert');
		await tx.insert(signatures).values({
			id: services.newId(),
			versionId: content.versionId as VersionId,
			userId: actor.userId,
			printedName: content.signature.printedName,
			credentials: content.signature.credentials,
			meaning: content.signature.meaning,
			method,
			contentHash: hash,
			at: new Date(content.signature.at)
		});
		await tx
			.update(reports)
			.set({
				state: next,
				currentVersionId: content.versionId as VersionId,
				...(input.kind === 'final' ? { finalAt: new Date(content.signature.at) } : {})
			})
			.where(eq(reports.id, input.reportId));
		await tx.insert(signingIntents).values({
			id: input.intentId,
			reportId: input.reportId,
			userId: actor.userId,
			versionId: content.versionId as VersionId,
			at: new Date(content.signature.at)
		});
		await queueExports(tx, actor.userId, loaded.studies[0], content);
		await addRelease(services, tx, loaded, content, basis.releaseRule);
		await services.audit.record(tx, actor, {
			action: 'report.signed',
			object: `report:${input.reportId}`,
			detail: {
				version: content.versionId,
				number: content.number,
				kind: input.kind,
				meaning: content.signature.meaning,
				contentHash: hash,
				method
			}
		});
		failpoint('sign.before-commit');
		return { versionId: content.versionId as VersionId, number: content.number, contentHash: hash };
	});
	// The same press of the button, sent twice at once: the second answers like the first.
	const signed = await work.catch(async (error: unknown) => {
		const twin = await versionOfIntent(services, actor, input);
		if (twin) return twin;
		throw error;
	});
	failpoint('sign.after-commit');
	if (isFrozen(next)) await services.live.freeze(input.reportId);
	const { practiceId } = actor;
	for (const { id } of loaded.studies) announceStudy({ practiceId, studyId: id, kind: 'report' });
	return signed;
}

async function versionOfIntent(
	{ db }: Services,
	actor: UserActor,
	{ intentId, reportId }: SignReport
): Promise<Signed | null> {
	const [row] = await db
		.select({ version: reportVersions, intent: signingIntents })
		.from(signingIntents)
		.innerJoin(reportVersions, eq(reportVersions.id, signingIntents.versionId))
		.where(and(eq(signingIntents.id, intentId), eq(reportVersions.practiceId, actor.practiceId)));
	if (!row) return null;
	if (row.intent.userId !== actor.userId || row.intent.reportId !== reportId) {
		throw new DomainError('conflict', 'this signing belongs to another report');
	}
	const { id, number, contentHash: hash } = row.version;
	return { versionId: id, number, contentHash: hash };
}

interface Basis {
	body: ReportBody;
	/** The last stored update that the body holds; null for a frozen report. */
	uptoId: number | null;
	paper: 'a4' | 'letter';
	releaseRule: ReleaseRule;
}

async function draftBody(
	services: Services,
	actor: UserActor,
	loaded: JudgedReport,
	input: SignReport
): Promise<Basis> {
	const context = await loadReportContext(services, actor.practiceId, loaded);
	const { doc, uptoId } = await services.live.snapshot(input.reportId);
	const state = readDocState(doc);
	const body = bodyOf(context, state);
	doc.destroy();
	const { carriedLeftovers } = context.settings;
	const open = [
		...body.evaluation.conflicts.map(({ field }) => `${field} has two values`),
		...body.evaluation.findings.filter(({ blocks }) => blocks).map(({ message }) => message),
		...leftoversOf(context, state, body.evaluation)
			.filter((leftover) => isBlocking(leftover, carriedLeftovers))
			.map(leftoverMessage)
	];
	if (open.length > 0) throw new DomainError('incomplete', open.join('; '));
	return {
		body,
		uptoId,
		paper: context.settings.paper,
		releaseRule: context.settings
	};
}

/** An addendum or correction says something about a version; it does not compute it again. */
async function amendmentBasis(
	services: Services,
	actor: UserActor,
	{ report }: JudgedReport,
	{ amendment }: SignReport
): Promise<Basis> {
	if (!amendment?.text.trim() || !amendment.reason.trim()) {
		throw new DomainError('invalid_input', 'an addendum needs its text and its reason');
	}
	const [version] = await services.db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.reportId, report.id))
		.orderBy(desc(reportVersions.number))
		.limit(1);
	const practice = await loadPractice(services.db, actor.practiceId);
	if (!version || !practice) throw new DomainError('not_found');
	return {
		body: amendedBody(
			version.content.body,
			amendment,
			await communicationsOf(services.db, report.id)
		),
		uptoId: null,
		paper: practice.settings.paper,
		releaseRule: practice.settings
	};
}

async function compose(
	services: Services,
	actor: UserActor,
	{ report }: JudgedReport,
	input: SignReport,
	body: ReportBody
): Promise<VersionContent> {
	const { db } = services;
	const [signer] = await db.select().from(users).where(eq(users.id, actor.userId));
	if (!signer) throw new DomainError('not_signed_in');
	const [previous] = await db
		.select()
		.from(reportVersions)
		.where(eq(reportVersions.reportId, report.id))
		.orderBy(desc(reportVersions.number))
		.limit(1);
	return {
		schema: 1,
		versionId: services.newId(),
		reportId: report.id,
		number: (previous?.number ?? 0) + 1,
		kind: input.kind,
		predecessor: previous
			? { id: previous.id, number: previous.number, contentHash: previous.contentHash }
			: null,
		reason: input.amendment?.reason ?? '',
		body,
		bodyHash: input.bodyHash,
		signature: {
			userId: actor.userId,
			printedName: signer.name,
			credentials: signer.credentials,
			meaning: meaningOf(input.kind),
			at: services.clock().toISOString()
		}
	};
}

/** Under the report's lock: nobody signed, and no edit was stored, since the body was built. */
async function expectUnchanged(
	tx: Tx,
	{ report }: JudgedReport,
	uptoId: number | null
): Promise<void> {
	const [now] = await tx.select().from(reports).where(eq(reports.id, report.id)).for('update');
	if (now?.state !== report.state || now.currentVersionId !== report.currentVersionId) {
		throw new DomainError('conflict', 'the report was signed meanwhile');
	}
	if (uptoId === null) return;
	if (now.worksheetHash !== report.worksheetHash) throw new DomainError('content_changed');
	const [last] = await tx
		.select({ id: max(documentUpdates.id), n: count() })
		.from(documentUpdates)
		.where(
			and(
				eq(documentUpdates.reportId, report.id),
				eq(documentUpdates.generation, report.generation)
			)
		);
	if ((last?.id ?? 0) > uptoId) throw new DomainError('content_changed');
}

/**
 * The practice's rule, written down as a decision at the moment it applies. A hold stands, whatever
 * is signed after it; what a correction takes back never becomes visible.
 */
async function addRelease(
	services: Services,
	tx: Tx,
	{ report }: JudgedReport,
	content: VersionContent,
	rule: ReleaseRule
): Promise<void> {
	const at = new Date(content.signature.at);
	const standing = and(eq(releases.reportId, report.id), isNull(releases.supersededAt));
	if (content.kind === 'correction') {
		await tx
			.update(releases)
			.set({ supersededAt: at })
			.where(and(standing, gt(releases.visibleFrom, at)));
	}
	const version = { kind: content.kind, signedAt: at, isSevere: isSevere(content.body) };
	const decided = releaseByRule(rule, version);
	if (!decided) return;
	const [held] = await tx
		.select({ id: releases.id })
		.from(releases)
		.where(and(standing, eq(releases.held, true)))
		.limit(1);
	if (held) return;
	await tx.insert(releases).values({
		id: services.newId(),
		practiceId: report.practiceId,
		patientId: report.patientId,
		reportId: report.id,
		versionId: content.versionId as VersionId,
		...decided,
		createdAt: at
	});
}
