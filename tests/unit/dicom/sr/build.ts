import type { DicomJson } from '$lib/dicom/json.ts';

/** `SCT 87878005 Left Ventricle` as an item of a code sequence. */
export function code(text: string): DicomJson {
	const [scheme = '', value = '', ...meaning] = text.split(' ');
	return {
		'00080100': { vr: 'SH', Value: [value] },
		'00080102': { vr: 'SH', Value: [scheme] },
		'00080104': { vr: 'LO', Value: [meaning.join(' ')] }
	};
}

const sequence = (...items: DicomJson[]) => ({ vr: 'SQ', Value: items });

export interface Parts {
	concept?: string;
	relationship?: string;
	children?: DicomJson[];
}

function item(valueType: string, parts: Parts, more: DicomJson): DicomJson {
	return {
		'0040A040': { vr: 'CS', Value: [valueType] },
		...(parts.relationship ? { '0040A010': { vr: 'CS', Value: [parts.relationship] } } : {}),
		...(parts.concept ? { '0040A043': sequence(code(parts.concept)) } : {}),
		...more,
		...(parts.children ? { '0040A730': sequence(...parts.children) } : {})
	};
}

export const container = (concept: string, ...children: DicomJson[]): DicomJson =>
	item('CONTAINER', { concept, relationship: 'CONTAINS', children }, {});

/** `unit` null: the Measurement Units sequence is missing. */
export const num = (
	concept: string,
	value: number | string,
	unit: string | null,
	...children: DicomJson[]
): DicomJson =>
	item(
		'NUM',
		{ concept, relationship: 'CONTAINS', children },
		{
			'0040A300': sequence({
				'0040A30A': { vr: 'DS', Value: [value] },
				...(unit === null ? {} : { '004008EA': sequence(code(`UCUM ${unit} ${unit}`)) })
			})
		}
	);

export const emptyNum = (concept: string): DicomJson =>
	item('NUM', { concept, relationship: 'CONTAINS' }, { '0040A300': { vr: 'SQ', Value: [] } });

export const is = (concept: string, value: string, ...children: DicomJson[]): DicomJson =>
	item(
		'CODE',
		{ concept, relationship: 'HAS CONCEPT MOD', children },
		{ '0040A168': sequence(code(value)) }
	);

export const text = (concept: string, value: string): DicomJson =>
	item(
		'TEXT',
		{ concept, relationship: 'HAS CONCEPT MOD' },
		{ '0040A160': { vr: 'UT', Value: [value] } }
	);

export const image = (sopUid: string, frame?: number): DicomJson =>
	item(
		'IMAGE',
		{ relationship: 'SELECTED FROM' },
		{
			'00081199': sequence({
				'00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.3.1'] },
				'00081155': { vr: 'UI', Value: [sopUid] },
				...(frame === undefined ? {} : { '00081160': { vr: 'IS', Value: [frame] } })
			})
		}
	);

export const reference = (...path: number[]): DicomJson => ({
	'0040A010': { vr: 'CS', Value: ['SELECTED FROM'] },
	'0040DB73': { vr: 'UL', Value: path }
});

export const coordinates = (type: string, points: number[], ...children: DicomJson[]): DicomJson =>
	item(
		'SCOORD',
		{ relationship: 'INFERRED FROM', children },
		{ '00700023': { vr: 'CS', Value: [type] }, '00700022': { vr: 'FL', Value: points } }
	);

export const finding = (site: string, ...children: DicomJson[]): DicomJson =>
	container('DCM 121070 Findings', is('SRT G-C0E3 Finding Site', site), ...children);

/** A report of the given content; attributes outside the tree can be replaced. */
export function report(children: DicomJson[], header: DicomJson = {}): DicomJson {
	return {
		'00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.33'] },
		'00080018': { vr: 'UI', Value: ['1.2.3.4'] },
		'00080023': { vr: 'DA', Value: ['20260312'] },
		'00080033': { vr: 'TM', Value: ['113000'] },
		'00080070': { vr: 'LO', Value: ['Maker'] },
		'00100020': { vr: 'LO', Value: ['P1'] },
		'00100040': { vr: 'CS', Value: ['F'] },
		'0020000D': { vr: 'UI', Value: ['1.2.3'] },
		'0020000E': { vr: 'UI', Value: ['1.2.3.3'] },
		...item(
			'CONTAINER',
			{ concept: 'DCM 125200 Adult Echocardiography Procedure Report', children },
			{}
		),
		...header
	};
}
