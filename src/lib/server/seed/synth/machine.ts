import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { height, width, type Picture } from './raster.ts';
import { dataset, part10, type Dataset } from './part10.ts';

/** Who was scanned, when, and what for. Times are local to the practice. */
export interface ScannedStudy {
	/** Names all UIDs of the study: the same key gives the same study. */
	key: string;
	patient: {
		name: string;
		id: string;
		issuer: string;
		/** YYYYMMDD. */
		birthDate: string;
		sex: 'F' | 'M';
		heightCm: number | null;
		weightKg: number | null;
	};
	/** YYYYMMDD and HHMMSS. */
	date: string;
	time: string;
	/** (0008,0201). */
	timezone: string;
	accession: string;
	description: string;
	bodyPart: string;
	sonographer: string;
	referrer: string;
	heartRate: number;
}

export const ultrasoundImage = '1.2.840.10008.5.1.4.1.1.6.1';
export const ultrasoundMultiFrame = '1.2.840.10008.5.1.4.1.1.3.1';

/** UUID-derived UID (PS3.5 B.2) of a name. */
export function uidOf(...parts: (string | number)[]): string {
	const digest = createHash('sha256')
		.update(`readroom demo/${parts.join('/')}`)
		.digest();
	digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
	digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
	return `2.25.${BigInt(`0x${digest.subarray(0, 16).toString('hex')}`).toString()}`;
}

/** One region of Sequence of Ultrasound Regions (PS3.3 C.8.5.5). */
export interface Region {
	box: [number, number, number, number];
	/** Spatial format, data type, units X, units Y: tables of C.8.5.5.1. */
	format: number;
	type: number;
	units: [number, number];
	delta: [number, number];
	/** Relative to the box. */
	reference: [number, number] | null;
	frequency?: number;
}

function regionItem(region: Region): Dataset {
	const [x0, y0, x1, y1] = region.box.map(Math.round);
	const set = dataset(
		[0x00186012, 'US', region.format],
		[0x00186014, 'US', region.type],
		[0x00186016, 'UL', 0],
		[0x00186018, 'UL', x0],
		[0x0018601a, 'UL', y0],
		[0x0018601c, 'UL', x1],
		[0x0018601e, 'UL', y1],
		[0x00186024, 'US', region.units[0]],
		[0x00186026, 'US', region.units[1]],
		[0x0018602c, 'FD', region.delta[0]],
		[0x0018602e, 'FD', region.delta[1]]
	);
	if (region.reference) {
		set.set(0x00186020, { vr: 'SL', value: Math.round(region.reference[0]) });
		set.set(0x00186022, { vr: 'SL', value: Math.round(region.reference[1]) });
		set.set(0x00186028, { vr: 'FD', value: 0 });
		set.set(0x0018602a, { vr: 'FD', value: 0 });
	}
	if (region.frequency) set.set(0x00186030, { vr: 'UL', value: region.frequency });
	return set;
}

/** Modules that every object of the study shares. */
export function commonDataset(
	study: ScannedStudy,
	object: { sopClass: string; series: number; number: number; modality: string; seriesText: string }
): Dataset {
	const { patient } = study;
	const uid = uidOf('instance', study.key, object.series, object.number);
	const set = dataset(
		[0x00080005, 'CS', 'ISO_IR 192'],
		[0x00080016, 'UI', object.sopClass],
		[0x00080018, 'UI', uid],
		[0x00080020, 'DA', study.date],
		[0x00080021, 'DA', study.date],
		[0x00080023, 'DA', study.date],
		[0x00080030, 'TM', study.time],
		[0x00080031, 'TM', study.time],
		[0x00080033, 'TM', study.time],
		[0x00080050, 'SH', study.accession],
		[0x00080060, 'CS', object.modality],
		[0x00080070, 'LO', 'Demo Ultrasound Works'],
		[0x00080080, 'LO', 'Harbour Heart Clinic'],
		[0x00080090, 'PN', study.referrer],
		[0x00080201, 'SH', study.timezone],
		[0x00081010, 'SH', 'ECHO-1'],
		[0x00081030, 'LO', study.description],
		[0x0008103e, 'LO', object.seriesText],
		[0x00081070, 'PN', study.sonographer],
		[0x00081090, 'LO', 'DemoEcho 2'],
		[0x00100010, 'PN', patient.name],
		[0x00100020, 'LO', patient.id],
		[0x00100021, 'LO', patient.issuer],
		[0x00100030, 'DA', patient.birthDate],
		[0x00100040, 'CS', patient.sex],
		[0x00181000, 'LO', 'D-0001'],
		[0x00181020, 'LO', '2.1'],
		[0x0020000d, 'UI', uidOf('study', study.key)],
		[0x0020000e, 'UI', uidOf('series', study.key, object.series)],
		[0x00200010, 'SH', study.accession.slice(-8)],
		[0x00200011, 'IS', object.series],
		[0x00200013, 'IS', object.number]
	);
	if (patient.heightCm !== null) {
		set.set(0x00101020, { vr: 'DS', value: (patient.heightCm / 100).toFixed(2) });
	}
	if (patient.weightKg !== null) {
		set.set(0x00101030, { vr: 'DS', value: patient.weightKg.toFixed(1) });
	}
	return set;
}

