import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { JobActor } from '$lib/access/actor.ts';
import { text, type DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import {
	isUid,
	type InstanceUid,
	type PracticeId,
	type SeriesUid,
	type StudyUid
} from '$lib/ids.ts';
import type { Archive } from '../archive/archive.ts';
import { practiceStudies, studyInstances } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { afterArrival } from './after-arrival.ts';
import type { ArchiveRow } from './filing.ts';
import { findFiledStudy, indexObjects, type IndexedObject } from './index-objects.ts';
import { findOwnExports } from './own-export.ts';
import type { ParsedObject } from './parse-object.ts';
import { readObject } from './read-object.ts';
import { isSamePatient, type KnownPatient } from './same-patient.ts';

export interface IndexRequest {
	practiceId: PracticeId;
	archive: ArchiveRow;
	studyUid: StudyUid;
	origin: string;
}

/** (0008,3002): the transfer syntaxes in which an archive offers an object. */
const availableTransferSyntax = '00083002';
const pageSize = 500;
/** From this many on one request for all metadata is cheaper than one each. */
const wholeStudyFrom = 10;

/**
 * Brings the index up to what the archive holds of a study: after a crash between storing and
 * indexing, and for what came into an outside archive without us. Returns how many were new.
 * @throws DomainError of the archive; nothing is half indexed then.
 */
export async function indexFromArchive(services: Services, request: IndexRequest): Promise<number> {
	const archive = await services.archives.get(request.archive.id);
	const held = await listInstances(archive, request.studyUid);
	const indexed = await knownInstances(services, request);
	const missing = held.filter((ref) => !indexed.has(ref.sopUid));
	const objects: ParsedObject[] = [];
	if (missing.length) {
		const wanted = new Set<string>(missing.map((ref) => ref.sopUid));
		for (const dataset of await readMetadata(archive, request.studyUid, missing)) {
			const syntax = text(dataset, availableTransferSyntax);
			const object = readObject(dataset, syntax, request.archive.timeZone);
			if (!wanted.has(object.sopUid) || object.studyUid !== request.studyUid) continue;
			if (![object.seriesUid, object.sopUid, object.instance.sopClass].every(isUid)) continue;
			const contentHash = await hashOf(archive, object, dataset);
			objects.push({ ...object, dataset, contentHash });
		}
	}
	const known = await patientOf(services, request, objects[0]);
	const ours = objects.filter(
		({ patient }) => known && isSamePatient(patient, known, request.archive.name)
	);
	if (ours.length < objects.length) {
		services.log.warn(
			{ archive: archive.id, left: objects.length - ours.length },
			'objects of another patient under one study UID left out'
		);
	}
	return file(services, request, ours, held.length);
}

/** Whom the study is filed under, or whom its first object names. */
async function patientOf(
	services: Services,
	request: IndexRequest,
	lead: ParsedObject | undefined
): Promise<KnownPatient | null> {
	const { studyUid, archive } = request;
	const filed = await services.db.transaction((tx) => findFiledStudy(tx, request, studyUid, false));
	if (filed) return { ...filed.patient, identifiers: filed.identifiers };
	if (!lead) return null;
	const { name, birthDate, id, issuer } = lead.patient;
	return {
		name,
		birthDate,
		identifiers: id ? [{ issuer: issuer || archive.name, value: id }] : []
	};
}

async function file(
	services: Services,
	request: IndexRequest,
	objects: readonly ParsedObject[],
	held: number
): Promise<number> {
	const { practiceId, archive, studyUid } = request;
	const actor: JobActor = { kind: 'job', name: 'index-archive', practiceId, onBehalfOf: null };
	const study = await services.db.transaction(async (tx) => {
		const own = await findOwnExports(tx, objects);
		const indexed = objects.length
			? await indexObjects(
					tx,
					services,
					request,
					objects.map((o): IndexedObject => ({ ...o, ownExport: own.has(o.sopUid) }))
				)
			: null;
		await tx
			.update(practiceStudies)
			.set({ expectedInstances: held })
			.where(
				and(
					eq(practiceStudies.practiceId, practiceId),
					eq(practiceStudies.archiveId, archive.id),
					eq(practiceStudies.studyUid, studyUid)
				)
			);
		if (indexed?.newInstances) {
			await services.audit.record(tx, actor, {
				action: 'study.discovered',
				object: `study:${indexed.studyId}`,
				detail: { archive: archive.id, instances: indexed.newInstances }
			});
		}
		return indexed;
	});
	if (study) afterArrival(services, practiceId, [study]);
	return study?.newInstances ?? 0;
}

interface Held {
	seriesUid: SeriesUid;
	sopUid: InstanceUid;
}

async function listInstances(archive: Archive, studyUid: StudyUid): Promise<Held[]> {
	const found = new Map<string, Held>();
	for (let offset = 0; ; offset += pageSize) {
		const page = await archive.search({
			level: 'instances',
			studyUid,
			filters: {},
			includeFields: [],
			limit: pageSize,
			offset
		});
		const before = found.size;
		for (const dataset of page) {
			const seriesUid = text(dataset, tags.SeriesInstanceUID) as SeriesUid;
			const sopUid = text(dataset, tags.SOPInstanceUID) as InstanceUid;
			if (isUid(seriesUid) && isUid(sopUid)) found.set(sopUid, { seriesUid, sopUid });
		}
		// An archive that ignores the offset gives the same page for ever.
		if (page.length < pageSize || found.size === before) return [...found.values()];
	}
}

async function knownInstances(services: Services, request: IndexRequest): Promise<Set<string>> {
	const rows = await services.db
		.select({ sopUid: studyInstances.sopUid })
		.from(studyInstances)
		.innerJoin(practiceStudies, eq(practiceStudies.id, studyInstances.studyId))
		.where(
			and(
				eq(practiceStudies.practiceId, request.practiceId),
				eq(practiceStudies.archiveId, request.archive.id),
				eq(practiceStudies.studyUid, request.studyUid)
			)
		);
	return new Set(rows.map((row) => row.sopUid));
}

async function readMetadata(
	archive: Archive,
	studyUid: StudyUid,
	missing: readonly Held[]
): Promise<DicomJson[]> {
	if (missing.length >= wholeStudyFrom) return archive.metadata(studyUid);
	const all: DicomJson[] = [];
	for (const { seriesUid, sopUid } of missing) {
		all.push(...(await archive.metadata(studyUid, seriesUid, sopUid)));
	}
	return all;
}

/**
 * The archive's own hash of the file where it has one for nothing. Else a mark over the metadata,
 * which tells versions of a report apart but is no hash of bytes, and so no ETag either.
 */
async function hashOf(
	archive: Archive,
	ref: Pick<ParsedObject, 'studyUid' | 'seriesUid' | 'sopUid'>,
	dataset: DicomJson
): Promise<string> {
	if (archive.kind === 'embedded') {
		const { studyUid, seriesUid, sopUid } = ref;
		const payload = await archive.instance({ studyUid, seriesUid, sopUid });
		payload.body.destroy();
		const etag = payload.etag?.replace(/^"|"$/g, '') ?? '';
		if (/^[0-9a-f]{64}$/.test(etag)) return etag;
	}
	const sorted = JSON.stringify(Object.entries(dataset).sort(([a], [b]) => (a < b ? -1 : 1)));
	return `m-${createHash('sha256').update(sorted).digest('hex')}`;
}
