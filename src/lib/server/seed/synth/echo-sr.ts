import type { HeartValues } from './values.ts';
import { bodySurface, derived } from './values.ts';
import { commonDataset, uidOf, type MadeImage, type ScannedStudy } from './machine.ts';
import { dataset, part10, type Dataset } from './part10.ts';

/**
 * The machine's structured report (TID 5200, PS3.16), written as an echo machine of the field would.
 * Its code table stands here and is shared with nothing: the reader must find its own way.
 */
type Code = [value: string, scheme: string, meaning: string];

/** Where a value was measured: the image and the points, (column, row). */
export interface Evidence {
	image: MadeImage;
	/** From 1; null for a still. */
	frame: number | null;
	points: [number, number][];
}

const units: Record<string, Code> = {
	cm: ['cm', 'UCUM', 'centimeter'],
	mm: ['mm', 'UCUM', 'millimeter'],
	m: ['m', 'UCUM', 'meter'],
	kg: ['kg', 'UCUM', 'kilogram'],
	m2: ['m2', 'UCUM', 'square meter'],
	cm2: ['cm2', 'UCUM', 'square centimeter'],
	'cm/s': ['cm/s', 'UCUM', 'centimeter per second'],
	'm/s': ['m/s', 'UCUM', 'meter per second'],
	ms: ['ms', 'UCUM', 'millisecond'],
	ml: ['ml', 'UCUM', 'milliliter'],
	g: ['g', 'UCUM', 'gram'],
	'%': ['%', 'UCUM', 'percent'],
	'mm[Hg]': ['mm[Hg]', 'UCUM', 'millimeter of mercury'],
	'1': ['1', 'UCUM', 'no units'],
	bpm: ['{H.B.}/min', 'UCUM', 'heart beats per minute']
};

const site: Record<string, Code> = {
	LV: ['87878005', 'SCT', 'Left Ventricle'],
	LA: ['82471001', 'SCT', 'Left Atrium'],
	RA: ['73829009', 'SCT', 'Right Atrium'],
	RV: ['53085002', 'SCT', 'Right Ventricle'],
	AV: ['34202007', 'SCT', 'Aortic Valve'],
	MV: ['91134007', 'SCT', 'Mitral Valve'],
	TV: ['46030003', 'SCT', 'Tricuspid Valve'],
	PV: ['39057004', 'SCT', 'Pulmonic Valve'],
	AO: ['15825003', 'SCT', 'Aorta'],
	IVC: ['48345005', 'SCT', 'Vena Cava']
};
const mode: Record<string, Code> = {
	'2D': ['399064001', 'SCT', '2D mode'],
	MM: ['399155008', 'SCT', 'M mode'],
	PW: ['261199008', 'SCT', 'Doppler Pulsed'],
	CW: ['261198000', 'SCT', 'Doppler Continuous Wave'],
	CF: ['261197005', 'SCT', 'Doppler Color Flow'],
	TDI: ['439858009', 'SCT', 'Tissue Doppler Imaging']
};

const findingSite: Code = ['363698007', 'SCT', 'Finding Site'];
const imageMode: Code = ['399264008', 'SCT', 'Image Mode'];
const method: Code = ['370129005', 'SCT', 'Measurement Method'];
const direction: Code = ['260674002', 'SCT', 'Direction of Flow'];
const antegrade: Code = ['263677008', 'SCT', 'Antegrade Flow'];
const regurgitant: Code = ['397417004', 'SCT', 'Regurgitant Flow'];
const imageView: Code = ['111031', 'DCM', 'Image View'];
const cyclePoint: Code = ['272518008', 'SCT', 'Cardiac Cycle Point'];
const fourChamber: Code = ['399214001', 'SCT', 'Apical four chamber'];
const twoChamber: Code = ['399232001', 'SCT', 'Apical two chamber'];
const biplane: Code = ['125207', 'DCM', 'Method of Disks, Biplane'];
const singlePlane: Code = ['125208', 'DCM', 'Method of Disks, Single Plane'];
const teichholz: Code = ['125209', 'DCM', 'Teichholz'];
const cube: Code = ['125221', 'DCM', 'Left Ventricle Mass by M-mode'];
const bernoulli: Code = ['125218', 'DCM', 'Simplified Bernoulli'];
const continuity: Code = ['125215', 'DCM', 'Continuity Equation by Velocity Time Integral'];
const convergence: Code = ['125216', 'DCM', 'Proximal Isovelocity Surface Area'];
const volumeFlow: Code = ['125219', 'DCM', 'Doppler Volume Flow'];
const outflowTract: Code = ['13418002', 'SCT', 'Left Ventricle Outflow Tract'];
const medialAnnulus: Code = ['399093001', 'SCT', 'Medial Mitral Annulus'];
const lateralAnnulus: Code = ['399086000', 'SCT', 'Lateral Mitral Annulus'];
const tricuspidAnnulus: Code = ['113259005', 'SCT', 'Tricuspid Annulus'];
const peakSystolic: Code = ['255236000', 'SCT', 'Peak Systolic'];

