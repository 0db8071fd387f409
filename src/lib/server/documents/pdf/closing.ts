import { dateTimeText } from '$lib/report/date-text.ts';
import type { VersionContent } from '$lib/report/version.ts';
import { section, small } from './section.ts';
import { inks, type Sheet } from './sheet.ts';

const meanings: Record<string, string> = {
	performed: 'performed the study',
	drafted: 'drafted the report',
	preliminary: 'released as preliminary',
	final: 'final report'
};

/** Printed name, credentials, UTC time and meaning (L4). */
export function signatureBlock(
	sheet: Sheet,
	{ body, signature, ...version }: VersionContent
): void {
	const height = 62;
	sheet.need(height + 6);
	const y = sheet.y;
	sheet.artifact(() => {
		sheet.doc.rect(sheet.left, y, sheet.width, height).fill(inks.panel);
		sheet.doc.rect(sheet.left, y, 3, height).fill(inks.accent);
	});
	sheet.group('Sect', () => {
		const name = [signature.printedName, signature.credentials].filter(Boolean).join(', ');
		const lines: [string, object][] = [
			[`Signed electronically by ${name}`, { size: 11, weight: 700 }],
			[
				`${dateTimeText(signature.at, body.practice.timeZone)} · ` +
					`${signature.at.replace('T', ' ').replace(/\.\d+Z$|Z$/, '')} UTC · ` +
					`meaning: ${meanings[signature.meaning] ?? signature.meaning}`,
				{ size: 8.5 }
			],
			[`Report ${version.reportId} · version ${version.number}`, small],
			[`Content (SHA-256) ${version.bodyHash}`, small]
		];
		let at = y + 5;
		for (const [text, style] of lines) {
			const from = at;
			sheet.tag('P', () => sheet.text(text, sheet.left + 12, from, sheet.width - 20, style));
			at += sheet.lineHeight(style);
		}
	});
	sheet.y = y + height + 12;
}

export function references(sheet: Sheet, { body }: VersionContent): void {
	const cited = Object.values(body.sources);
	const { editions = [] } = body;
	if (cited.length + editions.length === 0) return;
	const unconfirmed = body.sections.some((item) => item.values.some((value) => value.unconfirmed));
	section(sheet, 'Reference values', () => {
		if (unconfirmed) {
			const words = '* range or formula not yet confirmed against its publication';
			sheet.paragraph('P', words, small);
		}
		if (editions.length > 0) {
			const read = editions.map(({ title, text }) => `${title}: ${text}`);
			sheet.paragraph('P', `Read by ${read.join('; ')}`, small);
		}
		if (cited.length > 0)
			sheet.paragraph('P', cited.map((source) => source.short).join('; '), small);
	});
}
