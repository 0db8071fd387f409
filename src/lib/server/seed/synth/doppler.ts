import { seeded } from './raster.ts';
import type { HeartValues } from './values.ts';

/** Spectral panel in pixels: left, right, top, bottom. */
export const panel = { left: 48, right: 592, top: 200, bottom: 440 };

export type DopplerKind =
	'AV-CW' | 'LVOT-PW' | 'MV-PW' | 'TR-CW' | 'MR-CW' | 'TDI-S' | 'TDI-L' | 'RV-TDI' | 'PV-PW';

export interface Curve {
	/** Velocity in cm/s at a time (s) after the R wave; negative is away from the transducer. */
	at(t: number): number;
	/** Times (s) of what a reader measures. */
	on: number;
	peak: number;
	end: number;
	zero: number;
}

/** Mean of sin^p over a half wave. */
function meanOfPower(p: number): number {
	return gamma((p + 1) / 2) / Math.sqrt(Math.PI) / gamma(p / 2 + 1);
}

/** Lanczos; exact to far below a pixel here. */
function gamma(z: number): number {
	if (z < 0.5) return Math.PI / (Math.sin(Math.PI * z) * gamma(1 - z));
	const c = [
		0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
		-176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
		1.5056327351493116e-7
	];
	const x = z - 1;
	let sum = c[0] ?? 0;
	for (let i = 1; i < 9; i++) sum += (c[i] ?? 0) / (x + i);
	const t = x + 7.5;
	return Math.sqrt(2 * Math.PI) * t ** (x + 0.5) * Math.exp(-t) * sum;
}

