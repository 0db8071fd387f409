import {
	colourBar,
	colourDoppler,
	depthTicks,
	drawColourBar,
	ecgLeft,
	ecgRight,
	ecgStrip,
	greyPicture,
	overlay,
	type Label
} from './screen.ts';
import { dopplerCurve, panel, spectrum, type Curve, type DopplerKind } from './doppler.ts';
import { echoReport, type Evidence } from './echo-sr.ts';
import { flowOf, scene, type Drawn, type View } from './heart.ts';
import { ultrasoundObject, type MadeImage, type Region, type ScannedStudy } from './machine.ts';
import { Picture, width, type Colour } from './raster.ts';
import { apexX, apexY, depthCm, halfAngle, pixelsPerCm, Sector, soften } from './sector.ts';
import type { HeartValues } from './values.ts';

const viewCodes: Record<View, [string, string, string]> = {
	PLAX: ['399139001', 'SCT', 'Parasternal long axis'],
	'PSAX-AV': ['399239005', 'SCT', 'Parasternal short axis at the aortic valve level'],
	'PSAX-MV': ['399036006', 'SCT', 'Parasternal short axis at the Mitral Valve level'],
	'PSAX-PM': ['399271003', 'SCT', 'Parasternal short axis at the Papillary Muscle level'],
	A4C: ['399214001', 'SCT', 'Apical four chamber'],
	A2C: ['399232001', 'SCT', 'Apical two chamber'],
	A3C: ['399339008', 'SCT', 'Apical long axis'],
	'SUBC-IVC': ['399310008', 'SCT', 'Subcostal long axis']
};

export interface EchoPlan {
	loops: { view: View; colour: boolean }[];
	/** Spectral Doppler; `sweep` as a loop that fills from the left. */
	doppler: { kind: DopplerKind; low: number; high: number; sweep: boolean }[];
	framesPerLoop: number;
	framesPerSecond: number;
	dialect: 'cm' | 'mm';
}

/** Twelve moving loops, the way a complete adult study has them. */
export const completePlan: EchoPlan = {
	loops: [
		{ view: 'PLAX', colour: false },
		{ view: 'PLAX', colour: true },
		{ view: 'PSAX-AV', colour: false },
		{ view: 'PSAX-MV', colour: false },
		{ view: 'PSAX-PM', colour: false },
		{ view: 'A4C', colour: false },
		{ view: 'A4C', colour: true },
		{ view: 'A2C', colour: false },
		{ view: 'A3C', colour: false },
		{ view: 'SUBC-IVC', colour: false }
	],
	doppler: [
		{ kind: 'AV-CW', low: -480, high: 96, sweep: true },
		{ kind: 'MV-PW', low: -40, high: 120, sweep: true },
		{ kind: 'LVOT-PW', low: -160, high: 80, sweep: false },
		{ kind: 'TR-CW', low: -400, high: 80, sweep: false },
		{ kind: 'TDI-S', low: -20, high: 20, sweep: false },
		{ kind: 'TDI-L', low: -20, high: 20, sweep: false },
		{ kind: 'PV-PW', low: -160, high: 80, sweep: false }
	],
	framesPerLoop: 30,
	framesPerSecond: 30,
	dialect: 'cm'
};

/** What a busy list needs: moving, readable, made in a moment. */
export const shortPlan: EchoPlan = {
	loops: [
		{ view: 'PLAX', colour: false },
		{ view: 'A4C', colour: false },
		{ view: 'A2C', colour: false }
	],
	doppler: [
		{ kind: 'AV-CW', low: -240, high: 80, sweep: false },
		{ kind: 'MV-PW', low: -40, high: 120, sweep: false }
	],
	framesPerLoop: 20,
	framesPerSecond: 25,
	dialect: 'mm'
};

const text = (view: string, colour: boolean) => (colour ? `${view} colour` : view);

