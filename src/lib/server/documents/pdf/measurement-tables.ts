import type { PrintedSection, PrintedValue } from '$lib/report/version.ts';
import { fitted } from './page-frame.ts';
import { section, small } from './section.ts';
import { inks, type Sheet, type TextStyle } from './sheet.ts';
import { flowTables, underHeadings, type Part, type Row } from './table-flow.ts';

/** Shares of a table's width. Value and unit stand close: a number is never read without it. */
const columns = [
	{ key: 'label', share: 0.28, align: 'left' },
	{ key: 'value', share: 0.11, align: 'right' },
	{ key: 'unit', share: 0.125, align: 'left' },
	{ key: 'flag', share: 0.15, align: 'left' },
	{ key: 'range', share: 0.145, align: 'right' },
	{ key: 'prior', share: 0.19, align: 'right' }
] as const;

const rowHeight = 12.5;
const betweenTables = 8;
const severityInk: Record<string, string> = {
	mild: inks.mild,
	moderate: inks.moderate,
	abnormal: inks.moderate,
	severe: inks.severe
};

/** Tables in two columns that are read like a newspaper: down the left one, then the right one. */
export function measurements(sheet: Sheet, sections: PrintedSection[]): void {
	const tables = sections
		.map(({ title, values }) => ({
			title,
			rows: underHeadings(values.filter(({ value }) => value !== ''))
		}))
		.filter(({ rows }) => rows.length > 0);
	if (tables.length === 0) return;
	const few = Math.min(12, tables.reduce((sum, { rows }) => sum + rows.length, 0) / 2 + 2);
	section(sheet, 'Measurements', () => draw(sheet, tables), 44 + few * rowHeight);
}

function draw(sheet: Sheet, tables: { title: string; rows: Row[] }[]): void {
	const dates = tables
		.flatMap(({ rows }) =>
			rows.filter(isValue).map(({ prior, priorDate }) => (prior ? priorDate : ''))
		)
		.filter(Boolean);
	const days = [...new Set(dates)].sort().reverse();
	const words = ['▲ above, ▼ below the normal range'];
	if (days.length) words.push(`prior of ${days.join(', ')} with the change since in brackets`);
	sheet.paragraph('P', `${words.join('; ')}.`, small);
	sheet.y += 3;

	const gap = 18;
	const width = (sheet.width - gap) / 2;
	let rest = tables.map(({ title, rows }): Part => ({ title, rows, continued: false }));
	while (rest.length > 0) {
		const top = sheet.y;
		const page = flowTables(rest, sheet.bottom - top, { row: rowHeight, gap: betweenTables });
		for (const { part, column, y } of page.placed) {
			drawTable(sheet, sheet.left + column * (width + gap), top + y, width, part);
		}
		rest = page.rest;
		sheet.y = top + page.height;
		if (rest.length > 0) sheet.newPage();
	}
}

function drawTable(sheet: Sheet, x: number, y: number, width: number, part: Part): void {
	const { rows } = part;
	let from = x;
	const places = columns.map((column) => {
		const place = { ...column, x: from + 3, width: column.share * width - 5 };
		from += column.share * width;
		return place;
	});
	sheet.artifact(() => {
		sheet.doc.rect(x, y, width, rowHeight).fill(inks.panel);
		sheet.doc.lineWidth(0.35);
		rows.forEach((_, index) => {
			const line = y + (index + 2) * rowHeight;
			sheet.doc
				.moveTo(x, line)
				.lineTo(x + width, line)
				.stroke(inks.faintLine);
		});
	});
	sheet.group('Table', () => {
		sheet.group('TR', () => headRow(sheet, places, y, width, part));
		rows.forEach((row, index) => {
			const top = y + (index + 1) * rowHeight;
			sheet.group('TR', () =>
				isValue(row)
					? valueRow(sheet, places, top, x + width, row)
					: rowHeading(sheet, x + 3, top, width - 6, row.heading)
			);
		});
	});
}

const isValue = (row: Row): row is PrintedValue => !('heading' in row);

function rowHeading(sheet: Sheet, x: number, y: number, width: number, text: string): void {
	const style: TextStyle = { size: 8, weight: 700, color: inks.muted };
	sheet.tag('TH', () => fitted(sheet, text, x, y + 0.6, width, style), { scope: 'Row' });
}

type Place = (typeof columns)[number] & { x: number; width: number };

/** The section's name takes the room of four columns: what stands in them needs no name. */
function headRow(sheet: Sheet, places: Place[], y: number, width: number, part: Part): void {
	const scope = { scope: 'Column' };
	const title = part.continued ? `${part.title} (cont.)` : part.title;
	const used = (key: 'range' | 'prior') => part.rows.some((row) => isValue(row) && row[key] !== '');
	const names: Record<string, string> = {
		range: used('range') ? 'Normal' : '',
		prior: used('prior') ? 'Prior' : ''
	};
	for (const place of places) {
		if (place.key === 'label') {
			const style: TextStyle = { size: 8.5, weight: 700 };
			const room = names.range || names.prior ? width * 0.65 : width - 6;
			sheet.tag('TH', () => fitted(sheet, title, place.x, y + 0.2, room, style), scope);
		} else {
			const style: TextStyle = { size: 7.5, align: place.align, color: inks.muted };
			const name = names[place.key] ?? '';
			sheet.tag('TH', () => fitted(sheet, name, place.x, y + 1.3, place.width, style), scope);
		}
	}
}

function valueRow(sheet: Sheet, places: Place[], y: number, end: number, row: PrintedValue): void {
	const cells: Record<Place['key'], string> = {
		label: row.unconfirmed ? `${row.label} *` : row.label,
		value: row.value,
		unit: row.unit,
		flag: shortFlag(row),
		range: row.range,
		prior: row.prior ? `${row.prior} (${row.change})` : ''
	};
	const abnormal = row.flag ? severityInk[row.severity] : undefined;
	// Words have no unit, range or prior, and may use their room; numbers keep their column.
	const worded = !/^[−<>≤≥]?\d/.test(row.value);
	for (const place of places) {
		if (worded && place.key !== 'label' && place.key !== 'value') continue;
		const speaks = place.key === 'value' || place.key === 'flag';
		const style: TextStyle = {
			size: 8,
			align: worded ? 'left' : place.align,
			color: speaks ? (abnormal ?? inks.ink) : place.key === 'label' ? inks.ink : inks.muted,
			weight: speaks && abnormal ? 700 : 400
		};
		const room = worded && place.key === 'value' ? end - place.x - 3 : place.width;
		sheet.tag(
			place.key === 'label' ? 'TH' : 'TD',
			() => fitted(sheet, cells[place.key], place.x, y + 0.6, room, style),
			place.key === 'label' ? { scope: 'Row' } : {}
		);
	}
}

function shortFlag(row: PrintedValue): string {
	if (!row.flag) return '';
	// Triangles: the arrows of the screen are in none of the embedded text faces.
	const arrow = row.side === 'low' ? '▼' : '▲';
	const word = { mild: 'mild', moderate: 'mod.', severe: 'severe', abnormal: 'abn.' }[row.severity];
	return `${arrow} ${word ?? row.severity}`;
}