type Row = [
	site: string,
	mode: string,
	concept: Code,
	key: string,
	unit: string,
	how: Code | null,
	modifiers: [Code, Code][]
];

const ln = (value: string, meaning: string): Code => [value, 'LN', meaning];
const sct = (value: string, meaning: string): Code => [value, 'SCT', meaning];

// prettier-ignore
const rows: Row[] = [
	['LV', '2D', ln('29436-3', 'Left Ventricle Internal End Diastolic Dimension'), 'LVIDd', 'cm', null, []],
	['LV', '2D', ln('29438-9', 'Left Ventricle Internal Systolic Dimension'), 'LVIDs', 'cm', null, []],
	['LV', '2D', ln('18154-5', 'Interventricular Septum Diastolic Thickness'), 'IVSd', 'cm', null, []],
	['LV', '2D', ln('18152-9', 'Left Ventricle Posterior Wall Diastolic Thickness'), 'LVPWd', 'cm', null, []],
	['LV', '2D', ln('18051-3', 'Left Ventricular Fractional Shortening'), 'FS', '%', null, []],
	['LV', '2D', ln('18087-7', 'Left Ventricle Mass'), 'MASS', 'g', cube, []],
	['LV', '2D', ln('18026-5', 'Left Ventricular End Diastolic Volume'), 'EDV', 'ml', biplane, []],
	['LV', '2D', ln('18148-7', 'Left Ventricular End Systolic Volume'), 'ESV', 'ml', biplane, []],
	['LV', '2D', ln('18043-0', 'Left Ventricular Ejection Fraction'), 'EF', '%', biplane, []],
	['LV', '2D', ln('18026-5', 'Left Ventricular End Diastolic Volume'), 'EDV4', 'ml', singlePlane, [[imageView, fourChamber]]],
	['LV', '2D', ln('18148-7', 'Left Ventricular End Systolic Volume'), 'ESV4', 'ml', singlePlane, [[imageView, fourChamber]]],
	['LV', '2D', ln('18043-0', 'Left Ventricular Ejection Fraction'), 'EF4', '%', singlePlane, [[imageView, fourChamber]]],
	['LV', '2D', ln('18026-5', 'Left Ventricular End Diastolic Volume'), 'EDV2', 'ml', singlePlane, [[imageView, twoChamber]]],
	['LV', '2D', ln('18148-7', 'Left Ventricular End Systolic Volume'), 'ESV2', 'ml', singlePlane, [[imageView, twoChamber]]],
	['LV', '2D', ln('18043-0', 'Left Ventricular Ejection Fraction'), 'EF2', '%', singlePlane, [[imageView, twoChamber]]],
	['LV', '2D', ln('18043-0', 'Left Ventricular Ejection Fraction'), 'EFT', '%', teichholz, []],
	['LV', 'TDI', sct('399133000', 'Left Ventricular Peak Early Diastolic Tissue Velocity'), 'es', 'cm/s', null, [[findingSite, medialAnnulus]]],
	['LV', 'TDI', sct('399133000', 'Left Ventricular Peak Early Diastolic Tissue Velocity'), 'el', 'cm/s', null, [[findingSite, lateralAnnulus]]],
	['LV', 'TDI', sct('399140004', 'Ratio of MV Peak Velocity to LV Peak Tissue Velocity E-Wave'), 'Ees', '1', null, [[findingSite, medialAnnulus]]],
	['LV', 'TDI', sct('399140004', 'Ratio of MV Peak Velocity to LV Peak Tissue Velocity E-Wave'), 'Eel', '1', null, [[findingSite, lateralAnnulus]]],
	['LV', 'PW', ln('18071-1', 'Left Ventricular Isovolumic Relaxation Time'), 'IVRT', 'ms', null, []],
	['LV', '2D', sct('399027007', 'Cardiovascular Orifice Diameter'), 'LVOTD', 'cm', null, [[findingSite, outflowTract]]],
	['LV', 'PW', ln('11726-7', 'Peak Velocity'), 'LVOTV', 'cm/s', null, [[findingSite, outflowTract], [direction, antegrade]]],
	['LV', 'PW', ln('20354-7', 'Velocity Time Integral'), 'LVOTVTI', 'cm', null, [[findingSite, outflowTract], [direction, antegrade]]],
	['LV', 'PW', sct('90096001', 'Stroke Volume'), 'SV', 'ml', volumeFlow, [[findingSite, outflowTract]]],
	['LA', '2D', ln('29469-4', 'Left Atrium Antero-posterior Systolic Dimension'), 'LAAP', 'cm', null, []],
	['LA', '2D', ln('17977-0', 'Left Atrium Area A4C view'), 'LAA4', 'cm2', null, []],
	['LA', '2D', sct('399235004', 'Left Atrium Systolic Volume'), 'LAV', 'ml', biplane, []],
	['RA', '2D', ln('17988-7', 'Right Atrium Area A4C view'), 'RAA', 'cm2', null, []],
	['RA', '2D', ln('18070-3', 'Right Atrium Systolic Pressure'), 'RAP', 'mm[Hg]', null, []],
	['RV', '2D', ln('20304-2', 'Right Ventricular Internal Diastolic Dimension'), 'RVD1', 'cm', null, [[imageView, fourChamber]]],
	['RV', 'MM', ln('77903-3', 'Tricuspid Annular Plane Systolic Excursion'), 'TAPSE', 'cm', null, []],
	['RV', 'TDI', ['125330', 'DCM', 'Peak Tissue Velocity'], 'RVS', 'cm/s', null, [[findingSite, tricuspidAnnulus], [cyclePoint, peakSystolic]]],
	['RV', 'CW', sct('399023006', 'Right Ventricular Peak Systolic Pressure'), 'RVSP', 'mm[Hg]', null, []],
	['RV', '2D', ln('79936-1', 'Right ventricular fractional area change'), 'FAC', '%', null, []],
	['RV', '2D', ln('80081-3', 'Right ventricular end diastolic area 4C'), 'RVEDA', 'cm2', null, []],
	['RV', '2D', ln('80082-1', 'Right ventricular end systolic area 4C'), 'RVESA', 'cm2', null, []],
	['AV', 'CW', ln('11726-7', 'Peak Velocity'), 'AVV', 'cm/s', null, [[direction, antegrade]]],
	['AV', 'CW', ln('20247-3', 'Peak Gradient'), 'AVPG', 'mm[Hg]', bernoulli, [[direction, antegrade]]],
	['AV', 'CW', ln('20256-4', 'Mean Gradient'), 'AVMG', 'mm[Hg]', bernoulli, [[direction, antegrade]]],
	['AV', 'CW', ln('20354-7', 'Velocity Time Integral'), 'AVVTI', 'cm', null, [[direction, antegrade]]],
	['AV', 'CW', sct('399367004', 'Cardiovascular Orifice Area'), 'AVA', 'cm2', continuity, []],
	['MV', 'PW', ln('18037-2', 'Mitral Valve E-Wave Peak Velocity'), 'E', 'cm/s', null, []],
	['MV', 'PW', ln('17978-8', 'Mitral Valve A-Wave Peak Velocity'), 'A', 'cm/s', null, []],
	['MV', 'PW', ln('18038-0', 'Mitral Valve E to A Ratio'), 'EA', '1', null, []],
	['MV', 'PW', sct('399354002', 'Mitral Valve E-Wave Deceleration Time'), 'DT', 'ms', null, []],
	['MV', 'CF', ln('59102-4', 'Flow Radius'), 'PISAr', 'cm', convergence, [[direction, regurgitant]]],
	['MV', 'CF', ln('59130-5', 'Alias velocity'), 'Alias', 'cm/s', convergence, [[direction, regurgitant]]],
	['MV', 'CF', sct('399367004', 'Cardiovascular Orifice Area'), 'EROA', 'cm2', convergence, [[direction, regurgitant]]],
	['MV', 'CW', ln('11726-7', 'Peak Velocity'), 'MRV', 'cm/s', null, [[direction, regurgitant]]],
	['MV', 'CW', ln('20354-7', 'Velocity Time Integral'), 'MRVTI', 'cm', null, [[direction, regurgitant]]],
	['MV', 'CF', ln('33878-0', 'Volume Flow'), 'RVOL', 'ml', convergence, [[direction, regurgitant]]],
	['TV', 'CW', ln('11726-7', 'Peak Velocity'), 'TRV', 'cm/s', null, [[direction, regurgitant]]],
	['TV', 'CW', ln('20247-3', 'Peak Gradient'), 'TRPG', 'mm[Hg]', bernoulli, [[direction, regurgitant]]],
	['PV', 'PW', ln('11726-7', 'Peak Velocity'), 'PVV', 'cm/s', null, [[direction, antegrade]]],
	['PV', 'PW', ln('20168-1', 'Acceleration Time'), 'PAAT', 'ms', null, []],
	['AO', '2D', ln('18015-8', 'Aortic Root Diameter'), 'AoR', 'cm', null, []],
	['AO', '2D', ln('18012-5', 'Ascending Aortic Diameter'), 'AscAo', 'cm', null, []],
	['IVC', '2D', ln('18006-7', 'Inferior Vena Cava Diameter'), 'IVC', 'cm', null, []],
	['IVC', '2D', ln('18050-5', 'Inferior Vena Cava % Collapse'), 'IVCc', '%', null, []]
];

