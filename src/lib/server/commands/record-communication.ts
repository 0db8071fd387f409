import { and, eq } from 'drizzle-orm';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId } from '$lib/ids.ts';
import { isCriticalMarked, type CommunicationWay } from '$lib/report/critical.ts';
import { isFrozen } from '$lib/report/states.ts';
import { announceStudy } from '../arrival/events.ts';
import { keepCriticalFlag } from '../collab/critical-flag.ts';
import { inTransaction, type Tx } from '../db/client.ts';
import { criticalCommunications } from '../db/schema/communications.ts';
import { users } from '../db/schema/people.ts';
import { reports, reportVersions } from '../db/schema/reports.ts';
import { judgedReport } from '../queries/judged-report.ts';
import type { Services } from '../services.ts';

export interface RecordCommunication {
	reportId: ReportId;
	told: string;
	at: Date;
	how: CommunicationWay;
	readBack: boolean;
}

/** Clocks of browsers run ahead; what is later than this has not happened. */
const clockSlackMs = 5 * 60_000;

/**
 * Writes down, beside a signed report with a critical result, who was told of it. The version stays as
 * it was signed; the record is added and never changed. Answers whether the result is still open: it is
 * until something was read back, or sent as a message.
 *
 * Throws `conflict` for a draft (there the worksheet's own fields say it) and where nothing critical
 * is marked, `invalid_input` for nobody told and for a time that has not come.
 */
export async function recordCommunication(
	services: Services,
	actor: UserActor,
	input: RecordCommunication
): Promise<{ open: boolean }> {
	const { db, clock, newId } = services;
	const { report, studies } = await judgedReport(
		services,
		actor,
		'report.record-communication',
		input.reportId
	);
	const now = clock();
	const told = input.told.trim();
	if (told === '') throw new DomainError('invalid_input', 'It is not said who was told.');
	if (input.at.getTime() > now.getTime() + clockSlackMs) {
		throw new DomainError('invalid_input', 'That time has not come yet.');
	}
	const open = await inTransaction(db, async (tx) => {
		const versionId = await expectCritical(tx, report.id);
		const [user] = await tx.select().from(users).where(eq(users.id, actor.userId));
		if (!user) throw new DomainError('not_signed_in');
		await tx.insert(criticalCommunications).values({
			id: newId(),
			practiceId: report.practiceId,
			reportId: report.id,
			versionId,
			told,
			toldAt: input.at,
			how: input.how,
			readBack: input.readBack,
			recordedBy: actor.userId,
			recordedName: [user.name, user.credentials].filter(Boolean).join(', '),
			recordedAt: now
		});
		const stillOpen = await keepCriticalFlag(tx, report.id);
		await services.audit.record(tx, actor, {
			action: 'report.communication-recorded',
			object: `report:${report.id}`,
			detail: {
				version: versionId,
				how: input.how,
				readBack: input.readBack,
				closed: !stillOpen
			}
		});
		return stillOpen;
	});
	const { practiceId } = actor;
	for (const { id } of studies) announceStudy({ practiceId, studyId: id, kind: 'report' });
	return { open };
}

/** Under the report's lock: it is signed, and its version marks a critical result. */
async function expectCritical(tx: Tx, reportId: ReportId) {
	const [report] = await tx.select().from(reports).where(eq(reports.id, reportId)).for('update');
	if (!report?.currentVersionId || !isFrozen(report.state)) {
		throw new DomainError('conflict', 'It is not signed: write it into the worksheet.');
	}
	const [version] = await tx
		.select({ id: reportVersions.id, content: reportVersions.content })
		.from(reportVersions)
		.where(
			and(eq(reportVersions.id, report.currentVersionId), eq(reportVersions.reportId, reportId))
		);
	if (!version || !isCriticalMarked(version.content.body.entries)) {
		throw new DomainError('conflict', 'No critical result is marked in this report.');
	}
	return version.id;
}
