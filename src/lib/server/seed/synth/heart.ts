import { depthCm, halfAngle, type Echo, type Sector } from './sector.ts';
import type { HeartValues } from './values.ts';

export type View = 'PLAX' | 'PSAX-AV' | 'PSAX-MV' | 'PSAX-PM' | 'A4C' | 'A2C' | 'A3C' | 'SUBC-IVC';

type Point = [number, number];

/** What was drawn, in image pixels: the points that a perfect user would place. */
export interface Drawn {
	septum?: [Point, Point];
	cavity?: [Point, Point];
	posteriorWall?: [Point, Point];
	atrium?: [Point, Point];
	ventricle?: Point[];
	rightVentricle?: Point[];
	rightBase?: [Point, Point];
	atriumOutline?: Point[];
	rightAtrium?: Point[];
	axis?: [Point, Point];
	cava?: [Point, Point];
}

/** 0 at end diastole, 1 at end systole; `phase` is the part of the cycle after the R wave. */
export function contraction(phase: number, endSystole = 0.36): number {
	const p = phase % 1;
	if (p < endSystole) return 0.5 - 0.5 * Math.cos((Math.PI * p) / endSystole);
	if (p < 0.6) return 0.5 + 0.5 * Math.cos((Math.PI * (p - endSystole)) / (0.6 - endSystole));
	return 0;
}

/** How far the mitral leaflets are open: early filling, then the atrial kick. */
export function mitralOpening(phase: number): number {
	const p = phase % 1;
	if (p > 0.44 && p < 0.66) return Math.sin((Math.PI * (p - 0.44)) / 0.22);
	if (p > 0.78 && p < 0.97) return 0.7 * Math.sin((Math.PI * (p - 0.78)) / 0.19);
	return 0;
}

const mix = (a: number, b: number, s: number) => a + (b - a) * s;
const apexDepth = 2.4;

/** Distance from an ellipse's centre in radii: below 1 is inside. */
const ellipse = (x: number, y: number, cx: number, cy: number, a: number, b: number) =>
	Math.hypot((x - cx) / a, (y - cy) / b);

interface Stroke {
	x0: number;
	y0: number;
	x1: number;
	y1: number;
	w: number;
	value: number;
}

function strokes(list: Stroke[], x: number, y: number, under: number): number {
	let value = under;
	for (const { x0, y0, x1, y1, w, value: bright } of list) {
		const dx = x1 - x0;
		const dy = y1 - y0;
		const t = Math.min(
			1,
			Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy + 1e-9))
		);
		const d = Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
		if (d < 3 * w) value = Math.max(value, bright * Math.exp(-((d / w) ** 2)));
	}
	return value;
}

const stroke = (
	x0: number,
	y0: number,
	x1: number,
	y1: number,
	w: number,
	value: number
): Stroke => ({ x0, y0, x1, y1, w, value });

export interface Scene {
	echo: Echo;
	drawn: Drawn;
	contraction: number;
	mitral: number;
}

/**
 * One moment of one view. `breath` (0..1) runs once per clip: the vena cava is widest in the first
 * frame and narrowest in the middle.
 */
export function scene(
	view: View,
	sector: Sector,
	phase: number,
	v: HeartValues,
	endSystole: number,
	breath: number
): Scene {
	const s = contraction(phase, endSystole);
	const m = mitralOpening(phase);
	const made =
		view === 'PLAX'
			? parasternalLong(sector, v, s, m)
			: view === 'SUBC-IVC'
				? venaCava(sector, v, breath)
				: view.startsWith('PSAX')
					? parasternalShort(view, v, s, m)
					: apical(view, sector, v, s, m);
	return { ...made, contraction: s, mitral: m };
}

/** The right ventricle leans towards the apex; a shear keeps its area. */
function lean(v: HeartValues, rvx: number, cx: number, base: number): number {
	let best = { room: -9, k: 0.2 };
	for (let k = 0.05; k < 0.45; k += 0.01) {
		let room = Infinity;
		for (let i = 0; i <= 40; i++) {
			const q = (Math.PI * i) / 40;
			const z = ((v.RVEDA * 4) / Math.PI / v.RVD1) * Math.sin(q);
			const x = rvx - (v.RVD1 / 2) * Math.cos(q) + k * z;
			const edge = (x + Math.tan(halfAngle) * (base - z)) * Math.cos(halfAngle);
			const lv = cx - (v.D4d / 2) * Math.sqrt(Math.max(0, 1 - (z / v.L4d) ** 2)) - x;
			room = Math.min(room, edge, lv);
		}
		if (room > best.room) best = { room, k };
	}
	return best.k;
}

