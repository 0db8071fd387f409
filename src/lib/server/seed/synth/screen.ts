import { apexX, apexY, depthCm, pixelsPerCm, type Sector } from './sector.ts';
import type { Flow } from './heart.ts';
import { height, Picture, width, type Colour } from './raster.ts';

/** Who and what stands burnt into the top of a picture, as machines do it. */
export interface Label {
	name: string;
	id: string;
	/** ISO date. */
	date: string;
	view: string;
}

const text: Colour = [228, 228, 228];
const marks: Colour = [200, 200, 200];

export const ecgLeft = 48;
export const ecgRight = 592;
const ecgBase = 460;

export function overlay(picture: Picture, label: Label): void {
	picture.fill(0, 0, width, 21, [28, 34, 44]);
	picture.text(`${label.name.replaceAll('^', ' ')}   ${label.id}`, 6, 2, 12, text);
	picture.text(`${label.date}   DEMO   MI 1.2`, 400, 2, 12, text);
	picture.text(label.view, 8, 26, 12, [140, 200, 255]);
}

export function depthTicks(picture: Picture, scale = pixelsPerCm): void {
	for (let cm = 0; cm <= depthCm; cm++) {
		const y = apexY + cm * scale;
		picture.line(608, y, cm % 5 === 0 ? 620 : 614, y, marks);
	}
}

/** Lead II in mV, R peaks at 0, T, 2 T …; every wave is a half sine with a sharp start and end. */
export function ecgMillivolts(seconds: number, heartRate: number): number {
	const cycle = 60 / heartRate;
	const qt = 0.417 * Math.sqrt(cycle);
	const qrs = 0.092;
	const pr = Math.min(0.168, cycle - qt - 0.02);
	const on = -0.4 * qrs;
	const shift = pr - on + 0.005;
	const t = ((((seconds + shift) % cycle) + cycle) % cycle) - shift;
	const lobe = (from: number, to: number, mv: number) =>
		t > from && t < to ? mv * Math.sin((Math.PI * (t - from)) / (to - from)) : 0;
	return (
		lobe(on - pr, on - pr + Math.min(0.6 * pr, 0.11), 0.15) +
		lobe(on, on + 0.16 * qrs, -0.08) +
		lobe(on + 0.16 * qrs, on + 0.64 * qrs, 1) +
		lobe(on + 0.64 * qrs, on + qrs, -0.22) +
		lobe(on + 0.58 * qt, on + qt, 0.3)
	);
}

export function ecgStrip(
	picture: Picture,
	until: number,
	heartRate: number,
	duration: number
): void {
	let before: [number, number] | null = null;
	for (let x = ecgLeft; x < ecgRight; x++) {
		const t = ((x + 0.5 - ecgLeft) / (ecgRight - ecgLeft)) * duration;
		if (t > until) return;
		const y = ecgBase - 18 * ecgMillivolts(t, heartRate);
		if (before) picture.line(before[0], before[1], x, y, [60, 220, 90]);
		before = [x, y];
	}
}

/** Red towards the transducer, blue away, green where the flow is turbulent; aliasing wraps. */
export function colourDoppler(
	picture: Picture,
	sector: Sector,
	grey: Uint8Array,
	flow: Flow
): void {
	const [left, top, right, bottom] = flow.box;
	for (const at of sector.inside) {
		const x = sector.x[at] ?? 0;
		const y = sector.y[at] ?? 0;
		if (x < left || x > right || y < top || y > bottom || (grey[at] ?? 0) > 120) continue;
		const velocity = flow.velocity(x, y);
		if (Math.abs(velocity) < 0.12) continue;
		const noise = sector.noiseAt(at);
		const shown = ((((velocity + (noise - 0.8) * 0.12 + 1) % 2) + 2) % 2) - 1;
		const strength = Math.min(1, Math.max(0.15, Math.abs(shown)));
		const turbulent = flow.variance(x, y) > 0.35 && noise > 0.9 ? 170 : 0;
		const bright = 110 + 145 * strength;
		const middle = Math.max(0, strength - 0.5);
		picture.rgb[at * 3] = shown > 0 ? bright : 0;
		picture.rgb[at * 3 + 1] = Math.min(255, (shown > 0 ? 190 : 150) * middle + turbulent);
		picture.rgb[at * 3 + 2] = shown > 0 ? 0 : bright;
	}
	const pixel = (cm: number, origin: number) => origin + cm * sector.pixelsPerCm;
	picture.frame(
		pixel(left, apexX),
		pixel(top, apexY),
		pixel(right, apexX),
		pixel(bottom, apexY),
		[220, 220, 220]
	);
}

export const colourBar = { left: 16, top: 64, right: 30, height: 96 };

export function drawColourBar(picture: Picture, limit: number): void {
	for (let j = 0; j < colourBar.height; j++) {
		const c = 1 - j / (colourBar.height / 2);
		const colour: Colour =
			c > 0
				? [110 + 145 * c, 120 * Math.max(0, c - 0.5), 0]
				: [0, 120 * Math.max(0, -c - 0.5), 110 - 145 * c];
		picture.fill(colourBar.left, colourBar.top + j, colourBar.right, colourBar.top + j + 1, colour);
	}
	picture.text(`+${limit}`, 12, colourBar.top - 18, 11, text);
	picture.text(`−${limit} cm/s`, 12, colourBar.top + colourBar.height + 1, 11, text);
}

/** A picture from grey values. */
export function greyPicture(grey: Uint8Array): Picture {
	const picture = new Picture();
	for (let at = 0; at < width * height; at++) {
		const value = grey[at] ?? 0;
		picture.rgb[at * 3] = value;
		picture.rgb[at * 3 + 1] = value;
		picture.rgb[at * 3 + 2] = value;
	}
	return picture;
}
