import { communicationText } from '$lib/report/communication-text.ts';
import { criticalFinding } from '$lib/report/critical.ts';
import type { PrintedSection, VersionContent } from '$lib/report/version.ts';
import { body as bodyStyle, marked, section, small } from './section.ts';
import { inks, type Sheet } from './sheet.ts';

export function amendment(sheet: Sheet, { body, predecessor, kind }: VersionContent): void {
	const said = body.amendment;
	if (!said) return;
	const replaced = predecessor ? ` to version ${predecessor.number}` : '';
	const title = kind === 'correction' ? `Correction${replaced}` : `Addendum${replaced}`;
	marked(sheet, inks.severe, () =>
		section(sheet, title, () => {
			sheet.paragraph('P', said.text, { size: 11, lineGap: 1.5 });
			sheet.paragraph('P', `Reason: ${said.reason}`, { size: 8.5, color: inks.muted });
		})
	);
}

export function indication(sheet: Sheet, { body }: VersionContent): void {
	const words = body.order?.indication;
	if (words) section(sheet, 'Indication', () => sheet.paragraph('P', words, bodyStyle));
}

/** The answer, larger than everything else. */
export function impression(sheet: Sheet, { body }: VersionContent): void {
	const lines = body.impression.length ? body.impression : ['No impression was written.'];
	const style = { size: 11, lineGap: 1.5 };
	const indent = sheet.widthOf(`${lines.length}. `, style) + 4;
	marked(sheet, inks.accent, () =>
		section(sheet, 'Impression', () =>
			sheet.group('L', () =>
				lines.forEach((line, index) => {
					const { left, width } = sheet;
					sheet.group('LI', () =>
						sheet.flow([
							{ type: 'Lbl', text: `${index + 1}.`, x: left, width: indent, style },
							{ type: 'LBody', text: line, x: left + indent, width: width - indent, style }
						])
					);
					sheet.y += 2;
				})
			)
		)
	);
}

/** Who was told of a critical result after the version before was signed. */
export function communications(sheet: Sheet, { body }: VersionContent): void {
	const all = body.communications ?? [];
	if (all.length === 0) return;
	const finding = criticalFinding(body.entries);
	marked(sheet, inks.severe, () =>
		section(sheet, 'Critical result', () => {
			if (finding) sheet.paragraph('P', finding, { ...bodyStyle, weight: 700 });
			for (const each of all) {
				sheet.paragraph('P', communicationText(each, body.practice.timeZone), bodyStyle);
			}
		})
	);
}

export function findings(sheet: Sheet, sections: PrintedSection[]): void {
	const told = sections.filter(({ statements }) => statements.length > 0);
	if (told.length === 0) return;
	section(sheet, 'Findings', () => {
		const indent = 118;
		for (const { title, statements } of told) {
			const text = statements.map((statement) => statement.text).join(' ');
			const { left, width } = sheet;
			sheet.group('Div', () =>
				sheet.flow([
					{
						type: 'H3',
						text: title,
						x: left,
						width: indent - 12,
						style: { ...bodyStyle, size: 9, weight: 700 }
					},
					{ type: 'P', text, x: left + indent, width: width - indent, style: bodyStyle }
				])
			);
			sheet.y += 3;
		}
	});
}

export function comments(sheet: Sheet, { body }: VersionContent): void {
	if (!body.comments) return;
	section(sheet, 'Comments', () => sheet.paragraph('P', body.comments, bodyStyle));
}

/** What was taken over from an earlier report, and whether somebody said that it holds. */
export function carried(sheet: Sheet, { body }: VersionContent): void {
	const lines = body.carried ?? [];
	if (lines.length === 0) return;
	section(sheet, 'Carried from an earlier report', () => {
		for (const { label, text, date, confirmed } of lines) {
			const said = label ? `${label}, ${text}` : text;
			const mark = confirmed ? 'confirmed by the reader' : 'not confirmed';
			sheet.paragraph('P', `${said} (${date}, ${mark})`, small);
		}
	});
}

export function grades(sheet: Sheet, sections: PrintedSection[]): void {
	const all = sections.flatMap((item) => item.grades);
	if (all.length === 0) return;
	section(sheet, 'Grading used', () => {
		for (const { title, text, citation, unconfirmed } of all) {
			const { left, width } = sheet;
			const style = { size: 8, lineGap: 0.5 };
			sheet.group('Div', () =>
				sheet.flow([
					{ type: 'P', text: title, x: left, width: width * 0.42 - 8, style },
					{
						type: 'P',
						text: unconfirmed ? `${text} (criterion unconfirmed)` : text,
						x: left + width * 0.42,
						width: width * 0.3 - 8,
						style: { ...style, weight: 700 }
					},
					{ type: 'P', text: citation, x: left + width * 0.72, width: width * 0.28, style: small }
				])
			);
		}
	});
}