/** Keys that a machine leaves out when there is no mitral regurgitation. */
const ofRegurgitation = new Set(['PISAr', 'Alias', 'EROA', 'MRV', 'MRVTI', 'RVOL']);

export const codeItem = ([value, scheme, meaning]: Code): Dataset =>
	dataset(
		[0x00080100, 'SH', value],
		[0x00080102, 'SH', scheme],
		[0x00080104, 'LO', meaning.slice(0, 64)]
	);

type Element = Parameters<typeof dataset>[number];

export function contentItem(
	relationship: string,
	valueType: string,
	concept: Code | null,
	value: Element[],
	children: Dataset[] = []
): Dataset {
	return dataset(
		[0x0040a010, 'CS', relationship],
		[0x0040a040, 'CS', valueType],
		...(concept ? [[0x0040a043, 'SQ', [codeItem(concept)]] as Element] : []),
		...value,
		...(children.length ? [[0x0040a730, 'SQ', children] as Element] : [])
	);
}

export const coded = (relationship: string, concept: Code, value: Code, children: Dataset[] = []) =>
	contentItem(relationship, 'CODE', concept, [[0x0040a168, 'SQ', [codeItem(value)]]], children);

export const container = (concept: Code, children: Dataset[]) =>
	contentItem('CONTAINS', 'CONTAINER', concept, [[0x0040a050, 'CS', 'SEPARATE']], children);

