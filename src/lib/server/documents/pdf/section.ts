import { inks, type Sheet, type TextStyle } from './sheet.ts';

export const small: TextStyle = { size: 7.5, color: inks.muted };
export const body: TextStyle = { size: 9.5, lineGap: 1.4 };

/** White below a section. */
const afterSection = 11;

/** A heading with what stands under it; `room` points must be left, so that it never stands alone. */
export function section(sheet: Sheet, title: string, draw: () => void, room = 44): void {
	sheet.need(room);
	sheet.group('Sect', () => {
		sheet.paragraph('H2', title, { size: 11.5, weight: 700, color: inks.accent });
		sheet.y += 2;
		draw();
	});
	sheet.y += afterSection;
}

/** A bar in `ink` at the left edge of the section that `draw` puts on the sheet. */
export function marked(sheet: Sheet, ink: string, draw: () => void): void {
	const top = sheet.y;
	const page = sheet.doc.page;
	draw();
	// Across a page break there is no one bar: the text alone carries it.
	if (sheet.doc.page !== page) return;
	sheet.artifact(() => {
		sheet.doc.rect(sheet.left - 10, top + 2, 2.5, sheet.y - top - afterSection - 2).fill(ink);
	});
}