function apical(view: View, sector: Sector, v: HeartValues, s: number, m: number) {
	const four = view === 'A4C';
	const length = mix(v.L4d, v.L4s, s);
	const diameter = view === 'A2C' ? mix(v.D2d, v.D2s, s) : mix(v.D4d, v.D4s, s);
	const base = apexDepth + v.L4d;
	const cx = four ? 1.2 : 0;
	const wall = mix(1.0, 1.35, s);
	const filling = 0.9 + 0.1 * s;
	const fullLength = 1.08 * Math.sqrt(v.LAA4);
	const full4 = (v.LAA4 * 4) / Math.PI / fullLength;
	const full2 = (v.LAV * 6) / Math.PI / full4 / fullLength;
	const laLength = fullLength * filling;
	const laWidth = (view === 'A2C' ? full2 : full4) * filling;
	const laY = base + 0.3 + laLength / 2;
	const rvWidth = v.RVD1 * (1 - 0.18 * s);
	const rvLength = (mix(v.RVEDA, v.RVESA, s) * 4) / Math.PI / rvWidth;
	const rvx = cx - v.D4d / 2 - 0.6 - v.RVD1 / 2;
	const shear = four ? lean(v, rvx, cx, base) : 0;
	const raLength = 1.1 * Math.sqrt(v.RAA) * filling;
	const raWidth = ((v.RAA * 4) / Math.PI / (1.1 * Math.sqrt(v.RAA))) * filling;
	const rax = cx - full4 / 2 - 0.5 - raWidth / filling / 2;
	const raY = base + 0.3 + raLength / 2;

	const leaflets: Stroke[] = [-1, 1].flatMap((side) => [
		// Closed leaflets lie just below the annulus plane, so that the cavity ends at it.
		stroke(
			cx + (side * diameter) / 2,
			base + 0.12,
			cx + side * 0.75 * m,
			base + 0.12 - 1.6 * m,
			0.11,
			0.85
		),
		...(four
			? [
					stroke(
						rvx + (side * rvWidth) / 2,
						base + 0.12,
						rvx + side * 0.7 * m,
						base + 0.12 - 1.2 * m,
						0.1,
						0.8
					)
				]
			: [])
	]);
	if (view === 'A3C') leaflets.push(stroke(cx + 2.6, base, cx + 4.2, base, 0.1, 0.85 * (1 - s)));

	const rv = (x: number, y: number, w: number) => {
		const z = base - y;
		return ((x - rvx - shear * z) / (rvWidth / 2 + w)) ** 2 + (z / (rvLength + w)) ** 2;
	};
	const echo: Echo = (x, y) => {
		let e = 0.2;
		const la = ellipse(x, y, cx, laY, laWidth / 2, laLength / 2);
		if (four) {
			if (y < base && rv(x, y, 0.35) < 1) e = 0.5;
			if (y > base + 0.2 && ellipse(x, y, rax, raY, raWidth / 2, raLength / 2) < 1.15) e = 0.5;
		}
		const outer =
			((x - cx) / (diameter / 2 + wall)) ** 2 + ((base - y) / (length + wall * 0.7)) ** 2;
		if (y < base && outer < 1) e = 0.52;
		if (y > base + 0.2 && la < 1.13) e = 0.5;
		if (four) {
			if (y < base && rv(x, y, 0) < 1) e = 0.035;
			if (ellipse(x, y, rax, raY, raWidth / 2, raLength / 2) < 1) e = 0.035;
		}
		if (y < base && ((x - cx) / (diameter / 2)) ** 2 + ((base - y) / length) ** 2 < 1) e = 0.035;
		if (la < 1) e = 0.035;
		if (view === 'A3C' && Math.abs(x - cx - 3.4) < 0.8 && y > base - 2.2 && y < base + 2.6)
			e = 0.04;
		return strokes(leaflets, x, y, e);
	};

	const px = (x: number, y: number) => sector.pixel(x, y);
	const half = (n: number, at: (q: number) => Point) =>
		Array.from({ length: n + 1 }, (_, i) => at((Math.PI * i) / n));
	const drawn: Drawn = {
		ventricle: half(60, (q) => px(cx - (diameter / 2) * Math.cos(q), base - length * Math.sin(q))),
		axis: [px(cx, base), px(cx, base - length)],
		atriumOutline: Array.from({ length: 72 }, (_, i) => {
			const q = (2 * Math.PI * i) / 72;
			return px(cx + (laWidth / 2) * Math.sin(q), laY - (laLength / 2) * Math.cos(q));
		})
	};
	if (four) {
		const h = 0.4;
		const w = (rvWidth / 2) * Math.sqrt(1 - (h / rvLength) ** 2);
		drawn.rightBase = [px(rvx + shear * h - w, base - h), px(rvx + shear * h + w, base - h)];
		drawn.rightVentricle = half(60, (q) =>
			px(
				rvx - (rvWidth / 2) * Math.cos(q) + shear * rvLength * Math.sin(q),
				base - rvLength * Math.sin(q)
			)
		);
		drawn.rightAtrium = Array.from({ length: 72 }, (_, i) => {
			const q = (2 * Math.PI * i) / 72;
			return px(rax + (raWidth / 2) * Math.sin(q), raY - (raLength / 2) * Math.cos(q));
		});
	}
	return { echo, drawn };
}

