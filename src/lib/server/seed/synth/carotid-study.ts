import { arterialCurve } from './doppler.ts';
import { coded, container, numeric, srObject } from './echo-sr.ts';
import { spectralScreen } from './echo-study.ts';
import { ultrasoundObject, type MadeImage, type Region, type ScannedStudy } from './machine.ts';
import { Picture, seeded } from './raster.ts';
import { overlay } from './screen.ts';
import { soften } from './sector.ts';

type Code = [string, string, string];
type Side = 'R' | 'L';

/** Peak systolic and end-diastolic velocity, cm/s, by side, artery and segment. */
const velocities: [
	side: Side,
	artery: string,
	segment: string | null,
	peak: number,
	end: number
][] = [
	['R', 'CCA', 'Proximal', 92, 18],
	['R', 'CCA', 'Distal', 84, 20],
	['R', 'ICA', 'Proximal', 246, 88],
	['R', 'ICA', 'Distal', 96, 30],
	['R', 'ECA', null, 110, 16],
	['R', 'VA', null, 48, 14],
	['L', 'CCA', 'Proximal', 96, 21],
	['L', 'CCA', 'Distal', 88, 22],
	['L', 'ICA', 'Proximal', 104, 32],
	['L', 'ICA', 'Distal', 82, 28],
	['L', 'ECA', null, 98, 15],
	['L', 'VA', null, 44, 12]
];

const arteries: Record<string, Code> = {
	CCA: ['32062004', 'SCT', 'Common Carotid Artery'],
	ICA: ['86117002', 'SCT', 'Internal Carotid Artery'],
	ECA: ['22286001', 'SCT', 'External Carotid Artery'],
	VA: ['85234005', 'SCT', 'Vertebral Artery']
};
const segments: Record<string, Code> = {
	Proximal: ['40415009', 'SCT', 'Proximal'],
	Distal: ['46053002', 'SCT', 'Distal']
};
const sides: Record<Side, Code> = {
	R: ['24028007', 'SCT', 'Right'],
	L: ['7771000', 'SCT', 'Left']
};

/** A carotid duplex: a spectral still per vessel, a colour loop per side, a TID 5100 report. */
export async function carotidStudy(study: ScannedStudy): Promise<Uint8Array[]> {
	const date = `${study.date.slice(0, 4)}-${study.date.slice(4, 6)}-${study.date.slice(6)}`;
	const label = (view: string) => ({
		name: study.patient.name,
		id: study.patient.id,
		date,
		view
	});
	const images: MadeImage[] = [];
	const bulb = { R: bulbLoop(study, 'R'), L: bulbLoop(study, 'L') };
	for (const [side, artery, segment, peak, end] of velocities) {
		const view = `${side === 'R' ? 'RT' : 'LT'} ${artery} ${(segment ?? '').toUpperCase()}`.trim();
		const [low, high] = peak < 115 ? [-30, 120] : [-60, 300];
		const screen = spectralScreen({
			key: `${study.key} ${view}`,
			curve: arterialCurve(peak, end, study.heartRate),
			low,
			high,
			continuous: false,
			heartRate: study.heartRate,
			label: label(view),
			small: bulb[side][0] ?? new Picture()
		});
		images.push(
			await ultrasoundObject(study, {
				number: images.length + 1,
				pictures: [screen.picture],
				regions: screen.regions,
				view,
				viewCode: null,
				colour: false,
				framesPerSecond: null
			})
		);
	}
	for (const side of ['R', 'L'] as const) {
		const view = `${side === 'R' ? 'RT' : 'LT'} BULB`;
		for (const picture of bulb[side]) overlay(picture, label(view));
		images.push(
			await ultrasoundObject(study, {
				number: images.length + 1,
				pictures: bulb[side],
				regions: [linearRegion],
				view,
				viewCode: null,
				colour: true,
				framesPerSecond: 20
			})
		);
	}
	const report = srObject(study, {
		title: ['125100', 'DCM', 'Vascular Ultrasound Procedure Report'],
		template: '5100',
		children: [
			container(
				['121118', 'DCM', 'Patient Characteristics'],
				[numeric(['8867-4', 'LN', 'Heart rate'], study.heartRate, 'bpm')]
			),
			...(['R', 'L'] as const).map(sideFindings)
		],
		images,
		number: 1
	});
	return [...images.map((image) => image.bytes), report];
}