function sectorRegion(
	sector: Sector,
	type: number,
	box?: [number, number, number, number]
): Region {
	const k = sector.pixelsPerCm;
	const reach = depthCm * Math.sin(halfAngle);
	const [left, top, right, bottom] = box ?? [-reach, 0, reach, depthCm];
	const x0 = Math.max(0, apexX + left * k);
	const y0 = Math.max(0, apexY + top * k);
	return {
		box: [x0, y0, Math.min(639, apexX + right * k), Math.min(479, apexY + bottom * k)],
		format: 1,
		type,
		units: [3, 3],
		delta: [1 / k, 1 / k],
		reference: [apexX - Math.round(x0), apexY - Math.round(y0)],
		frequency: 2500
	};
}

const ecgRegion = (duration: number): Region => ({
	box: [ecgLeft, 440, ecgRight, 478],
	format: 4,
	type: 10,
	units: [4, 0],
	delta: [duration / (ecgRight - ecgLeft), 1],
	reference: null
});

interface Loop {
	pictures: Picture[];
	regions: Region[];
	drawn: Drawn[];
	/** Frame (from 1) drawn as end systole. */
	endSystole: number;
}

function loop(
	study: ScannedStudy,
	plan: EchoPlan,
	item: EchoPlan['loops'][number],
	values: HeartValues,
	label: Label
): Loop {
	const { framesPerLoop: n, framesPerSecond: fps } = plan;
	const cycle = 60 / study.heartRate;
	const sector = new Sector(`${study.key} ${item.view} ${item.colour}`);
	const endSystole = Math.min(n, Math.round(0.36 * cycle * fps) + 1);
	const systolicPhase = (endSystole - 1) / fps / cycle;
	const pictures: Picture[] = [];
	const drawn: Drawn[] = [];
	let box: [number, number, number, number] | undefined;
	for (let index = 0; index < n; index++) {
		const seconds = index / fps;
		const made = scene(item.view, sector, seconds / cycle, values, systolicPhase, index / n);
		const grey = sector.render(made.echo, Math.round(6 * made.contraction));
		const picture = greyPicture(grey);
		if (item.colour) {
			const flow = flowOf(item.view, values, made.contraction, made.mitral);
			box = flow.box;
			colourDoppler(picture, sector, grey, flow);
		}
		soften(picture.rgb);
		overlay(picture, label);
		depthTicks(picture);
		ecgStrip(picture, seconds, study.heartRate, n / fps);
		if (item.colour) drawColourBar(picture, 62);
		pictures.push(picture);
		drawn.push(made.drawn);
	}
	const regions = [
		sectorRegion(sector, 1),
		...(box ? [sectorRegion(sector, 2, box), barRegion(62)] : []),
		ecgRegion(n / fps)
	];
	return { pictures, regions, drawn, endSystole };
}

const barRegion = (limit: number): Region => ({
	box: [colourBar.left, colourBar.top, colourBar.right, colourBar.top + colourBar.height - 1],
	format: 5,
	type: 14,
	units: [0, 7],
	delta: [1, -limit / (colourBar.height / 2)],
	reference: [0, colourBar.height / 2]
});

export interface SpectralScreen {
	picture: Picture;
	regions: Region[];
	/** Image pixels of a time (s after the R wave of the measured beat) and a velocity (cm/s). */
	pixel(seconds: number, velocity: number): [number, number];
}

