import { items, number, text, texts } from '../json.ts';
import type { DicomJson } from '../json.ts';
import { tags } from '../tags.ts';
import { cleanText } from './clean-text.ts';
import type { SrDocument } from './content-item.ts';

/** What identifies a report and its patient; everything of `SrDocument` outside the tree. */
export function readHeader(dataset: DicomJson): Omit<SrDocument, 'root' | 'title'> {
	const of = (tag: string): string => cleanText(text(dataset, tag));
	const template = items(dataset, tags.ContentTemplateSequence)[0];
	return {
		schema: 1,
		sopInstanceUid: of(tags.SOPInstanceUID),
		sopClassUid: of(tags.SOPClassUID),
		seriesInstanceUid: of(tags.SeriesInstanceUID),
		studyInstanceUid: of(tags.StudyInstanceUID),
		template: template ? cleanText(text(template, tags.TemplateIdentifier)) || null : null,
		manufacturer: of(tags.Manufacturer),
		model: of(tags.ManufacturerModelName),
		softwareVersions: cleanText(texts(dataset, tags.SoftwareVersions).join(' ')),
		completionFlag: of(tags.CompletionFlag),
		verificationFlag: of(tags.VerificationFlag),
		contentAt: localDateTime(of(tags.ContentDate), of(tags.ContentTime)),
		patient: {
			id: of(tags.PatientID),
			issuer: of(tags.IssuerOfPatientID),
			name: of(tags.PatientName),
			birthDate: isoDate(of(tags.PatientBirthDate)),
			sex: sexOf(of(tags.PatientSex)),
			...bodySize(dataset)
		}
	};
}

/** (0010,0040): only F and M name a registered birth sex. */
export function sexOf(code: string): 'female' | 'male' | 'unknown' {
	return code === 'F' ? 'female' : code === 'M' ? 'male' : 'unknown';
}

/**
 * Height in cm and weight in kg from (0010,1020), in metres by the Standard, and (0010,1030). A size
 * above 3 is centimetres in the wrong attribute: not guessed, null. Zero means "not entered".
 */
export function bodySize(dataset: DicomJson): { heightCm: number | null; weightKg: number | null } {
	const metres = number(dataset, tags.PatientSize);
	const kilograms = number(dataset, tags.PatientWeight);
	return {
		heightCm:
			metres !== null && metres > 0 && metres <= 3 ? Math.round(metres * 100_000) / 1000 : null,
		weightKg: kilograms !== null && kilograms > 0 ? kilograms : null
	};
}

/** DA as an ISO date; null unless it is a day of the calendar. The old `1961.04.17` is read too. */
export function isoDate(da: string): string | null {
	const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(da.trim());
	if (!match) return null;
	const iso = `${match[1]}-${match[2]}-${match[3]}`;
	const parsed = new Date(`${iso}T00:00:00Z`);
	return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(iso) ? null : iso;
}

/** DA and TM as an ISO local date-time without zone; midnight when the time is unusable. */
export function localDateTime(da: string, tm: string): string | null {
	const date = isoDate(da);
	if (date === null) return null;
	const time = /^([01]\d|2[0-3]):?([0-5]\d)?:?([0-5]\d)?(?:\.\d+)?$/.exec(tm.trim());
	return `${date}T${time?.[1] ?? '00'}:${time?.[2] ?? '00'}:${time?.[3] ?? '00'}`;
}
