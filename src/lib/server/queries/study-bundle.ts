import { and, asc, count, desc, eq, inArray } from 'drizzle-orm';
import type { Action } from '$lib/access/actions.ts';
import type { Actor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { Subject } from '$lib/access/subject.ts';
import { DomainError } from '$lib/errors.ts';
import type { ReportId, StudyId, StudyUid } from '$lib/ids.ts';
import type { ReportState } from '$lib/report/states.ts';
import type { WorkListRow } from '$lib/worklist/row.ts';
import { requireRight } from '../access/require.ts';
import { loadSubject } from '../access/subjects.ts';
import { requestReport } from '../arrival/after-arrival.ts';
import { isDocument } from '../arrival/documents.ts';
import type { Practice } from '../auth/practice.ts';
import type { Queryable } from '../db/client.ts';
import {
	orders,
	patientIdentifiers,
	practiceStudies,
	reports,
	reportStudies,
	srDocuments,
	studyInstances
} from '../db/schema/index.ts';
import { recordImageRead } from '../dicomweb/read-audit.ts';
import type { Services } from '../services.ts';
import { samePersons } from './linked-patients.ts';
import { findStudyRow } from './list-studies.ts';
import { isStaff } from './study-cut.ts';

/** One object as the loop strip and the viewer address it. */
export interface BundleInstance {
	sopUid: string;
	sopClass: string;
	transferSyntax: string;
	instanceNumber: number | null;
	frames: number;
	rows: number | null;
	columns: number | null;
	/** ms per frame; null for what does not move. */
	frameTimeMs: number | null;
	view: string;
	stage: string;
	ownExport: boolean;
}

export interface BundleSeries {
	seriesUid: string;
	number: number | null;
	description: string;
	modality: string;
	instances: BundleInstance[];
}

/** An earlier study of the same person, newest first. */
export interface BundlePrior {
	studyId: StudyId;
	studyUid: StudyUid;
	studyAt: Date | null;
	description: string;
	modalities: string[];
	instances: number;
	/** Structured reports of machines: values stand beside ours even without a report. */
	documents: number;
	report: { id: ReportId; state: ReportState; hasVersion: boolean } | null;
}

/** What this person may do here; the server's word, never derived again. */
export type Abilities = Record<keyof typeof abilityActions, boolean>;

const abilityActions = {
	readDraft: 'report.read-draft',
	editValues: 'report.edit-values',
	editInterpretation: 'report.edit-interpretation',
	annotate: 'report.annotate',
	propose: 'report.propose',
	sendToRead: 'report.send-to-read',
	measure: 'report.measure',
	comment: 'report.comment',
	seePresence: 'report.see-presence',
	signPreliminary: 'report.release-preliminary',
	signFinal: 'report.sign-final',
	signOwnPart: 'report.sign-own-part',
	amend: 'report.amend',
	export: 'report.export',
	share: 'grant.create',
	release: 'release.decide',
	assign: 'study.assign',
	matchOrders: 'order.match'
} as const satisfies Record<string, Action>;

/** Everything the reading room needs of a study in one answer. */
export interface StudyBundle {
	row: WorkListRow;
	practice: Pick<Practice, 'id' | 'name' | 'timeZone' | 'settings'>;
	patient: WorkListRow['patient'] & {
		identifiers: { issuer: string; value: string }[];
		heightCm: number | null;
		weightKg: number | null;
	};
	order: {
		accession: string;
		procedure: string;
		indication: string;
		referrer: string;
		orderedAt: Date | null;
	} | null;
	series: BundleSeries[];
	/** Newest first; the room opens the first. */
	reports: { id: ReportId; state: ReportState; generation: number; hasVersion: boolean }[];
	priors: BundlePrior[];
	abilities: Abilities;
}

/** Throws `not_found` alike for a missing study, another practice's, and one that is not for them. */
export async function studyBundle(
	services: Services,
	actor: Actor,
	practice: Practice,
	named: { studyUid: StudyUid } | { studyId: StudyId }
): Promise<StudyBundle> {
	const { db } = services;
	const { study, subject } = await loadStudy(services, actor, practice, named);
	requireRight(actor, 'study.view-images', { ...subject, item: 'images' });
	await recordImageRead(services, actor, study.id, 'reading-room');
	const row = await findStudyRow(services, actor, practice, study.id);
	if (!row) throw new DomainError('not_found');
	const mayReadDraft = can(actor, 'report.read-draft', subject);
	const ofStudy = mayReadDraft ? await reportsOf(db, [study.id]) : [];
	if (mayReadDraft && !ofStudy.length && study.arrivedAt) {
		requestReport(services, practice.id, study.id);
	}
	return {
		row,
		practice: {
			id: practice.id,
			name: practice.name,
			timeZone: practice.timeZone,
			settings: practice.settings
		},
		patient: {
			...row.patient,
			identifiers: await identifiersOf(db, study.patientId),
			heightCm: study.heightCm,
			weightKg: study.weightKg
		},
		order: await orderOf(db, study.orderId),
		series: await seriesOf(db, study.id, isStaff(actor)),
		reports: ofStudy.map(({ id, state, generation, currentVersionId }) => ({
			id,
			state,
			generation,
			hasVersion: currentVersionId !== null
		})),
		priors: await priorsOf(db, practice, study, mayReadDraft),
		abilities: abilitiesOf(actor, subject)
	};
}

/** The instances of one study, for a prior's loops. */
export async function studySeries(
	services: Services,
	actor: Actor,
	practice: Practice,
	studyId: StudyId
): Promise<BundleSeries[]> {
	const { study, subject } = await loadStudy(services, actor, practice, { studyId });
	requireRight(actor, 'study.view-images', { ...subject, item: 'images' });
	await recordImageRead(services, actor, study.id, 'reading-room');
	return seriesOf(services.db, study.id, isStaff(actor));
}

async function loadStudy(
	services: Services,
	actor: Actor,
	practice: Practice,
	named: { studyUid: StudyUid } | { studyId: StudyId }
) {
	const which =
		'studyUid' in named
			? eq(practiceStudies.studyUid, named.studyUid)
			: eq(practiceStudies.id, named.studyId);
	const [study] = await services.db
		.select()
		.from(practiceStudies)
		.where(and(eq(practiceStudies.practiceId, practice.id), which))
		.orderBy(asc(practiceStudies.firstInstanceAt))
		.limit(1);
	const subject = study && (await loadSubject(services.db, services, actor, { studyId: study.id }));
	if (!study || !subject) throw new DomainError('not_found');
	return { study, subject };
}

/** As if the proof that an action asks for were given: the button is there, the proof comes later. */
function abilitiesOf(actor: Actor, subject: Subject): Abilities {
	const proven = { ...subject, proven: true };
	return Object.fromEntries(
		Object.entries(abilityActions).map(([name, action]) => [name, can(actor, action, proven)])
	) as Abilities;
}

/** Documents are for those who work on the study; others see its pictures (T14). */
async function seriesOf(
	db: Queryable,
	studyId: StudyId,
	withDocuments: boolean
): Promise<BundleSeries[]> {
	const rows = await db
		.select()
		.from(studyInstances)
		.where(eq(studyInstances.studyId, studyId))
		.orderBy(
			asc(studyInstances.seriesNumber),
			asc(studyInstances.seriesUid),
			asc(studyInstances.instanceNumber),
			asc(studyInstances.sopUid)
		);
	const series = new Map<string, BundleSeries>();
	for (const row of rows) {
		if (!withDocuments && (row.rows === null || isDocument(row.sopClass))) continue;
		const found = series.get(row.seriesUid) ?? {
			seriesUid: row.seriesUid,
			number: row.seriesNumber,
			description: row.seriesDescription,
			modality: row.modality,
			instances: []
		};
		series.set(row.seriesUid, found);
		found.instances.push({
			sopUid: row.sopUid,
			sopClass: row.sopClass,
			transferSyntax: row.transferSyntax,
			instanceNumber: row.instanceNumber,
			frames: row.frames,
			rows: row.rows,
			columns: row.columns,
			frameTimeMs: row.frameTimeMs,
			view: row.view,
			stage: row.stage,
			ownExport: row.ownExport
		});
	}
	return [...series.values()];
}

async function identifiersOf(db: Queryable, patientId: WorkListRow['patient']['id']) {
	return db
		.select({ issuer: patientIdentifiers.issuer, value: patientIdentifiers.value })
		.from(patientIdentifiers)
		.where(eq(patientIdentifiers.patientId, patientId))
		.orderBy(asc(patientIdentifiers.createdAt), asc(patientIdentifiers.id));
}

async function orderOf(
	db: Queryable,
	orderId: (typeof practiceStudies.$inferSelect)['orderId']
): Promise<StudyBundle['order']> {
	if (!orderId) return null;
	const [order] = await db.select().from(orders).where(eq(orders.id, orderId));
	if (!order) return null;
	const { accession, procedure, indication, referrerName, orderedAt } = order;
	return { accession, procedure, indication, referrer: referrerName, orderedAt };
}

async function reportsOf(db: Queryable, studyIds: StudyId[]) {
	if (!studyIds.length) return [];
	return db
		.select({
			studyId: reportStudies.studyId,
			id: reports.id,
			state: reports.state,
			generation: reports.generation,
			currentVersionId: reports.currentVersionId
		})
		.from(reportStudies)
		.innerJoin(reports, eq(reports.id, reportStudies.reportId))
		.where(inArray(reportStudies.studyId, studyIds))
		.orderBy(desc(reports.createdAt), desc(reports.id));
}

async function priorsOf(
	db: Queryable,
	practice: Practice,
	study: typeof practiceStudies.$inferSelect,
	mayReadDraft: boolean
): Promise<BundlePrior[]> {
	const persons = await samePersons(db, practice.id, [study.patientId]);
	const all = await db
		.select()
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, practice.id),
				inArray(practiceStudies.patientId, persons.get(study.patientId) ?? [study.patientId])
			)
		);
	const at = (row: typeof study) => row.studyAt ?? row.firstInstanceAt;
	const earlier = all
		.filter((other) => other.id !== study.id && at(other) < at(study))
		.sort((a, b) => at(b).getTime() - at(a).getTime());
	const ids = earlier.map((other) => other.id);
	const ofPriors = mayReadDraft ? await reportsOf(db, ids) : [];
	const documents = ids.length
		? await db
				.select({ studyId: srDocuments.studyId, n: count() })
				.from(srDocuments)
				.where(inArray(srDocuments.studyId, ids))
				.groupBy(srDocuments.studyId)
		: [];
	return earlier.map((other) => {
		const report = ofPriors.find((r) => r.studyId === other.id);
		return {
			studyId: other.id,
			studyUid: other.studyUid,
			studyAt: other.studyAt,
			description: other.description,
			modalities: other.modalities,
			instances: other.instanceCount,
			documents: documents.find((d) => d.studyId === other.id)?.n ?? 0,
			report: report
				? { id: report.id, state: report.state, hasVersion: report.currentVersionId !== null }
				: null
		};
	});
}
