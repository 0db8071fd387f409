import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import {
	items,
	number,
	numbers,
	personName,
	text,
	texts,
	type DicomJson
} from '$lib/dicom/json.ts';
import { bodySize, isoDate, sexOf } from '$lib/dicom/sr/read-header.ts';
import { tags } from '$lib/dicom/tags.ts';
import { plainText } from './plain-text.ts';
import { studyTime, type StudyTime } from './study-time.ts';

/** What the index keeps of one object: everything that lists, layouts and matching need. */
export interface ArrivedObject {
	studyUid: StudyUid;
	seriesUid: SeriesUid;
	sopUid: InstanceUid;
	patient: ArrivedPatient;
	study: ArrivedStudy;
	instance: ArrivedInstance;
}

export interface ArrivedPatient {
	/** (0010,0020); empty when the object names none. */
	id: string;
	/** (0010,0021); empty when the object names none: then the archive's name stands for it. */
	issuer: string;
	name: string;
	birthDate: string | null;
	sex: 'female' | 'male' | 'unknown';
}

export interface ArrivedStudy {
	time: StudyTime;
	accession: string;
	studyNumber: string;
	description: string;
	procedure: string;
	indication: string;
	institution: string;
	referrer: string;
	sonographer: string;
	heightCm: number | null;
	weightKg: number | null;
	stat: boolean;
	/** (0018,0015), upper case; empty when the object names none. */
	bodyPart: string;
	/** Of what was requested and done, `scheme:value`. */
	procedureCodes: string[];
}

export interface ArrivedInstance {
	sopClass: string;
	transferSyntax: string;
	modality: string;
	seriesNumber: number | null;
	seriesDescription: string;
	instanceNumber: number | null;
	frames: number;
	rows: number | null;
	columns: number | null;
	/** ms per frame; null for what does not move. */
	frameTimeMs: number | null;
	view: string;
	stage: string;
	manufacturer: string;
}

/** Attributes that only arrival reads (PS3.6). */
const more = {
	AdmittingDiagnosesDescription: '00081080',
	RequestedProcedureCodeSequence: '00321064',
	ReasonForTheRequestedProcedure: '00401002',
	RequestedProcedurePriority: '00401003'
} as const;

/** The longest of each VR that we keep, in characters (PS3.5 6.2); a name has five components. */
const longest = { LO: 64, SH: 16, PN: 324, text: 1000 } as const;

/** Reads an object's header; `archiveZone` is taken where the object names no zone. */
export function readObject(dataset: DicomJson, syntax: string, archiveZone: string): ArrivedObject {
	return {
		studyUid: text(dataset, tags.StudyInstanceUID) as StudyUid,
		seriesUid: text(dataset, tags.SeriesInstanceUID) as SeriesUid,
		sopUid: text(dataset, tags.SOPInstanceUID) as InstanceUid,
		patient: readPatient(dataset),
		study: readStudy(dataset, archiveZone),
		instance: readInstance(dataset, syntax)
	};
}

function readPatient(dataset: DicomJson): ArrivedPatient {
	return {
		id: plainText(text(dataset, tags.PatientID), longest.LO),
		issuer: plainText(text(dataset, tags.IssuerOfPatientID), longest.LO),
		name: nameOf(dataset, tags.PatientName),
		birthDate: isoDate(text(dataset, tags.PatientBirthDate)),
		sex: sexOf(text(dataset, tags.PatientSex))
	};
}

function readStudy(dataset: DicomJson, archiveZone: string): ArrivedStudy {
	const request = items(dataset, tags.RequestAttributesSequence)[0] ?? {};
	const line = (tag: string, most: number = longest.LO) =>
		plainText(text(dataset, tag), most) || plainText(text(request, tag), most);
	const description = line(tags.StudyDescription);
	return {
		time: firstTime(dataset, archiveZone),
		accession: line(tags.AccessionNumber, longest.SH),
		studyNumber: line(tags.StudyID, longest.SH),
		description,
		procedure:
			line(tags.RequestedProcedureDescription) ||
			description ||
			line(tags.PerformedProcedureStepDescription),
		indication:
			line(more.ReasonForTheRequestedProcedure, longest.text) ||
			plainText(texts(dataset, more.AdmittingDiagnosesDescription).join(', '), longest.text),
		institution: line(tags.InstitutionName),
		referrer: nameOf(dataset, tags.ReferringPhysicianName),
		sonographer: nameOf(dataset, tags.OperatorsName),
		...bodySize(dataset),
		stat: /^(STAT|IMMEDIATE)$/i.test(line(more.RequestedProcedurePriority)),
		...procedureFacts(dataset)
	};
}

