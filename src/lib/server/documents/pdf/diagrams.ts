import type { PrintedDiagram, PrintedSection } from '$lib/report/version.ts';
import { vesselMaps } from '$lib/worksheet/vessel-maps/all.ts';
import { drawGrowth, growthSpoken, growthWords } from './diagram-growth.ts';
import { levelWords, drawVessels } from './diagram-vessels.ts';
import { drawPolarMap } from './diagram-polar-map.ts';
import { section } from './section.ts';
import { inks, type Sheet } from './sheet.ts';

/** Of the room that one picture takes, in points. */
const heights = { bullseye: 150, vessels: 210, growth: 180 } as const;
const caption = { size: 8, color: inks.muted };
const gap = 18;

/** The pictures of all sections, two in a row, as lines and areas. */
export function diagrams(sheet: Sheet, sections: readonly PrintedSection[]): void {
	const all = sections.flatMap((one) => one.diagrams ?? []);
	if (all.length === 0) return;
	const width = (sheet.width - gap) / 2;
	const rows = Array.from({ length: Math.ceil(all.length / 2) }, (_, index) =>
		all.slice(index * 2, index * 2 + 2)
	);
	const heightOf = (row: readonly PrintedDiagram[]) =>
		Math.max(...row.map(({ kind }) => heights[kind])) +
		Math.max(...row.map((one) => sheet.heightOf(wordsOf(one), width, caption))) +
		10;
	const draw = () => {
		for (const row of rows) {
			sheet.need(heightOf(row));
			const y = sheet.y;
			const height = Math.max(...row.map(({ kind }) => heights[kind]));
			row.forEach((one, column) => {
				const x = sheet.left + column * (width + gap);
				sheet.tag('Figure', () => drawOne(sheet, one, { x, y, width, height }), {
					alt: `${one.title}. ${spokenOf(one)}`
				});
				sheet.tag('Caption', () => sheet.text(wordsOf(one), x, y + height + 4, width, caption));
			});
			sheet.y = y + heightOf(row);
		}
	};
	section(sheet, 'Diagrams', draw, 24 + heightOf(rows[0] ?? []));
}

export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

function drawOne(sheet: Sheet, diagram: PrintedDiagram, box: Box): void {
	if (diagram.kind === 'bullseye') drawPolarMap(sheet, diagram, box);
	else if (diagram.kind === 'growth') drawGrowth(sheet, diagram, box);
	else {
		const map = vesselMaps.get(diagram.map);
		if (map) drawVessels(sheet, map, diagram, box);
	}
}

/** Below the picture: what it is, and what its marks mean. */
function wordsOf(diagram: PrintedDiagram): string {
	if (diagram.kind === 'vessels') {
		const used = new Set(diagram.vessels.flatMap(({ level }) => level ?? []));
		const words = Object.entries(levelWords).flatMap(([level, text]) =>
			used.has(level as keyof typeof levelWords) ? [text] : []
		);
		if (diagram.vessels.some(({ level }) => level === null)) words.push('outlined: not assessed');
		return `${diagram.title} (${words.join('; ')}).`;
	}
	if (diagram.kind === 'growth') return growthWords(diagram);
	const codes = new Map(
		diagram.cells.flatMap(({ value, text }) =>
			typeof value === 'string' && value !== 'not_seen' && text !== value ? [[value, text]] : []
		)
	);
	const legend = [...codes].sort(([a], [b]) => (a < b ? -1 : 1));
	const words = legend.map(([code, text]) => (text.startsWith(code) ? text : `${code} ${text}`));
	return words.length > 0 ? `${diagram.title}. ${words.join('; ')}.` : `${diagram.title}.`;
}

/** For those who cannot see it: every part that was judged. */
function spokenOf(diagram: PrintedDiagram): string {
	if (diagram.kind === 'growth') return growthSpoken(diagram);
	const parts =
		diagram.kind === 'vessels'
			? diagram.vessels.map(({ name, text }) => [name, text])
			: diagram.cells.map(({ label, text }) => [label, text]);
	const said = parts.filter(([, text]) => text !== '').map(([name, text]) => `${name}: ${text}`);
	return `${said.join('; ')}.`;
}
