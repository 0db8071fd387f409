import { dateTimeText } from '$lib/report/date-text.ts';
import { personText } from '$lib/report/person-text.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { PdfOptions } from './report-pdf.ts';
import { inks, type Sheet, type TextStyle } from './sheet.ts';

export const statusWords: Record<VersionContent['kind'], string> = {
	preliminary: 'Preliminary report',
	final: 'Final report',
	addendum: 'Final report with addendum',
	correction: 'Corrected report'
};

/** Whose paper it is, what it is, who answers for it, and the facts that every number rests on. */
export function heading(sheet: Sheet, content: VersionContent, options: PdfOptions): void {
	if (options.superseded) superseded(sheet, options.superseded);
	letterhead(sheet, content);
	const { body, signature } = content;
	sheet.paragraph('H1', body.worksheet.title, { size: 18, weight: 700 });
	sheet.paragraph('P', `${statusWords[content.kind]} · version ${content.number}`, {
		size: 9.5,
		color: content.kind === 'preliminary' ? inks.moderate : inks.accent,
		weight: 700
	});
	const signer = [signature.printedName, signature.credentials].filter(Boolean).join(', ');
	sheet.paragraph(
		'P',
		`Signed by ${signer}, ${dateTimeText(signature.at, body.practice.timeZone)}`,
		{ size: 9, color: inks.muted }
	);
	sheet.y += 6;
	facts(sheet, content);
	sheet.y += 8;
}

function superseded(sheet: Sheet, words: string): void {
	const style: TextStyle = { size: 11, weight: 700, color: inks.severe };
	const height = sheet.heightOf(words, sheet.width - 20, style) + 12;
	sheet.artifact(() =>
		sheet.doc.rect(sheet.left, sheet.y, sheet.width, height).fill(inks.severePanel)
	);
	const y = sheet.y;
	sheet.tag('P', () => sheet.text(words, sheet.left + 10, y + 6, sheet.width - 20, style));
	sheet.y = y + height + 10;
}

/** The practice's own lines; as many as there are, over the whole width. */
function letterhead(sheet: Sheet, { body }: VersionContent): void {
	const { name, letterhead: lines } = body.practice;
	sheet.paragraph('P', name, { size: 10.5, weight: 700 });
	for (const line of lines) {
		sheet.paragraph('P', line, { size: 8, color: inks.muted, lineGap: 0 });
	}
	sheet.y += 6;
	sheet.rule(sheet.y, inks.accent);
	sheet.y += 8;
}

/** Label over value: people in one row, the body in the next. */
function facts(sheet: Sheet, { body }: VersionContent): void {
	const { patient, studies, order } = body;
	const number = (id: string) => {
		const value = body.evaluation.values[id]?.value;
		return typeof value === 'number' ? value.toFixed(0) : '';
	};
	const people = (names: string[]) =>
		[...new Set(names.filter(Boolean).map(personText))].join(', ');
	const pressure = [number('sbp'), number('dbp')].filter(Boolean);
	// What a sheet has no use for is not reported missing.
	const usesSize = body.evaluation.results.some(({ id }) => id === 'bsa');
	const missing = (words: string) => (usesSize ? words : '');
	const { heightCm, weightKg, bsaM2 } = patient;
	row(sheet, 2, [
		['Referred by', people([...studies.map((study) => study.referrer), order?.referrer ?? ''])],
		['Sonographer', people(studies.map((study) => study.sonographer))]
	]);
	row(sheet, 5, [
		['Height', heightCm === null ? missing('not given') : `${heightCm.toFixed(0)} cm`],
		['Weight', weightKg === null ? missing('not given') : `${weightKg.toFixed(1)} kg`],
		['Body surface', bsaM2 === null ? missing('not calculable') : `${bsaM2.toFixed(2)} m²`],
		['Blood pressure', pressure.length === 2 ? `${pressure.join('/')} mmHg` : ''],
		['Heart rate', number('hr') && `${number('hr')} bpm`]
	]);
}

function row(sheet: Sheet, columns: number, facts: [label: string, value: string][]): void {
	const shown = facts.filter(([, value]) => value !== '');
	if (shown.length === 0) return;
	const label: TextStyle = { size: 7.5, color: inks.muted, lineGap: 0 };
	const value: TextStyle = { size: 9, lineGap: 0 };
	const width = sheet.width / columns;
	const height = 10 + Math.max(...shown.map(([, text]) => sheet.heightOf(text, width - 10, value)));
	sheet.need(height);
	const y = sheet.y;
	shown.forEach(([name, text], column) => {
		const x = sheet.left + column * width;
		sheet.tag('P', () => {
			sheet.text(name, x, y, width - 10, label);
			sheet.text(text, x, y + 10, width - 10, value);
		});
	});
	sheet.y = y + height + 4;
}