/** A spectral screen: a small 2D picture above, the panel with its scale below. */
export function spectralScreen(input: {
	key: string;
	curve: Curve;
	low: number;
	high: number;
	continuous: boolean;
	heartRate: number;
	label: Label;
	small: Picture;
}): SpectralScreen {
	const { curve, low, high, heartRate } = input;
	const duration = 3.4;
	const beat = 60 / heartRate;
	const w = panel.right - panel.left;
	const h = panel.bottom - panel.top;
	const velocities = Float64Array.from({ length: w }, (_, column) =>
		curve.at((((column + 0.5) / w) * duration) % beat)
	);
	const grey = spectrum(input.key, velocities, low, high, input.continuous);
	const picture = new Picture();
	pasteSmall(picture, input.small);
	for (let row = 0; row < h; row++) {
		for (let column = 0; column < w; column++) {
			const value = grey[row * w + column] ?? 0;
			picture.set(panel.left + column, panel.top + row, [value, value, value]);
		}
	}
	const rowOf = (velocity: number) => panel.top + ((high - velocity) / (high - low)) * h;
	const scale: Colour = [200, 200, 200];
	picture.line(panel.left, rowOf(0), panel.right, rowOf(0), [120, 120, 60]);
	const step = 10 ** Math.floor(Math.log10((high - low) / 3));
	for (let v = Math.ceil(low / step) * step; v <= high; v += step) {
		picture.line(panel.right, rowOf(v), panel.right + 5, rowOf(v), scale);
	}
	picture.text(`${high}`, panel.right + 8, panel.top, 10, scale);
	picture.text(`${low}`, panel.right + 8, panel.bottom - 14, 10, scale);
	picture.text('cm/s', panel.right + 8, rowOf(0) - 14, 10, scale);
	overlay(picture, input.label);
	ecgStrip(picture, duration, heartRate, duration);
	return {
		picture,
		regions: [
			smallRegion,
			{
				box: [panel.left, panel.top, panel.right - 1, panel.bottom - 1],
				format: 3,
				type: input.continuous ? 4 : 3,
				units: [4, 7],
				delta: [duration / w, -(high - low) / h],
				reference: [0, Math.round(rowOf(0)) - panel.top],
				frequency: 1900
			},
			ecgRegion(duration)
		],
		pixel: (seconds, velocity) => [panel.left + ((seconds + beat) / duration) * w, rowOf(velocity)]
	};
}

const small = { left: 221, top: 26, scale: 0.36 };
const smallRegion: Region = {
	box: [small.left, small.top, 418, 198],
	format: 1,
	type: 1,
	units: [3, 3],
	delta: [1 / (pixelsPerCm * small.scale), 1 / (pixelsPerCm * small.scale)],
	reference: [(apexX - 47) * small.scale, 1]
};

function pasteSmall(picture: Picture, source: Picture): void {
	for (let y = 0; y < 172; y++) {
		for (let x = 0; x < 197; x++) {
			const from = (Math.floor(y / small.scale) * width + Math.floor(x / small.scale) + 47) * 3;
			picture.set(small.left + x, small.top + y, [
				source.rgb[from] ?? 0,
				source.rgb[from + 1] ?? 0,
				source.rgb[from + 2] ?? 0
			]);
		}
	}
}

/** The same screen while it is swept: what is right of the cursor is not written yet. */
function sweep(screen: Picture, frames: number): Picture[] {
	return Array.from({ length: frames }, (_, index) => {
		const picture = screen.copy();
		const w = panel.right - panel.left;
		const cut = panel.left + Math.floor((w * (index + 1)) / frames);
		picture.fill(cut, panel.top, panel.right, panel.bottom, [0, 0, 0]);
		picture.fill(Math.max(panel.left, cut - 2), panel.top, cut, panel.bottom, [0, 160, 0]);
		return picture;
	});
}

