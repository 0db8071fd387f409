/**
 * Quantities and conversions: the subset of UCUM (https://ucum.org, case-sensitive) that
 * measurements are stored in, and the other spellings that machines send.
 */

/** Exponent per base dimension; a dimension that is absent has exponent 0. */
export type Dimensions = Readonly<Record<string, number>>;

export interface Unit {
	/** Value in this unit × factor = value in the base units (m, s, g, Pa, …). */
	factor: number;
	dimensions: Dimensions;
}

const none: Dimensions = {};
const length = { length: 1 };
const time = { time: 1 };
const mass = { mass: 1 };
const pressure = { mass: 1, length: -1, time: -2 };
const power = { mass: 1, length: 2, time: -3 };
const energy = { mass: 1, length: 2, time: -2 };
const voltage = { mass: 1, length: 2, time: -3, current: -1 };
/** Dose, equivalent dose and activity are told apart: one is never converted to another (Q3). */
const dose = { dose: 1 };

/** Pascal per mmHg (UCUM: 133.322 Pa), with the gram as base of mass. */
const mmHg = 133_322;

const atoms = new Map<string, Unit>(
	Object.entries<Unit>({
		m: { factor: 1, dimensions: length },
		cm: { factor: 1e-2, dimensions: length },
		mm: { factor: 1e-3, dimensions: length },
		um: { factor: 1e-6, dimensions: length },
		'[in_i]': { factor: 0.0254, dimensions: length },
		'[ft_i]': { factor: 0.3048, dimensions: length },
		l: { factor: 1e-3, dimensions: { length: 3 } },
		dl: { factor: 1e-4, dimensions: { length: 3 } },
		ml: { factor: 1e-6, dimensions: { length: 3 } },
		s: { factor: 1, dimensions: time },
		ms: { factor: 1e-3, dimensions: time },
		us: { factor: 1e-6, dimensions: time },
		min: { factor: 60, dimensions: time },
		h: { factor: 3600, dimensions: time },
		d: { factor: 86_400, dimensions: time },
		wk: { factor: 604_800, dimensions: time },
		mo: { factor: 2_629_800, dimensions: time },
		a: { factor: 31_557_600, dimensions: time },
		Hz: { factor: 1, dimensions: { time: -1 } },
		g: { factor: 1, dimensions: mass },
		kg: { factor: 1e3, dimensions: mass },
		mg: { factor: 1e-3, dimensions: mass },
		ug: { factor: 1e-6, dimensions: mass },
		ng: { factor: 1e-9, dimensions: mass },
		'[lb_av]': { factor: 453.592_37, dimensions: mass },
		'mm[Hg]': { factor: mmHg, dimensions: pressure },
		'cm[H2O]': { factor: 98_066.5, dimensions: pressure },
		kPa: { factor: 1e6, dimensions: pressure },
		Pa: { factor: 1e3, dimensions: pressure },
		W: { factor: 1e3, dimensions: power },
		J: { factor: 1e3, dimensions: energy },
		kJ: { factor: 1e6, dimensions: energy },
		V: { factor: 1e3, dimensions: voltage },
		mV: { factor: 1, dimensions: voltage },
		uV: { factor: 1e-3, dimensions: voltage },
		A: { factor: 1, dimensions: { current: 1 } },
		mA: { factor: 1e-3, dimensions: { current: 1 } },
		Ohm: { factor: 1e3, dimensions: { mass: 1, length: 2, time: -3, current: -2 } },
		Gy: { factor: 1, dimensions: dose },
		cGy: { factor: 1e-2, dimensions: dose },
		mGy: { factor: 1e-3, dimensions: dose },
		Sv: { factor: 1, dimensions: { equivalentDose: 1 } },
		mSv: { factor: 1e-3, dimensions: { equivalentDose: 1 } },
		MBq: { factor: 1e6, dimensions: { activity: 1 } },
		GBq: { factor: 1e9, dimensions: { activity: 1 } },
		mol: { factor: 1, dimensions: { amount: 1 } },
		mmol: { factor: 1e-3, dimensions: { amount: 1 } },
		umol: { factor: 1e-6, dimensions: { amount: 1 } },
		dyn: { factor: 1e-2, dimensions: { mass: 1, length: 1, time: -2 } },
		// Wood unit: mmHg per litre per minute.
		"[wood'U]": { factor: mmHg * 60_000, dimensions: { mass: 1, length: -4, time: -1 } },
		'%': { factor: 1e-2, dimensions: none },
		deg: { factor: Math.PI / 180, dimensions: none },
		rad: { factor: 1, dimensions: none },
		// Dioptre, and the Charrière of catheters: a third of a millimetre.
		'[diop]': { factor: 1, dimensions: { length: -1 } },
		'[Ch]': { factor: 1e-3 / 3, dimensions: length },
		dB: { factor: 1, dimensions: { decibel: 1 } },
		"[hnsf'U]": { factor: 1, dimensions: { hounsfield: 1 } },
		"[arb'U]": { factor: 1, dimensions: { arbitrary: 1 } }
	})
);
// UCUM allows both cases of the litre.
for (const small of ['l', 'dl', 'ml']) {
	const unit = atoms.get(small);
	if (unit) atoms.set(small.replace('l', 'L'), unit);
}

/** Annotations that count something and add no dimension. Others stand for themselves. */
const counting = new Set(['h.b.', 'hb', 'beat', 'beats', 'ratio', 'bpm', 'count', 'index', 'none']);