function sideFindings(side: Side) {
	const mine = velocities.filter(([which]) => which === side);
	const peakOf = (artery: string, segment: string) =>
		mine.find(([, a, s]) => a === artery && s === segment)?.[3] ?? 0;
	return container(
		['121070', 'DCM', 'Findings'],
		[
			coded(
				'HAS CONCEPT MOD',
				['363698007', 'SCT', 'Finding Site'],
				['69105007', 'SCT', 'Carotid Artery']
			),
			coded('HAS CONCEPT MOD', ['272741003', 'SCT', 'Laterality'], sides[side]),
			...mine.map(([, artery, segment, peak, end]) =>
				container(arteries[artery] ?? ['', '', ''], [
					...(segment
						? [
								coded(
									'HAS CONCEPT MOD',
									['106233006', 'SCT', 'Topographical modifier'],
									segments[segment] ?? ['', '', '']
								)
							]
						: []),
					numeric(['11726-7', 'LN', 'Peak Systolic Velocity'], peak, 'cm/s'),
					numeric(['11653-3', 'LN', 'End Diastolic Velocity'], end, 'cm/s'),
					numeric(['12023-8', 'LN', 'Resistivity Index'], (peak - end) / peak, '1')
				])
			),
			numeric(
				['33868-1', 'LN', 'ICA/CCA velocity ratio'],
				peakOf('ICA', 'Proximal') / peakOf('CCA', 'Distal'),
				'1'
			)
		]
	);
}

const linear = { left: 128, top: 64, perCm: 96, columns: 384, rows: 336 };
const linearRegion: Region = {
	box: [linear.left, linear.top, linear.left + linear.columns - 1, linear.top + linear.rows - 1],
	format: 1,
	type: 1,
	units: [3, 3],
	delta: [1 / linear.perCm, 1 / linear.perCm],
	reference: [0, 0],
	frequency: 9000
};

/** The carotid bulb in colour; the right one has a plaque with a fast jet over it. */
function bulbLoop(study: ScannedStudy, side: Side): Picture[] {
	const random = seeded(`${study.key} bulb ${side}`);
	const noise = Float32Array.from(
		{ length: linear.rows * linear.columns },
		() => 0.7 * Math.sqrt(-2 * Math.log(1 - random()))
	);
	const plaque = side === 'R' ? 1 : 0;
	return Array.from({ length: 20 }, (_, index) => {
		const systole = Math.max(0, Math.sin((2 * Math.PI * index) / 18));
		const picture = new Picture();
		for (let row = 0; row < linear.rows; row++) {
			for (let column = 0; column < linear.columns; column++) {
				const x = (column + 0.5) / linear.perCm;
				const y = (row + 0.5) / linear.perCm;
				const wall = 1.75 + 0.05 * x;
				const radius = 0.32 + 0.015 * systole;
				const bump = 0.19 * Math.exp(-(((x - 2.2) / 0.45) ** 2)) * plaque;
				const lumen = y - wall < radius - bump && wall - y < radius - bump * 0.2;
				let echo = 0.33;
				if (Math.abs(Math.abs(y - wall) - radius) < 0.05) echo = 0.9;
				if (lumen) echo = 0.03;
				const n = noise[row * linear.columns + column] ?? 0;
				const grey = 230 * Math.min(1, echo * (0.35 + 0.6 * n)) ** 0.6;
				const at: [number, number] = [linear.left + column, linear.top + row];
				if (!lumen || x < 0.8 || x > 3.4) {
					picture.set(...at, [grey, grey, grey]);
					continue;
				}
				const speed =
					(0.35 + 0.65 * systole) * (1 + 1.2 * Math.exp(-(((x - 2.3) / 0.5) ** 2)) * plaque);
				const shown = ((speed + 1) % 2) - 1;
				const strength = 90 + 160 * Math.abs(shown);
				picture.set(...at, [
					shown > 0 ? strength : 0,
					60 * Math.abs(shown),
					shown > 0 ? 0 : strength
				]);
			}
		}
		soften(picture.rgb);
		return picture;
	});
}