function parasternalLong(sector: Sector, v: HeartValues, s: number, m: number) {
	const d = mix(v.LVIDd, v.LVIDs, s);
	const septum = mix(v.IVSd, v.IVSd * 1.35, s);
	const posterior = mix(v.LVPWd, v.LVPWd * 1.45, s);
	const yc = 8;
	const a = 5.2;
	// The root is tilted: its width is measured at right angles.
	const tilt = Math.hypot(1, 0.12);
	const pericardium = yc + d / 2 + posterior;
	const laY = 5.484 + (tilt * v.AoR) / 2 + 0.45 + v.LAAP / 2;
	const laHalf = (v.LAAP / 2) * (0.93 + 0.07 * s);
	const lines = [
		stroke(2.4, 5.7, 3.6, 5.6 + 1.2 * s, 0.1, 0.85),
		stroke(2.4, 5.9, 3.6, 5.8 - 1.0 * s, 0.1, 0.85),
		stroke(2.6, 7.4, 1.0, 7.9 - 1.4 * m, 0.1, 0.85),
		stroke(2.8, 9.6, 1.3, 8.9 + 0.9 * m, 0.1, 0.8),
		stroke(-6, pericardium + 0.45, 1.2, pericardium + 0.45, 0.14, 0.95)
	];
	const echo: Echo = (x, y) => {
		let e = 0.2;
		if (ellipse(x, y, -1.6, yc - d / 2 - septum - 0.7, 3.9, 1.15) < 1) e = 0.04;
		if (y > pericardium - 1.2 && y < pericardium + 0.2 && Math.abs(x + 1.6) < 3) e = 0.05;
		const across = y < yc ? (yc - y) / (d / 2 + septum) : (y - yc) / (d / 2 + posterior);
		if (((x + 1.6) / (a + 0.9)) ** 2 + across ** 2 < 1) e = 0.52;
		if (((x + 1.6) / a) ** 2 + ((y - yc) / (d / 2)) ** 2 < 1) e = 0.035;
		const la = ellipse(x, y, 4.3, laY, 2.6, laHalf);
		if (la < 1.12) e = 0.5;
		if (la < 1) e = 0.035;
		const root = Math.abs(y - 6 + 0.12 * x) / tilt;
		if (x > 2.6 && root < v.AoR / 2 + 0.25) e = 0.75;
		if (x > 2.6 && root < v.AoR / 2) e = 0.035;
		return strokes(lines, x, y, e);
	};
	const px = (x: number, y: number) => sector.pixel(x, y);
	const drawn: Drawn = {
		septum: [px(-1.6, yc - d / 2 - septum), px(-1.6, yc - d / 2)],
		cavity: [px(-1.6, yc - d / 2), px(-1.6, yc + d / 2)],
		posteriorWall: [px(-1.6, yc + d / 2), px(-1.6, pericardium)],
		atrium: [px(4.3, laY - laHalf), px(4.3, laY + laHalf)]
	};
	return { echo, drawn };
}

function parasternalShort(view: View, v: HeartValues, s: number, m: number) {
	if (view === 'PSAX-AV') return shortAortic(v, s);
	const mitralLevel = view === 'PSAX-MV';
	const d = mix(v.LVIDd, v.LVIDs, s) * (mitralLevel ? 1.05 : 1);
	const wall = mix(v.LVPWd, v.LVPWd * 1.4, s);
	const echo: Echo = (x, y) => {
		let e = 0.2;
		if (ellipse(x, y, -2.6, 7, 3.4, 3) < 1.1) e = 0.48;
		if (ellipse(x, y, -2.6, 7, 3.1, 2.6) < 1) e = 0.04;
		const r = Math.hypot(x - 0.4, y - 8.2);
		if (r < d / 2 + wall) e = 0.54;
		if (r < d / 2) e = 0.035;
		if (mitralLevel) {
			const mv = ellipse(x, y, 0.4, 8.4, 1.9, 0.25 + 0.9 * m);
			if (mv < 1.18 && mv > 0.92) e = 0.9;
		} else {
			for (const side of [-1, 1.5]) {
				if (ellipse(x, y, 0.4 + ((side - 0.25) * d) / 5, 8.2 + d / 4.4, 0.55, 0.6) < 1) e = 0.6;
			}
		}
		return e;
	};
	return { echo, drawn: {} };
}