export interface ImageInput {
	number: number;
	pictures: Picture[];
	regions: Region[];
	view: string;
	viewCode: [value: string, scheme: string, meaning: string] | null;
	colour: boolean;
	/** Frames a second; null for a still. */
	framesPerSecond: number | null;
}

export interface MadeImage {
	sopClass: string;
	sopUid: string;
	frames: number;
	bytes: Uint8Array;
}

/** A still or a loop as JPEG baseline, with calibrated regions. */
export async function ultrasoundObject(study: ScannedStudy, input: ImageInput): Promise<MadeImage> {
	const loop = input.framesPerSecond !== null;
	const sopClass = loop ? ultrasoundMultiFrame : ultrasoundImage;
	const set = commonDataset(study, {
		sopClass,
		series: 1,
		number: input.number,
		modality: 'US',
		seriesText: study.bodyPart === 'HEART' ? 'TTE' : 'Duplex'
	});
	const add = (tag: number, vr: Parameters<typeof dataset>[0][1], value: unknown) =>
		set.set(tag, { vr, value });
	add(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'TTE', input.colour ? '0011' : '0001']);
	add(0x00082127, 'SH', input.view.slice(0, 16));
	add(0x00180015, 'CS', study.bodyPart);
	add(0x00186011, 'SQ', input.regions.map(regionItem));
	add(0x00200020, 'CS', '');
	add(0x00280002, 'US', 3);
	add(0x00280004, 'CS', 'YBR_FULL_422');
	add(0x00280006, 'US', 0);
	add(0x00280010, 'US', height);
	add(0x00280011, 'US', width);
	add(0x00280014, 'US', input.colour ? 1 : 0);
	add(0x00280100, 'US', 8);
	add(0x00280101, 'US', 8);
	add(0x00280102, 'US', 7);
	add(0x00280103, 'US', 0);
	add(0x00280301, 'CS', 'YES');
	add(0x00282110, 'CS', '01');
	add(0x00282112, 'DS', '12');
	add(0x00282114, 'CS', 'ISO_10918_1');
	if (input.viewCode) {
		const [value, scheme, meaning] = input.viewCode;
		add(0x00540220, 'SQ', [
			dataset([0x00080100, 'SH', value], [0x00080102, 'SH', scheme], [0x00080104, 'LO', meaning])
		]);
	}
	if (input.framesPerSecond !== null) {
		const fps = input.framesPerSecond;
		add(0x00180040, 'IS', fps);
		add(0x00181063, 'DS', (1000 / fps).toFixed(3));
		add(0x00181088, 'IS', study.heartRate);
		add(0x00082144, 'IS', fps);
		add(0x00280008, 'IS', input.pictures.length);
		add(0x00280009, 'AT', 0x00181063);
	}
	const frames = await Promise.all(input.pictures.map(jpeg));
	return {
		sopClass,
		sopUid: String(set.get(0x00080018)?.value),
		frames: input.pictures.length,
		bytes: part10(set, frames)
	};
}

function jpeg(picture: Picture): Promise<Buffer> {
	return sharp(picture.rgb, { raw: { width, height, channels: 3 } })
		.jpeg({ quality: 85, chromaSubsampling: '4:2:0' })
		.toBuffer();
}
