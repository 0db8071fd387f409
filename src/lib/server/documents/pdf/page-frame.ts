import { dateText, dateTimeText } from '$lib/report/date-text.ts';
import { personText } from '$lib/report/person-text.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { PdfOptions } from './report-pdf.ts';
import { small } from './section.ts';
import { inks, type Sheet, type TextStyle } from './sheet.ts';

export const sexText = { female: 'Female', male: 'Male', unknown: 'Sex unknown' } as const;

/** One line, made smaller rather than cut or wrapped, down to `least` points; then cut. */
export function fitted(
	sheet: Sheet,
	text: string,
	x: number,
	y: number,
	width: number,
	style: TextStyle,
	least = 4.5
): void {
	if (text === '') return;
	const size = style.size ?? 9.5;
	const natural = sheet.widthOf(text, style);
	const fits = natural <= width ? size : Math.max(least, (size * width) / natural - 0.05);
	// On the same baseline as its neighbours, whatever its size.
	const lower = (size - fits) * 1.069;
	const last = natural * (fits / size) > width + 0.5;
	const shown = last ? cut(sheet, text, width, { ...style, size: fits }) : text;
	sheet.text(shown, x, y + lower, width + 1, { ...style, size: fits, lineGap: 0 });
}

function cut(sheet: Sheet, text: string, width: number, style: TextStyle): string {
	let end = text.length;
	while (end > 1 && sheet.widthOf(`${text.slice(0, end)}…`, style) > width) end -= 1;
	return `${text.slice(0, end).trimEnd()}…`;
}

/** Who it is about, on every page; answers where the page's text begins. */
export function patientStrip(sheet: Sheet, { body }: VersionContent): number {
	const { patient, studies } = body;
	const y = 28;
	sheet.artifact(() => {
		sheet.doc.rect(sheet.left, y, sheet.width, 36).fill(inks.panel);
		sheet.doc.rect(sheet.left, y, 3, 36).fill(inks.accent);
		const half = sheet.width / 2 - 16;
		const left = sheet.left + 12;
		fitted(sheet, personText(patient.name), left, y + 4, half + 40, { size: 12, weight: 700 }, 5.5);
		const born = patient.birthDate ? dateText(patient.birthDate) : 'birth date unknown';
		const age = patient.ageYears === null ? '' : ` (${patient.ageYears} y)`;
		const facts = `${sexText[patient.sex]} · born ${born}${age}`;
		sheet.text(facts, left, y + 21, half, { size: 8.5, color: inks.muted });
		const ids = patient.identifiers.map(({ value }) => value).join(', ');
		const right: TextStyle = { size: 8.5, align: 'right' };
		const x = sheet.left + sheet.width / 2 + 36;
		const width = sheet.right - 10 - x;
		fitted(sheet, `ID ${ids}`, x, y + 7, width, { ...right, weight: 700 });
		const when = studies[0]?.studyAt;
		const study = [
			when ? `Study ${dateTimeText(when, body.practice.timeZone)}` : 'Study time unknown',
			studies[0]?.accession ? `Acc. ${studies[0].accession}` : ''
		];
		fitted(sheet, study.filter(Boolean).join(' · '), x, y + 21, width, {
			...right,
			color: inks.muted
		});
	}, 'Pagination');
	return y + 50;
}

export function footers(
	sheet: Sheet,
	{ body, ...version }: VersionContent,
	options: PdfOptions
): void {
	const range = sheet.doc.bufferedPageRange();
	for (let index = 0; index < range.count; index++) {
		sheet.doc.switchToPage(range.start + index);
		sheet.artifact(() => {
			const y = sheet.doc.page.height - 40;
			sheet.doc
				.moveTo(sheet.left, y - 5)
				.lineTo(sheet.right, y - 5)
				.lineWidth(0.5)
				.stroke(inks.line);
			const footer = body.practice.footer || body.practice.name;
			fitted(sheet, footer, sheet.left, y, sheet.width - 140, small, 5);
			const place = `Version ${version.number} · page ${index + 1} of ${range.count}`;
			sheet.text(place, sheet.right - 130, y, 130, { ...small, align: 'right' });
			if (options.copyMark) {
				const ink = { ...small, color: inks.accent };
				fitted(sheet, options.copyMark, sheet.left, y + 12, sheet.width, ink, 5);
			}
		}, 'Pagination');
	}
}