export function numeric(
	concept: Code,
	value: number,
	unit: string,
	children: Dataset[] = []
): Dataset {
	const measured = dataset(
		[0x0040a30a, 'DS', String(Number(value.toPrecision(10))).slice(0, 16)],
		[0x004008ea, 'SQ', [codeItem(units[unit] ?? [unit, 'UCUM', unit])]]
	);
	return contentItem('CONTAINS', 'NUM', concept, [[0x0040a300, 'SQ', [measured]]], children);
}

function evidenceItem({ image, frame, points }: Evidence): Dataset {
	const reference = dataset(
		[0x00081150, 'UI', image.sopClass],
		[0x00081155, 'UI', image.sopUid],
		...(frame !== null ? [[0x00081160, 'IS', frame] as Element] : [])
	);
	const selected = contentItem('SELECTED FROM', 'IMAGE', null, [[0x00081199, 'SQ', [reference]]]);
	return contentItem(
		'INFERRED FROM',
		'SCOORD',
		null,
		[
			[0x00700022, 'FL', points.flat()],
			[0x00700023, 'CS', points.length === 1 ? 'POINT' : 'POLYLINE']
		],
		[selected]
	);
}

/** The tree's root and header of a Comprehensive SR. */
export function srObject(
	study: ScannedStudy,
	input: { title: Code; template: string; children: Dataset[]; images: MadeImage[]; number: number }
): Uint8Array {
	const set = commonDataset(study, {
		sopClass: '1.2.840.10008.5.1.4.1.1.88.33',
		series: 99,
		number: input.number,
		modality: 'SR',
		seriesText: 'Measurements'
	});
	const put = (...elements: Element[]) => {
		for (const [tag, vr, value] of elements) set.set(tag, { vr, value });
	};
	put(
		[0x0040a491, 'CS', 'COMPLETE'],
		[0x0040a493, 'CS', 'UNVERIFIED'],
		[0x00081111, 'SQ', []],
		[0x0040a372, 'SQ', []],
		[
			0x0040a375,
			'SQ',
			[
				dataset(
					[0x0020000d, 'UI', uidOf('study', study.key)],
					[
						0x00081115,
						'SQ',
						[
							dataset(
								[0x0020000e, 'UI', uidOf('series', study.key, 1)],
								[
									0x00081199,
									'SQ',
									input.images.map((image) =>
										dataset([0x00081150, 'UI', image.sopClass], [0x00081155, 'UI', image.sopUid])
									)
								]
							)
						]
					]
				)
			]
		],
		[0x0040a040, 'CS', 'CONTAINER'],
		[0x0040a043, 'SQ', [codeItem(input.title)]],
		[0x0040a050, 'CS', 'SEPARATE'],
		[0x0040a504, 'SQ', [dataset([0x00080105, 'CS', 'DCMR'], [0x0040db00, 'CS', input.template])]],
		[
			0x0040a730,
			'SQ',
			[
				coded(
					'HAS CONCEPT MOD',
					['121049', 'DCM', 'Language of Content Item and Descendants'],
					['en', 'RFC5646', 'English']
				),
				coded('HAS OBS CONTEXT', ['121005', 'DCM', 'Observer Type'], ['121006', 'DCM', 'Person']),
				contentItem(
					'HAS OBS CONTEXT',
					'PNAME',
					['121008', 'DCM', 'Person Observer Name'],
					[[0x0040a123, 'PN', study.sonographer]]
				),
				...input.children
			]
		]
	);
	return part10(set);
}