function shortAortic(v: HeartValues, s: number) {
	const radius = v.AoR / 2;
	const cusps =
		s < 0.25
			? [90, 210, 330].map((angle) => {
					const q = (angle * Math.PI) / 180;
					return stroke(0.3, 7.2, 0.3 + radius * Math.cos(q), 7.2 + radius * Math.sin(q), 0.1, 0.9);
				})
			: [];
	const echo: Echo = (x, y) => {
		let e = 0.2;
		if (ellipse(x, y, 0.3, 10.4, 3.4, 2) < 1) e = 0.035;
		if (ellipse(x, y, -3.2, 7.6, 2.2, 2.2) < 1) e = 0.04;
		if (ellipse(x, y, 0.5, 4.4, 4, 1.1) < 1) e = 0.04;
		const r = Math.hypot(x - 0.3, y - 7.2);
		if (r < radius + 0.35) e = 0.6;
		if (r < radius) e = 0.035;
		return strokes(cusps, x, y, e);
	};
	return { echo, drawn: {} };
}

function venaCava(sector: Sector, v: HeartValues, breath: number) {
	const d = v.IVC * (1 - (v.IVCc / 100) * (0.5 - 0.5 * Math.cos(2 * Math.PI * breath)));
	const tilt = Math.hypot(1, 0.1);
	const echo: Echo = (x, y) => {
		let e = 0.34;
		const off = Math.abs(y - 7.5 - 0.1 * x) / tilt;
		if (x < 2.6 && off < d / 2 + 0.18) e = 0.7;
		if (x < 2.4 && off < d / 2) e = 0.03;
		if (ellipse(x, y, 4.4, 8.6, 2.2, 2.1) < 1) e = 0.035;
		return e;
	};
	const o = d / 2 / tilt;
	const drawn: Drawn = { cava: [sector.pixel(0.1 * o, 7.5 - o), sector.pixel(-0.1 * o, 7.5 + o)] };
	return { echo, drawn };
}

export interface Flow {
	/** −1 … 1, positive towards the transducer. */
	velocity(x: number, y: number): number;
	/** Turbulence, 0 … 1. */
	variance(x: number, y: number): number;
	/** Colour box in cm: left, top, right, bottom. */
	box: [number, number, number, number];
}

/** Where blood moves, for colour Doppler of the four-chamber and the long-axis view. */
export function flowOf(view: View, v: HeartValues, s: number, m: number): Flow {
	if (view === 'A4C') {
		const base = apexDepth + v.L4d;
		const cx = 1.2;
		const leak = v.MRV > 0 ? 1 : 0;
		const jet = (x: number, y: number) =>
			y > base && y < base + 2.7
				? Math.exp(-(((x - cx - 0.12 * (y - base)) / Math.max(0.35 + 0.12 * (y - base), 0.1)) ** 2))
				: 0;
		return {
			box: [cx - 3, base - 6.2, cx + 2.8, Math.min(base + 3, depthCm - 1.6)],
			velocity: (x, y) => {
				let value = 0;
				if (m > 0.05 && y > base - 6 && y < base + 1.8) {
					value += 0.75 * m * Math.exp(-((x - cx) ** 2));
				}
				if (s > 0.25) {
					value -= 1.6 * s * leak * jet(x, y);
					if (y > base - 3 && y < base) value -= 0.6 * s * Math.exp(-(((x - cx + 0.9) / 0.7) ** 2));
				}
				return value;
			},
			variance: (x, y) => (s > 0.25 ? leak * s * jet(x, y) : 0)
		};
	}
	const fast = v.AVV > 200 ? 1 : 0.5;
	const outflow = (x: number, y: number) =>
		x > 2.2 && x < 6.8 ? Math.exp(-(((y - 5.5 + 0.1 * x) / 0.9) ** 2)) : 0;
	const leak = (x: number, y: number) =>
		v.MRV > 0 && x > 2.6 && x < 5.4 ? Math.exp(-(((y - 9.2 - 0.1 * (x - 2.6)) / 0.45) ** 2)) : 0;
	return {
		box: [-0.5, 4.4, 6.9, 12.2],
		velocity: (x, y) => {
			let value = 0;
			if (s > 0.2) value += 1.5 * fast * s * outflow(x, y) - 1.3 * s * leak(x, y);
			if (m > 0.05 && x > -0.4 && x < 2.8) value += 0.6 * m * Math.exp(-((y - 8.2) ** 2));
			return value;
		},
		variance: (x, y) => (s > 0.2 ? 0.9 * (fast - 0.5) * 2 * s * outflow(x, y) + s * leak(x, y) : 0)
	};
}
