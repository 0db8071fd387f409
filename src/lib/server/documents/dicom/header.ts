import type { ReportBody, VersionContent } from '$lib/report/version.ts';
import { longString, type Naturalized } from './write.ts';

/** What an export of a study copies from its images: patient and study modules, unchanged. */
export interface StudyHeader {
	patientName: string;
	patientId: string;
	issuerOfPatientId: string;
	patientBirthDate: string;
	patientSex: string;
	studyInstanceUid: string;
	studyDate: string;
	studyTime: string;
	accessionNumber: string;
	studyId: string;
	referringPhysicianName: string;
	studyDescription: string;
}

/** DICOM local date and time of a moment, in a zone, with its offset for (0008,0201). */
export function localDateTime(
	iso: string,
	timeZone: string
): { date: string; time: string; offset: string } {
	const at = new Date(iso);
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23',
		timeZoneName: 'longOffset'
	}).formatToParts(at);
	const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '';
	const offset = part('timeZoneName').replace('GMT', '').replace(':', '');
	return {
		date: `${part('year')}${part('month')}${part('day')}`,
		time: `${part('hour')}${part('minute')}${part('second')}`,
		offset: offset === '' ? '+0000' : offset
	};
}

/** Patient, General Study, General Equipment and SOP Common of everything that we write. */
export function commonModules(header: StudyHeader, content: VersionContent): Naturalized {
	const { body, signature } = content;
	const signed = localDateTime(signature.at, body.practice.timeZone);
	return {
		SpecificCharacterSet: 'ISO_IR 192',
		InstanceCreationDate: signed.date,
		InstanceCreationTime: signed.time,
		TimezoneOffsetFromUTC: signed.offset,
		PatientName: header.patientName,
		PatientID: header.patientId,
		...(header.issuerOfPatientId ? { IssuerOfPatientID: header.issuerOfPatientId } : {}),
		PatientBirthDate: header.patientBirthDate,
		PatientSex: header.patientSex,
		...bodySize(body),
		StudyInstanceUID: header.studyInstanceUid,
		StudyDate: header.studyDate,
		StudyTime: header.studyTime,
		AccessionNumber: header.accessionNumber,
		StudyID: header.studyId,
		ReferringPhysicianName: header.referringPhysicianName,
		...(header.studyDescription ? { StudyDescription: header.studyDescription } : {}),
		Manufacturer: 'Readroom',
		ManufacturerModelName: 'Readroom',
		SoftwareVersions: body.engine.version,
		InstitutionName: longString(body.practice.name)
	};
}

function bodySize({ patient }: ReportBody): Naturalized {
	return {
		...(patient.heightCm === null ? {} : { PatientSize: (patient.heightCm / 100).toFixed(3) }),
		...(patient.weightKg === null ? {} : { PatientWeight: patient.weightKg.toFixed(1) })
	};
}