/** What part was examined by which coded procedure: it chooses the worksheet. */
export function procedureFacts(dataset: DicomJson): { bodyPart: string; procedureCodes: string[] } {
	const request = items(dataset, tags.RequestAttributesSequence)[0] ?? {};
	const codes = [
		...items(request, more.RequestedProcedureCodeSequence),
		...items(dataset, more.RequestedProcedureCodeSequence),
		...items(dataset, tags.ProcedureCodeSequence)
	].map((code) => `${text(code, tags.CodingSchemeDesignator)}:${text(code, tags.CodeValue)}`);
	return {
		bodyPart: plainText(text(dataset, tags.BodyPartExamined), longest.SH).toUpperCase(),
		procedureCodes: [...new Set(codes)]
			.filter((code) => /^[^:]{1,16}:.{1,64}$/.test(code))
			.slice(0, 20)
	};
}

/** The study's own time, or what comes nearest to it. */
function firstTime(dataset: DicomJson, archiveZone: string): StudyTime {
	const offset = text(dataset, tags.TimezoneOffsetFromUTC);
	const pairs = [
		[tags.StudyDate, tags.StudyTime],
		[tags.SeriesDate, tags.SeriesTime],
		[tags.AcquisitionDate, tags.AcquisitionTime],
		[tags.ContentDate, tags.ContentTime]
	] as const;
	for (const [date, time] of pairs) {
		const found = studyTime(text(dataset, date), text(dataset, time), offset, archiveZone);
		if (found.at) return found;
	}
	return { at: null, assumed: false };
}

function readInstance(dataset: DicomJson, syntax: string): ArrivedInstance {
	const frames = Math.max(1, integer(dataset, tags.NumberOfFrames) ?? 1);
	return {
		sopClass: text(dataset, tags.SOPClassUID),
		transferSyntax: syntax,
		modality: plainText(text(dataset, tags.Modality), longest.SH),
		seriesNumber: integer(dataset, tags.SeriesNumber),
		seriesDescription: plainText(text(dataset, tags.SeriesDescription), longest.LO),
		instanceNumber: integer(dataset, tags.InstanceNumber),
		frames,
		rows: integer(dataset, tags.Rows),
		columns: integer(dataset, tags.Columns),
		frameTimeMs: frames > 1 ? frameTimeMs(dataset) : null,
		view: viewOf(dataset),
		stage: plainText(text(dataset, tags.StageName), longest.LO),
		manufacturer: plainText(text(dataset, tags.Manufacturer), longest.LO)
	};
}

/**
 * PS3.3 C.7.6.5: Frame Time, else the mean of Frame Time Vector (its first value is where frame 1
 * begins, not a duration), else Cine Rate or Recommended Display Frame Rate in frames per second.
 */
function frameTimeMs(dataset: DicomJson): number | null {
	const time = number(dataset, tags.FrameTime);
	if (time !== null && time > 0) return time;
	const steps = numbers(dataset, tags.FrameTimeVector)
		.slice(1)
		.filter((ms): ms is number => ms !== null && ms > 0);
	if (steps.length) return steps.reduce((sum, ms) => sum + ms, 0) / steps.length;
	const rate = number(dataset, tags.CineRate) ?? number(dataset, tags.RecommendedDisplayFrameRate);
	return rate !== null && rate > 0 ? 1000 / rate : null;
}

/** View Name, what View Code Sequence means, or what the machine wrote over the series. */
function viewOf(dataset: DicomJson): string {
	const code = items(dataset, tags.ViewCodeSequence)[0];
	const found =
		text(dataset, tags.ViewName) ||
		(code ? text(code, tags.CodeMeaning) : '') ||
		text(dataset, tags.SeriesDescription);
	return plainText(found, longest.LO);
}

function nameOf(dataset: DicomJson, tag: string): string {
	const { alphabetic, ideographic, phonetic } = personName(dataset, tag);
	return plainText(alphabetic || ideographic || phonetic, longest.PN).replace(/[\^\s]+$/, '');
}

/** IS is a decimal integer of 32 bits; what is none is nothing. */
function integer(dataset: DicomJson, tag: string): number | null {
	const value = number(dataset, tag);
	return value !== null && Number.isInteger(value) && Math.abs(value) <= 2_147_483_647
		? value
		: null;
}
