import { personText } from '$lib/report/person-text.ts';
import type { ExportUids, VersionContent } from '$lib/report/version.ts';
import { commonModules, localDateTime, type StudyHeader } from './header.ts';
import { code } from './sr-object.ts';
import { writePart10 } from './write.ts';

const encapsulatedPdf = '1.2.840.10008.5.1.4.1.1.104.1';

/** The signed PDF as Encapsulated PDF (PS3.3 A.45.1). The same version gives the same bytes. */
export function pdfObject(input: {
	content: VersionContent;
	header: StudyHeader;
	uids: ExportUids;
	pdf: Uint8Array;
}): Uint8Array {
	const { content, header, uids, pdf } = input;
	const { body, signature } = content;
	const at = localDateTime(signature.at, body.practice.timeZone);
	// OB is even; the true length stands beside it.
	const padded = new Uint8Array(pdf.byteLength + (pdf.byteLength % 2));
	padded.set(pdf);
	return writePart10({
		...commonModules(header, content),
		SOPClassUID: encapsulatedPdf,
		SOPInstanceUID: uids.pdfInstance,
		Modality: 'DOC',
		SeriesInstanceUID: uids.pdfSeries,
		SeriesNumber: '901',
		SeriesDescription: 'Readroom report (PDF)',
		ConversionType: 'WSD',
		InstanceNumber: String(content.number),
		ContentDate: at.date,
		ContentTime: at.time,
		AcquisitionDateTime: '',
		BurnedInAnnotation: 'YES',
		DocumentTitle: `${body.worksheet.title}, ${personText(body.patient.name)}`.slice(0, 1024),
		ConceptNameCodeSequence: [
			code({ value: '18748-4', scheme: 'LN', meaning: 'Diagnostic Imaging Report' })
		],
		VerificationFlag: content.kind === 'preliminary' ? 'UNVERIFIED' : 'VERIFIED',
		MIMETypeOfEncapsulatedDocument: 'application/pdf',
		EncapsulatedDocument: [padded.buffer],
		EncapsulatedDocumentLength: pdf.byteLength
	});
}