function powerWithMean(mean: number): number {
	let [low, high] = [0.02, 6];
	for (let i = 0; i < 80; i++) {
		const middle = (low + high) / 2;
		if (meanOfPower(middle) > mean) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

const halfWave = (v: number, from: number, length: number, p: number) => (t: number) =>
	t > from && t < from + length ? v * Math.sin((Math.PI * (t - from)) / length) ** p : 0;

/** Rise, a flat top, then a straight fall that meets zero `fall` after the top's end. */
const earlyWave = (v: number, from: number, rise: number, fall: number) => (t: number) => {
	const top = from + rise;
	if (t > from && t <= top) return v * Math.min(1, (t - from) / (rise - 0.01)) ** 0.8;
	return t > top && t < top + fall ? v * (1 - (t - top) / fall) : 0;
};

/** A curve whose velocity-time integral, mean gradient and times are those of the values. */
export function dopplerCurve(kind: DopplerKind, v: HeartValues, heartRate: number): Curve {
	const cycle = 60 / heartRate;
	const wave = (t: number, centre: number, w: number) => {
		const off = Math.abs(((((t / cycle - centre + 0.5) % 1) + 1) % 1) - 0.5);
		return Math.exp(-((Math.max(off - 0.008, 0) / w) ** 2));
	};
	switch (kind) {
		case 'AV-CW':
		case 'LVOT-PW': {
			const p = powerWithMean(v.AVMG / (4 * (v.AVV / 100) ** 2)) / 2;
			const ejection = v.AVVTI / (v.AVV * meanOfPower(p));
			const on = 0.07 * cycle;
			const wanted =
				kind === 'AV-CW'
					? halfWave(v.AVV, on, ejection, p)
					: halfWave(v.LVOTV, on, ejection, powerWithMean(v.LVOTVTI / (v.LVOTV * ejection)));
			return {
				at: (t) => -wanted(t),
				on,
				peak: on + ejection / 2,
				end: on + ejection,
				zero: on + ejection
			};
		}
		case 'TR-CW': {
			const [on, length] = [0.03 * cycle, 0.42 * cycle];
			const f = halfWave(v.TRV, on, length, 0.9);
			return { at: (t) => -f(t), on, peak: on + length / 2, end: on + length, zero: on + length };
		}
		case 'MR-CW': {
			const [on, length] = [0.02 * cycle, Math.min(0.44, 0.56 * cycle)];
			const f = halfWave(v.MRV, on, length, powerWithMean(v.MRVTI / (v.MRV * length)));
			return { at: (t) => -f(t), on, peak: on + length / 2, end: on + length, zero: on + length };
		}
		case 'PV-PW': {
			const on = 0.07 * cycle;
			const rise = v.PAAT / 1000;
			const length = 0.4 * cycle;
			const angle = (70 * Math.PI) / 180;
			return {
				at: (t) => {
					if (t <= on || t >= on + length) return 0;
					const part = t <= on + rise ? (t - on) / rise : 1 - (t - on - rise) / (length - rise);
					return (-v.PVV / Math.sin(angle)) * Math.sin(angle * part);
				},
				on,
				peak: on + rise,
				end: on + length,
				zero: on + length
			};
		}
		case 'MV-PW': {
			const fall = v.DT / 1000;
			const atrial = cycle < 0.85 ? 0.14 : 0.16;
			const kick = cycle - 0.012 - atrial;
			const top = kick - 0.005 - fall;
			const e = earlyWave(v.E, top - 0.08, 0.08, fall);
			const a = halfWave(v.A, kick, atrial, 1);
			return {
				at: (t) => Math.max(e(t), a(t)),
				on: top - 0.08,
				peak: top,
				end: kick + atrial,
				zero: top + fall
			};
		}
		case 'TDI-S':
		case 'TDI-L': {
			const e = kind === 'TDI-S' ? v.es : v.el;
			return {
				at: (t) =>
					7.5 * wave(t, 0.15, 0.07) - e * wave(t, 0.5, 0.05) - 1.25 * e * wave(t, 0.86, 0.045),
				on: 0.42 * cycle,
				peak: 0.5 * cycle,
				end: 0.58 * cycle,
				zero: 0.58 * cycle
			};
		}
		case 'RV-TDI':
			return {
				at: (t) => v.RVS * wave(t, 0.15, 0.07) - 10 * wave(t, 0.5, 0.05) - 13 * wave(t, 0.86, 0.05),
				on: 0.05 * cycle,
				peak: 0.15 * cycle,
				end: 0.3 * cycle,
				zero: 0.3 * cycle
			};
	}
}

/** An artery: systolic peak, dicrotic wave, end-diastolic flow. */
export function arterialCurve(peak: number, endDiastolic: number, heartRate: number): Curve {
	const cycle = 60 / heartRate;
	const wave = (t: number, centre: number, w: number) => {
		const off = Math.abs(((((t / cycle - centre + 0.5) % 1) + 1) % 1) - 0.5);
		return Math.exp(-((Math.max(off - 0.008, 0) / w) ** 2));
	};
	return {
		at: (t) =>
			endDiastolic +
			(peak - endDiastolic) * Math.max(wave(t, 0.14, 0.05), 0.3 * wave(t, 0.36, 0.09)),
		on: 0.05 * cycle,
		peak: 0.14 * cycle,
		end: 0.5 * cycle,
		zero: 0.93 * cycle
	};
}

/**
 * Grey values of the panel, row by row; `velocities` is one value per column. The bright area ends
 * exactly at the velocity; continuous wave is filled, pulsed wave has a window.
 */
export function spectrum(
	key: string,
	velocities: Float64Array,
	low: number,
	high: number,
	continuous: boolean
): Uint8Array {
	const w = panel.right - panel.left;
	const h = panel.bottom - panel.top;
	const random = seeded(`spectrum ${key}`);
	const perRow = (high - low) / h;
	const grey = new Uint8Array(w * h);
	for (let row = 0; row < h; row++) {
		const velocity = high - (row + 0.5) * perRow;
		for (let column = 0; column < w; column++) {
			const noise = random();
			const trace = velocities[column] ?? 0;
			const limit = Math.abs(trace);
			const off = velocity * trace > 0 ? Math.abs(velocity) : -1;
			const inner = continuous ? 0 : Math.max(0.84 * limit - 0.03 * (high - low), 0);
			const cover = off < 0 ? 0 : Math.min(1, Math.max(0, (limit - off) / perRow + 0.5));
			const fill = (0.35 + 0.4 * noise) * Math.min(1, Math.max(0, (off - inner) / perRow + 0.5));
			const edge =
				0.55 * Math.exp(-(((off - limit) / (0.02 * (high - low))) ** 2)) * (0.4 + 0.6 * noise);
			const value = 0.05 * noise * (1 - cover) + cover * Math.max(fill + edge, 0.05 * noise);
			grey[row * w + column] = 240 * Math.min(1, Math.max(0, value));
		}
	}
	return grey;
}
