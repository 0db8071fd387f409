import type { PrintedDiagram } from '$lib/report/version.ts';
import { segmentsOf } from '$lib/worksheet/bullseye.ts';
import type { Box } from './diagrams.ts';
import { inks, type Sheet } from './sheet.ts';

type PolarMap = Extract<PrintedDiagram, { kind: 'bullseye' }>;

/** Light enough for black letters; in a copy without colour still a row from light to dark. */
const shades = ['#dcefe2', '#f6ebc2', '#efd08f', '#e3a06a', '#c96a60'];
const empty = '#f3f5f8';
/** Side of the square in which the segments are described. */
const square = 200;

export function drawPolarMap(sheet: Sheet, diagram: PolarMap, box: Box): void {
	const { doc } = sheet;
	const scale = box.height / square;
	const left = box.x + (box.width - box.height) / 2;
	const segments = segmentsOf(diagram.segments);
	segments.forEach((segment, index) => {
		const value = diagram.cells[index]?.value ?? null;
		doc.save();
		doc.translate(left, box.y).scale(scale);
		doc.lineWidth(1.2).path(segment.path).fillAndStroke(shadeOf(diagram, value), inks.muted);
		doc.restore();
	});
	const size = 7;
	segments.forEach(({ x, y }, index) => {
		const cell = diagram.cells[index];
		if (!cell || cell.value === null) return;
		const text = typeof cell.value === 'number' ? cell.text : markOf(cell.value);
		const at = [left + x * scale - 15, box.y + y * scale - size * 0.68] as const;
		sheet.text(text, ...at, 30, { size, align: 'center', lineGap: 0 });
	});
}

const markOf = (code: string) => (code === 'not_seen' ? '–' : code.slice(0, 5));

function shadeOf({ scale }: PolarMap, value: number | string | null): string {
	if (value === null || value === 'not_seen') return empty;
	if (scale === 'strain') {
		const depth = Math.min(1, Math.max(0, -Number(value) / 25));
		const part = (from: number, to: number) => Math.round(from + (to - from) * depth);
		return `#${[part(238, 120), part(244, 170), part(250, 214)]
			.map((one) => one.toString(16).padStart(2, '0'))
			.join('')}`;
	}
	const score = Number(value);
	// Wall motion counts from 1 (normal), the others from 0.
	const step = scale === 'wall_motion' ? (score === 1 ? 0 : score) : score;
	return shades[step] ?? empty;
}
