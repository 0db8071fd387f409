import { inArray } from 'drizzle-orm';
import type { Actor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import type { ArchiveId, PracticeId, StudyId, StudyUid } from '$lib/ids.ts';
import { Refusal } from '../access/require.ts';
import { loadUserActor } from '../auth/actors.ts';
import { afterArrival } from '../arrival/after-arrival.ts';
import { failureReasons } from '../arrival/failure-reasons.ts';
import { filingOf } from '../arrival/filing.ts';
import {
	findFiledStudy,
	indexObjects,
	otherPatient,
	type Filing,
	type IndexedObject,
	type IndexedStudy
} from '../arrival/index-objects.ts';
import { findOwnExports } from '../arrival/own-export.ts';
import { parseObjects, type ObjectRefusal, type ParsedObject } from '../arrival/parse-object.ts';
import { isSamePatient } from '../arrival/same-patient.ts';
import type { StoreOutcome } from '../archive/archive.ts';
import type { Tx } from '../db/client.ts';
import { pendingArrivals } from '../db/schema/index.ts';
import type { Services } from '../services.ts';

export interface ReceiveInput {
	/** Part 10 files. */
	objects: Uint8Array[];
	origin: 'stow' | 'dimse' | 'import' | 'upload' | 'demo' | 'export';
	/** Objects of any other study are refused. */
	expectedStudyUid?: StudyUid | null;
	/** One of the practice's archives; without it the one bound to the practice or the machine. */
	archiveId?: ArchiveId;
}

/** What became of one object; same order as they were given. */
export type ReceiveOutcome =
	| {
			status: 'stored' | 'duplicate';
			studyUid: string;
			seriesUid: string;
			sopUid: string;
			sopClass: string;
	  }
	| ({ status: 'rejected' } & ObjectRefusal);

export interface Received {
	outcomes: ReceiveOutcome[];
	stored: number;
	duplicate: number;
	rejected: ObjectRefusal[];
	studyIds: StudyId[];
}

/**
 * Takes objects from outside: read, checked, stored in the archive, then indexed in one transaction a
 * study. Until that has committed nobody sees anything of them. What fails in between is found again
 * by `repairArrivals`, because the intention is written down before the archive is called.
 *
 * One bad object does not keep the others out. Receiving the same objects again changes nothing.
 * @throws DomainError `not_allowed`, `archive_unavailable`: then send all of them again.
 */
export async function receiveObjects(
	services: Services,
	actor: Actor,
	input: ReceiveInput
): Promise<Received> {
	if (actor.kind === 'nobody') throw new Refusal('not_signed_in', 'study.upload');
	// Links, referrers and patients upload into quarantine (matrix, c2–c4), which is another door.
	if (!(await mayStore(services, actor))) throw new Refusal('not_allowed', 'study.upload');
	const filing = await filingOf(services, actor, input);
	const outcomes = new Array<ReceiveOutcome>(input.objects.length);
	const byStudy = new Map<StudyUid, { at: number; object: ParsedObject }[]>();

	const parsedObjects = await parseObjects(input.objects, filing.archive.timeZone);
	parsedObjects.forEach((parsed, at) => {
		if (!parsed.ok) {
			outcomes[at] = { status: 'rejected', ...parsed.refusal };
		} else if (input.expectedStudyUid && parsed.object.studyUid !== input.expectedStudyUid) {
			outcomes[at] = rejection(parsed.object, 'This object belongs to another study.');
		} else {
			const group = byStudy.get(parsed.object.studyUid) ?? [];
			byStudy.set(parsed.object.studyUid, [...group, { at, object: parsed.object }]);
		}
	});

	const indexed: IndexedStudy[] = [];
	for (const [studyUid, group] of byStudy) {
		const fitting = await refuseOtherPatients(services, filing, studyUid, group, outcomes);
		if (!fitting.length) continue;
		const study = await storeStudy(services, actor, filing, studyUid, fitting, input, outcomes);
		if (study) indexed.push(study);
	}
	await recordRefusals(services, actor, filing.practiceId, input.origin, outcomes, byStudy.size);
	afterArrival(services, filing.practiceId, indexed);
	return summarise(outcomes, indexed);
}

type Group = { at: number; object: ParsedObject }[];

/** A job that somebody asked for is judged as that person, as they stand now (B8). */
async function mayStore(
	{ db }: Services,
	actor: Exclude<Actor, { kind: 'nobody' }>
): Promise<boolean> {
	const { practiceId } = actor;
	const judged =
		actor.kind === 'job' && actor.onBehalfOf
			? await loadUserActor(db, actor.onBehalfOf, practiceId)
			: actor;
	return judged !== null && can(judged, 'study.upload', { practiceId });
}

/** Before anything is stored: against the index, and against the first object of the same batch. */
async function refuseOtherPatients(
	services: Services,
	filing: Filing,
	studyUid: StudyUid,
	group: Group,
	outcomes: ReceiveOutcome[]
): Promise<Group> {
	const filed = await services.db.transaction((tx) => findFiledStudy(tx, filing, studyUid, false));
	const lead = group[0]?.object.patient;
	const known = filed
		? { ...filed.patient, identifiers: filed.identifiers }
		: lead && {
				name: lead.name,
				birthDate: lead.birthDate,
				identifiers: lead.id ? [{ issuer: lead.issuer || filing.archive.name, value: lead.id }] : []
			};
	return group.filter(({ at, object }) => {
		if (!known || isSamePatient(object.patient, known, filing.archive.name)) return true;
		outcomes[at] = rejection(object, otherPatient);
		return false;
	});
}

/** Intention, archive, index: in this order, so that a crash anywhere leaves something to find. */
async function storeStudy(
	services: Services,
	actor: Actor,
	filing: Filing,
	studyUid: StudyUid,
	group: Group,
	input: ReceiveInput,
	outcomes: ReceiveOutcome[]
): Promise<IndexedStudy | null> {
	const pendingId = services.newId();
	await services.db.insert(pendingArrivals).values({
		id: pendingId,
		practiceId: filing.practiceId,
		archiveId: filing.archive.id,
		studyUid,
		origin: input.origin,
		at: services.clock()
	});
	const archive = await services.archives.get(filing.archive.id);
	const stored = await archive.store(
		group.map(({ at }) => input.objects[at] ?? new Uint8Array()),
		{ studyUid }
	);
	const kept: ParsedObject[] = [];
	let added = 0;
	group.forEach(({ at, object }, i) => {
		const outcome = stored[i] ?? missingOutcome(object);
		outcomes[at] = outcomeOf(outcome, object);
		if (outcome.status === 'rejected') return;
		if (outcome.status === 'stored') added++;
		kept.push({ ...object, contentHash: outcome.hash });
	});
	return services.db.transaction(async (tx) => {
		const study = kept.length ? await indexKept(services, filing, kept, tx) : null;
		await tx.delete(pendingArrivals).where(inArray(pendingArrivals.id, [pendingId]));
		if (study) {
			if (study.patientAdded) {
				await services.audit.record(
					tx,
					actor,
					{ action: 'patient.added', object: `patient:${study.patientAdded}`, detail: {} },
					filing.practiceId
				);
			}
			await services.audit.record(
				tx,
				actor,
				{
					action: 'study.stored',
					object: `study:${study.studyId}`,
					detail: {
						origin: input.origin,
						stored: added,
						duplicate: kept.length - added,
						rejected: group.length - kept.length
					}
				},
				filing.practiceId
			);
		}
		return study;
	});
}

async function indexKept(
	services: Services,
	filing: Filing,
	kept: ParsedObject[],
	tx: Tx
): Promise<IndexedStudy> {
	const own = await findOwnExports(tx, kept);
	const objects: IndexedObject[] = kept.map((o) => ({ ...o, ownExport: own.has(o.sopUid) }));
	return indexObjects(tx, services, filing, objects);
}

/** Objects that never came as far as a study are witnessed as well. */
async function recordRefusals(
	services: Services,
	actor: Actor,
	practiceId: PracticeId,
	origin: string,
	outcomes: readonly ReceiveOutcome[],
	studies: number
): Promise<void> {
	const rejected = outcomes.filter((o) => o.status === 'rejected').length;
	if (studies > 0 || !rejected) return;
	await services.db.transaction((tx) =>
		services.audit.record(
			tx,
			actor,
			{
				action: 'study.stored',
				outcome: 'refused',
				detail: { origin, stored: 0, duplicate: 0, rejected }
			},
			practiceId
		)
	);
}

function rejection(object: ParsedObject, reason: string): ReceiveOutcome {
	return {
		status: 'rejected',
		sopUid: object.sopUid,
		sopClass: object.instance.sopClass,
		failureReason: failureReasons.doesNotMatchClass,
		reason
	};
}

/** An archive that answers with fewer outcomes than it was given objects has not stored the rest. */
function missingOutcome(object: ParsedObject): StoreOutcome {
	return {
		status: 'rejected',
		sopUid: object.sopUid,
		sopClass: object.instance.sopClass,
		failureReason: failureReasons.processingFailure,
		reason: 'The archive did not say whether it stored this object. Send it again.'
	};
}

function outcomeOf(outcome: StoreOutcome, object: ParsedObject): ReceiveOutcome {
	if (outcome.status === 'rejected') {
		const { sopUid, sopClass, failureReason, reason } = outcome;
		return {
			status: 'rejected',
			sopUid: sopUid ?? object.sopUid,
			sopClass: sopClass ?? object.instance.sopClass,
			failureReason,
			reason
		};
	}
	const { studyUid, seriesUid, sopUid } = outcome.ref;
	return { status: outcome.status, studyUid, seriesUid, sopUid, sopClass: outcome.sopClass };
}

function summarise(outcomes: ReceiveOutcome[], indexed: readonly IndexedStudy[]): Received {
	return {
		outcomes,
		stored: outcomes.filter((o) => o.status === 'stored').length,
		duplicate: outcomes.filter((o) => o.status === 'duplicate').length,
		rejected: outcomes.filter((o) => o.status === 'rejected'),
		studyIds: indexed.map((s) => s.studyId)
	};
}
