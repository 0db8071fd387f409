import type { PrintedDiagram } from '$lib/report/version.ts';
import type { Level } from '$lib/worksheet/diagram-answers.ts';
import { outlinesOf, shapesOf, trunkOf, type VesselMap } from '$lib/worksheet/vessel-map.ts';
import { cross, patterns } from '$lib/worksheet/vessel-pattern.ts';
import type { Box } from './diagrams.ts';
import { inks, type Sheet } from './sheet.ts';

const colours: Record<Level, string> = {
	normal: '#6fae88',
	mild: '#c79a1c',
	moderate: '#cf6f24',
	severe: '#a3121c',
	occluded: '#14181f'
};
export const levelWords: Record<Level, string> = {
	normal: 'plain: normal',
	mild: 'few stripes: mild',
	moderate: 'stripes: moderate',
	severe: 'close stripes: severe',
	occluded: 'hollow with a cross: occluded'
};

export function drawVessels(
	sheet: Sheet,
	map: VesselMap,
	diagram: Extract<PrintedDiagram, { kind: 'vessels' }>,
	box: Box
): void {
	const { doc } = sheet;
	const scale = Math.min(box.height / map.height, box.width / map.width);
	const left = box.x + (box.width - map.width * scale) / 2;
	const answers = new Map(diagram.vessels.map((one) => [one.key, one]));
	const line = (path: string, width: number, ink: string) =>
		doc.lineWidth(width).path(path).stroke(ink);

	doc.save();
	doc.translate(left, box.y).scale(scale);
	for (const path of outlinesOf(map)) line(path, 0.8, inks.line);
	const trunk = trunkOf(map);
	if (trunk) line(trunk.path, trunk.width, inks.line);
	for (const { key, path, width, middle } of shapesOf(map)) {
		const answer = answers.get(key);
		const level = answer?.level ?? null;
		const pattern = level ? patterns[level] : null;
		line(path, width + 2, '#ffffff');
		line(path, width, level ? colours[level] : answer ? inks.muted : inks.line);
		if (!answer) continue;
		if (pattern?.stripes) {
			const [stripe, space] = pattern.stripes;
			doc.dash(stripe, { space });
			line(path, width + 1, '#ffffff');
			doc.undash();
		} else if (!pattern || pattern.hollow) line(path, width - 1.8, '#ffffff');
		if (pattern?.hollow) {
			const [x, y] = middle;
			doc.lineWidth(2).lineCap('round');
			doc.moveTo(x - cross, y - cross).lineTo(x + cross, y + cross);
			doc
				.moveTo(x + cross, y - cross)
				.lineTo(x - cross, y + cross)
				.stroke(inks.severe);
			doc.lineCap('butt');
		}
	}
	doc.restore();

	const size = 6;
	for (const { key, label } of shapesOf(map)) {
		if (!label || !answers.has(key)) continue;
		const room = 40;
		const shift = { start: 0, middle: room / 2, end: room }[label.align];
		const align = { start: 'left', middle: 'center', end: 'right' } as const;
		const x = left + label.at[0] * scale - shift;
		const y = box.y + label.at[1] * scale - size * 0.68;
		sheet.text(label.text, x, y, room, { size, align: align[label.align], color: inks.muted });
	}
	const foot = { size, color: inks.muted } as const;
	const y = box.y + map.height * scale - 8;
	sheet.text('Right', left, y, 40, foot);
	sheet.text('Left', left + map.width * scale - 40, y, 40, { ...foot, align: 'right' });
}