/** What machines write instead of UCUM, in lower case without blanks. */
const spellings = new Map(
	Object.entries({
		'': '1',
		'no units': '1',
		'no unit': '1',
		unitless: '1',
		ratio: '1',
		percent: '%',
		pct: '%',
		bpm: '/min',
		beats: '1',
		'beats/min': '/min',
		'1/min': '/min',
		mmhg: 'mm[Hg]',
		'mmhg/s': 'mm[Hg]/s',
		inch: '[in_i]',
		inches: '[in_i]',
		in: '[in_i]',
		lb: '[lb_av]',
		lbs: '[lb_av]',
		sec: 's',
		msec: 'ms',
		sqcm: 'cm2',
		sqm: 'm2',
		cc: 'ml',
		wu: "[wood'U]",
		degree: 'deg',
		degrees: 'deg',
		'°': 'deg',
		hz: 'Hz'
	})
);

const parsed = new Map<string, Unit | null>();

/**
 * The unit that a text names, or null when it names none we know. Exact UCUM first, then the
 * spellings of machines: "cm^2", "cm²", "mmHg", "bpm", "{ratio}", "percent", "CM/S".
 */
export function parseUnit(text: string): Unit | null {
	const known = parsed.get(text);
	if (known !== undefined) return known;
	const unit = text.length > 40 ? null : (parseTerm(text) ?? parseTerm(tidy(text)));
	if (parsed.size < 2000) parsed.set(text, unit);
	return unit;
}

/**
 * `value` in another unit; null when the units are unknown, of different dimension, or the value
 * is not finite. Rounded to 15 digits, so that 47 mm are 4.7 cm and not 4.699999999999999 cm.
 */
export function convert(value: number, from: string, to: string): number | null {
	if (!Number.isFinite(value)) return null;
	if (from === to) return value;
	const source = parseUnit(from);
	const target = parseUnit(to);
	if (!source || !target || !sameDimensions(source.dimensions, target.dimensions)) return null;
	const converted = (value * source.factor) / target.factor;
	return Number.isFinite(converted) ? Number(converted.toPrecision(15)) : null;
}

export function isComparable(a: string, b: string): boolean {
	const left = parseUnit(a);
	const right = parseUnit(b);
	return left !== null && right !== null && sameDimensions(left.dimensions, right.dimensions);
}

export function sameDimensions(a: Dimensions, b: Dimensions): boolean {
	const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
	return [...keys].every((key) => (a[key] ?? 0) === (b[key] ?? 0));
}

/** Dimensions of `a` × `b` to the power of `sign`. */
export function multiplyDimensions(a: Dimensions, b: Dimensions, sign: number): Dimensions {
	const product: Record<string, number> = { ...a };
	for (const [key, exponent] of Object.entries(b)) {
		const sum = (product[key] ?? 0) + sign * exponent;
		if (sum === 0) delete product[key];
		else product[key] = sum;
	}
	return product;
}

/** UCUM term: components joined by `.` and `/`, each an atom with an optional exponent. */
function parseTerm(text: string): Unit | null {
	if (text === '') return null;
	let factor = 1;
	let dimensions: Dimensions = none;
	let sign = 1;
	for (const part of text.split(/([./])(?![^[{]*[\]}])/)) {
		if (part === '') continue;
		if (part === '/' || part === '.') {
			sign = part === '/' ? -1 : 1;
			continue;
		}
		const component = parseComponent(part);
		if (!component) return null;
		factor *= component.factor ** sign;
		dimensions = multiplyDimensions(dimensions, component.dimensions, sign);
	}
	return { factor, dimensions };
}

function parseComponent(text: string): Unit | null {
	if (text === '1') return { factor: 1, dimensions: none };
	const annotation = /^(.*?)\{([^{}]*)\}$/.exec(text);
	if (annotation) return parseAnnotated(annotation[1] ?? '', annotation[2] ?? '');
	const atom = atoms.get(text);
	if (atom) return atom;
	const power = /^(.+?)(-?[1-9])$/.exec(text);
	const base = power?.[1] ? atoms.get(power[1]) : undefined;
	if (!base || !power?.[2]) return null;
	return raise(base, Number(power[2]));
}

/** `{H.B.}` counts; `g{per_m2.7}` is not a gram, and `{pixels}` is nothing but itself. */
function parseAnnotated(base: string, note: string): Unit | null {
	const unit = base === '' ? { factor: 1, dimensions: none } : parseComponent(base);
	if (!unit || counting.has(note.toLowerCase())) return unit;
	return {
		factor: unit.factor,
		dimensions: multiplyDimensions(unit.dimensions, { [`{${note}}`]: 1 }, 1)
	};
}

function raise(unit: Unit, exponent: number): Unit {
	const entries = Object.entries(unit.dimensions).map(([key, n]) => [key, n * exponent] as const);
	return { factor: unit.factor ** exponent, dimensions: Object.fromEntries(entries) };
}

function tidy(text: string): string {
	const plain = text
		.trim()
		.replace(/²/g, '2')
		.replace(/³/g, '3')
		.replace(/\*\*|\^/g, '');
	const lower = plain.toLowerCase();
	const spelling = spellings.get(lower);
	if (spelling !== undefined) return spelling;
	const spelled = lower
		.split(/([./])/)
		.map((part) => spellings.get(part) ?? part)
		.join('');
	return spelled.replace(/^1\//, '/').replace(/mm\[hg\]/g, 'mm[Hg]');
}