function characteristics(study: ScannedStudy, values: HeartValues, bsa: number | null): Dataset {
	const { patient } = study;
	return container(
		['121118', 'DCM', 'Patient Characteristics'],
		[
			...(patient.heightCm === null
				? []
				: [numeric(['8302-2', 'LN', 'Patient Height'], patient.heightCm / 100, 'm')]),
			...(patient.weightKg === null
				? []
				: [numeric(['29463-7', 'LN', 'Patient Weight'], patient.weightKg, 'kg')]),
			...(bsa === null ? [] : [numeric(['8277-6', 'LN', 'Body Surface Area'], bsa, 'm2')]),
			numeric(['8867-4', 'LN', 'Heart rate'], study.heartRate, 'bpm'),
			numeric(['271649006', 'SCT', 'Systolic Blood Pressure'], values.SBP, 'mm[Hg]'),
			numeric(['271650006', 'SCT', 'Diastolic Blood Pressure'], values.DBP, 'mm[Hg]')
		]
	);
}

/** TID 5200 report of a heart; `dialect` `mm` writes wall and cavity in mm and jets in m/s. */
export function echoReport(
	study: ScannedStudy,
	values: HeartValues,
	input: {
		images: MadeImage[];
		evidence: Partial<Record<string, Evidence>>;
		dialect: 'cm' | 'mm';
	}
): Uint8Array {
	const { heightCm, weightKg } = study.patient;
	const bsa = heightCm !== null && weightKg !== null ? bodySurface(heightCm, weightKg) : null;
	const all: Record<string, number> = { ...values, ...derived(values, bsa ?? 0) };
	const sections = new Map<string, Map<string, Dataset[]>>();
	for (const [where, how, concept, key, unit, what, modifiers] of rows) {
		if (values.MRV === 0 && ofRegurgitation.has(key)) continue;
		let [value, sent] = [all[key] ?? 0, unit];
		if (input.dialect === 'mm' && ['LVIDd', 'LVIDs', 'IVSd', 'LVPWd'].includes(key)) {
			[value, sent] = [value * 10, 'mm'];
		}
		if (input.dialect === 'mm' && unit === 'cm/s' && how === 'CW')
			[value, sent] = [value / 100, 'm/s'];
		const found = input.evidence[key];
		const item = numeric(concept, value, sent, [
			...(what ? [coded('HAS CONCEPT MOD', method, what)] : []),
			...modifiers.map(([name, code]) =>
				coded(name === imageView ? 'HAS ACQ CONTEXT' : 'HAS CONCEPT MOD', name, code)
			),
			...(found ? [evidenceItem(found)] : [])
		]);
		const modes = sections.get(where) ?? new Map<string, Dataset[]>();
		sections.set(where, modes);
		modes.set(how, [...(modes.get(how) ?? []), item]);
	}
	const findings = [...sections].map(([where, modes]) =>
		container(
			['121070', 'DCM', 'Findings'],
			[
				coded('HAS CONCEPT MOD', findingSite, site[where] ?? ['', '', '']),
				...[...modes].map(([how, items]) =>
					container(
						['125007', 'DCM', 'Measurement Group'],
						[coded('HAS CONCEPT MOD', imageMode, mode[how] ?? ['', '', '']), ...items]
					)
				)
			]
		)
	);
	return srObject(study, {
		title: ['125200', 'DCM', 'Adult Echocardiography Procedure Report'],
		template: '5200',
		children: [characteristics(study, values, bsa), ...findings],
		images: input.images,
		number: 1
	});
}
