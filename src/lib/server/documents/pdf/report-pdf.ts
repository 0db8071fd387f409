import PDFDocument from 'pdfkit';
import { personText } from '$lib/report/person-text.ts';
import type { VersionContent } from '$lib/report/version.ts';
import { references, signatureBlock } from './closing.ts';
import { diagrams } from './diagrams.ts';
import { keyImages } from './figures.ts';
import { heading } from './heading.ts';
import { measurements } from './measurement-tables.ts';
import { footers, patientStrip } from './page-frame.ts';
import {
	amendment,
	carried,
	comments,
	communications,
	findings,
	grades,
	impression,
	indication
} from './prose.ts';
import { paper, Sheet } from './sheet.ts';

export interface PdfOptions {
	paper: keyof typeof paper;
	/** JPEG bytes by `${sopInstanceUid}/${frame ?? 1}`; an image that is missing is said to be. */
	images: ReadonlyMap<string, Uint8Array>;
	/** Printed on every page of a copy that leaves through a link: recipient, link, UTC time (C9). */
	copyMark?: string;
	/** Printed across the top when a newer version exists. */
	superseded?: string;
}

const margins = { left: 46, right: 46, bottom: 58 };

/**
 * The signed report as a tagged PDF, built to PDF/A-2a (conformance itself is not proven here; qpdf
 * and pdfinfo check the structure). The same content gives the same bytes.
 */
export async function renderReportPdf(
	content: VersionContent,
	options: PdfOptions
): Promise<Uint8Array> {
	const { body, signature } = content;
	const created = new Date(signature.at);
	const title = `${body.worksheet.title}, ${personText(body.patient.name)}`;
	const doc = new PDFDocument({
		size: [paper[options.paper].width, paper[options.paper].height],
		margin: 0,
		subset: 'PDF/A-2a',
		pdfVersion: '1.7',
		tagged: true,
		lang: body.language,
		displayTitle: true,
		bufferPages: true,
		font: null as unknown as string,
		info: {
			Title: title,
			Author: signature.printedName,
			Creator: 'Readroom',
			Producer: 'Readroom',
			CreationDate: created,
			ModDate: created
		}
	});
	const chunks: Buffer[] = [];
	const finished = new Promise<void>((resolve, reject) => {
		doc.on('data', (chunk: Buffer) => chunks.push(chunk));
		doc.on('end', resolve);
		doc.on('error', reject);
	});

	const sheet = new Sheet(doc, margins, (page) => patientStrip(page, content));
	heading(sheet, content, options);
	amendment(sheet, content);
	indication(sheet, content);
	impression(sheet, content);
	communications(sheet, content);
	findings(sheet, body.sections);
	comments(sheet, content);
	carried(sheet, content);
	measurements(sheet, body.sections);
	diagrams(sheet, body.sections);
	keyImages(sheet, content, options);
	grades(sheet, body.sections);
	signatureBlock(sheet, content);
	references(sheet, content);
	sheet.end();
	footers(sheet, content, options);
	doc.end();
	await finished;
	return new Uint8Array(Buffer.concat(chunks));
}
