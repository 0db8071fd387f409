import { number, text } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { bodySize, isoDate, sexOf } from '$lib/dicom/sr/read-header.ts';
import { tags } from '$lib/dicom/tags.ts';
import { ageOn } from '$lib/report/context.ts';
import type { HeaderValues } from '$lib/report/populate.ts';
import { procedureFacts } from '$lib/server/arrival/read-object.ts';

/** Whose study it is and what procedure it was, from the attributes of its objects. */
export interface Subject {
	patient: { id: string; issuer: string };
	sex: 'female' | 'male' | 'unknown';
	birthDate: string | null;
	/** On the day of the study. */
	ageYears: number | null;
	studyDate: string | null;
	/** Of the images; a report's own modality says nothing. */
	modalities: string[];
	procedure: string;
	bodyParts: string[];
	/** `scheme:value`. */
	codes: string[];
	headers: HeaderValues[];
}

export function subjectOf(datasets: readonly DicomJson[]): Subject {
	const first = (tag: string) =>
		datasets.map((dataset) => text(dataset, tag)).find((value) => value !== '') ?? '';
	const birthDate = isoDate(first(tags.PatientBirthDate));
	const studyDate = isoDate(first(tags.StudyDate));
	const facts = datasets.map(procedureFacts);
	return {
		patient: { id: first(tags.PatientID), issuer: first(tags.IssuerOfPatientID) },
		sex: sexOf(first(tags.PatientSex)),
		birthDate,
		ageYears: ageOn(birthDate, studyDate),
		studyDate,
		modalities: [...new Set(datasets.map((dataset) => text(dataset, tags.Modality)))].sort(),
		procedure: first(tags.StudyDescription),
		bodyParts: [...new Set(facts.map(({ bodyPart }) => bodyPart).filter((part) => part !== ''))],
		codes: [...new Set(facts.flatMap(({ procedureCodes }) => procedureCodes))],
		headers: datasets.map(headerOf)
	};
}

function headerOf(dataset: DicomJson): HeaderValues {
	const rate = number(dataset, tags.HeartRate);
	const isResting = /^(|rest|resting|baseline)$/i.test(text(dataset, tags.StageName));
	return {
		sopInstanceUid: text(dataset, tags.SOPInstanceUID),
		...bodySize(dataset),
		heartRate: rate !== null && rate > 0 && isResting ? rate : null
	};
}
