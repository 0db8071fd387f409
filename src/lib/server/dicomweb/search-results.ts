import type { DicomElement, DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { isZone, localTime, offsetMs } from '$lib/worklist/zoned-time.ts';
import type { InstanceRow } from './reach.ts';
import type { SearchRow } from './search-rows.ts';

const element = (vr: string, ...values: (string | number | object | null)[]): DicomElement => {
	const given = values.filter((value) => value !== null && value !== '');
	return given.length ? { vr, Value: given } : { vr };
};
const name = (value: string) => element('PN', value ? { Alphabetic: value } : null);
const pad = (n: number, width = 2) => String(n).padStart(width, '0');

/** What the index knows of a study, as QIDO-RS tells it (PS3.18 table 10.6.3-3). */
export function studyResult(row: SearchRow, base: string): DicomJson {
	const { study, patient, identifier, archive } = row;
	const issuer = identifier?.issuer === archive.name ? '' : (identifier?.issuer ?? '');
	return {
		...studyTime(row),
		[tags.AccessionNumber]: element('SH', study.accession),
		[tags.InstanceAvailability]: element('CS', 'ONLINE'),
		[tags.ModalitiesInStudy]: element('CS', ...study.modalities),
		[tags.ReferringPhysicianName]: name(study.referrer),
		[tags.StudyDescription]: element('LO', study.description),
		[tags.RetrieveURL]: element('UR', `${base}/studies/${study.studyUid}`),
		[tags.PatientName]: name(patient.name),
		[tags.PatientID]: element('LO', identifier?.value ?? ''),
		...(issuer ? { [tags.IssuerOfPatientID]: element('LO', issuer) } : {}),
		[tags.PatientBirthDate]: element('DA', patient.birthDate?.replaceAll('-', '') ?? ''),
		[tags.PatientSex]: element('CS', { female: 'F', male: 'M', unknown: '' }[patient.sex]),
		[tags.StudyInstanceUID]: element('UI', study.studyUid),
		[tags.StudyID]: element('SH', study.studyNumber),
		[tags.NumberOfStudyRelatedSeries]: element('IS', study.seriesCount),
		[tags.NumberOfStudyRelatedInstances]: element('IS', study.instanceCount)
	};
}

/** In the archive's zone; the offset is told only where the object itself had told one. */
function studyTime({ study, archive }: SearchRow): DicomJson {
	if (!study.studyAt) return { [tags.StudyDate]: { vr: 'DA' }, [tags.StudyTime]: { vr: 'TM' } };
	const zone = isZone(archive.timeZone) ? archive.timeZone : 'UTC';
	const t = localTime(study.studyAt, zone);
	const result: DicomJson = {
		[tags.StudyDate]: element('DA', `${pad(t.year, 4)}${pad(t.month)}${pad(t.day)}`),
		[tags.StudyTime]: element('TM', `${pad(t.hour)}${pad(t.minute)}${pad(t.second)}`)
	};
	if (!study.studyAtAssumed) {
		const minutes = Math.round(offsetMs(study.studyAt, zone) / 60_000);
		const sign = minutes < 0 ? '-' : '+';
		const offset = `${sign}${pad(Math.floor(Math.abs(minutes) / 60))}${pad(Math.abs(minutes) % 60)}`;
		result[tags.TimezoneOffsetFromUTC] = element('SH', offset);
	}
	return result;
}

export function seriesResult(instances: readonly InstanceRow[], studyAddress: string): DicomJson {
	const [first] = instances;
	if (!first) return {};
	return {
		[tags.Modality]: element('CS', first.modality),
		[tags.SeriesDescription]: element('LO', first.seriesDescription),
		[tags.RetrieveURL]: element('UR', `${studyAddress}/series/${first.seriesUid}`),
		[tags.SeriesInstanceUID]: element('UI', first.seriesUid),
		[tags.SeriesNumber]: element('IS', first.seriesNumber),
		[tags.NumberOfSeriesRelatedInstances]: element('IS', instances.length)
	};
}

export function instanceResult(instance: InstanceRow, studyAddress: string): DicomJson {
	const { seriesUid, sopUid } = instance;
	return {
		[tags.SOPClassUID]: element('UI', instance.sopClass),
		[tags.SOPInstanceUID]: element('UI', sopUid),
		[tags.InstanceAvailability]: element('CS', 'ONLINE'),
		[tags.RetrieveURL]: element('UR', `${studyAddress}/series/${seriesUid}/instances/${sopUid}`),
		[tags.SeriesInstanceUID]: element('UI', seriesUid),
		[tags.InstanceNumber]: element('IS', instance.instanceNumber),
		...(instance.rows === null
			? {}
			: {
					[tags.NumberOfFrames]: element('IS', instance.frames),
					[tags.Rows]: element('US', instance.rows),
					[tags.Columns]: element('US', instance.columns)
				})
	};
}