/** All objects of one echo study: loops, spectral screens and the machine's SR. */
export async function echoStudy(
	study: ScannedStudy,
	values: HeartValues,
	plan: EchoPlan
): Promise<Uint8Array[]> {
	const date = `${study.date.slice(0, 4)}-${study.date.slice(4, 6)}-${study.date.slice(6)}`;
	const label = (view: string): Label => ({
		name: study.patient.name,
		id: study.patient.id,
		date,
		view
	});
	const images: MadeImage[] = [];
	const evidence: Partial<Record<string, Evidence>> = {};
	let firstPicture = new Picture();

	for (const item of plan.loops) {
		const made = loop(study, plan, item, values, label(text(item.view, item.colour)));
		const image = await ultrasoundObject(study, {
			number: images.length + 1,
			pictures: made.pictures,
			regions: made.regions,
			view: text(item.view, item.colour),
			viewCode: viewCodes[item.view],
			colour: item.colour,
			framesPerSecond: plan.framesPerSecond
		});
		images.push(image);
		if (item.view === 'A4C' && !item.colour) firstPicture = made.pictures[0] ?? firstPicture;
		if (!item.colour) addEvidence(evidence, image, made);
	}
	for (const { kind, low, high, sweep: swept } of plan.doppler) {
		const curve = dopplerCurve(kind, values, study.heartRate);
		const screen = spectralScreen({
			key: `${study.key} ${kind}`,
			curve,
			low,
			high,
			continuous: kind.endsWith('CW'),
			heartRate: study.heartRate,
			label: label(kind.replace('-', ' ')),
			small: firstPicture
		});
		const image = await ultrasoundObject(study, {
			number: images.length + 1,
			pictures: swept ? sweep(screen.picture, plan.framesPerLoop) : [screen.picture],
			regions: screen.regions,
			view: kind.replace('-', ' '),
			viewCode: null,
			colour: false,
			framesPerSecond: swept ? plan.framesPerSecond : null
		});
		images.push(image);
		const frame = swept ? plan.framesPerLoop : null;
		addDopplerEvidence(evidence, kind, values, image, frame, curve, screen);
	}
	const report = echoReport(study, values, { images, evidence, dialect: plan.dialect });
	return [...images.map((image) => image.bytes), report];
}

function addEvidence(
	evidence: Partial<Record<string, Evidence>>,
	image: MadeImage,
	{ drawn, endSystole }: Loop
): void {
	const diastole = drawn[0] ?? {};
	const systole = drawn[endSystole - 1] ?? {};
	const add = (key: string, frame: number, points: [number, number][] | undefined) => {
		if (points) evidence[key] = { image, frame, points };
	};
	add('IVSd', 1, diastole.septum);
	add('LVIDd', 1, diastole.cavity);
	add('LVPWd', 1, diastole.posteriorWall);
	add('LVIDs', endSystole, systole.cavity);
	add('LAAP', endSystole, systole.atrium);
	add('RVD1', 1, diastole.rightBase);
	add('RVEDA', 1, diastole.rightVentricle);
	add('RVESA', endSystole, systole.rightVentricle);
	add('IVC', 1, diastole.cava);
	if (diastole.rightVentricle) {
		add('LAA4', endSystole, systole.atriumOutline);
		add('RAA', endSystole, systole.rightAtrium);
		add('EDV4', 1, diastole.ventricle);
		add('ESV4', endSystole, systole.ventricle);
	} else if (diastole.ventricle && !evidence['EDV2']) {
		add('EDV2', 1, diastole.ventricle);
		add('ESV2', endSystole, systole.ventricle);
	}
}

function addDopplerEvidence(
	evidence: Partial<Record<string, Evidence>>,
	kind: DopplerKind,
	v: HeartValues,
	image: MadeImage,
	frame: number | null,
	curve: Curve,
	screen: SpectralScreen
): void {
	const peak: Partial<Record<DopplerKind, [key: string, velocity: number]>> = {
		'AV-CW': ['AVV', -v.AVV],
		'LVOT-PW': ['LVOTV', -v.LVOTV],
		'MV-PW': ['E', v.E],
		'TR-CW': ['TRV', -v.TRV],
		'TDI-S': ['es', -v.es],
		'TDI-L': ['el', -v.el],
		'PV-PW': ['PVV', -v.PVV]
	};
	const found = peak[kind];
	if (found) {
		const [key, velocity] = found;
		evidence[key] = { image, frame, points: [screen.pixel(curve.peak, velocity)] };
	}
	if (kind === 'MV-PW') {
		evidence['DT'] = {
			image,
			frame,
			points: [screen.pixel(curve.peak, v.E), screen.pixel(curve.zero, 0)]
		};
	}
	const integral = { 'AV-CW': 'AVVTI', 'LVOT-PW': 'LVOTVTI' }[kind as string];
	if (integral) {
		const points = Array.from({ length: 41 }, (_, index): [number, number] => {
			const t = curve.on + ((curve.end - curve.on) * index) / 40;
			return screen.pixel(t, curve.at(t));
		});
		evidence[integral] = { image, frame, points };
	}
}
