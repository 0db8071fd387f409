import type { DicomJson } from '$lib/dicom/json.ts';

const study = '1.2.826.0.1.3680043.10.1511.20260312';
const views = ['PLAX', 'PSAX AV', 'A4C', 'A2C', 'A5C', 'AV CW', 'MV PW', 'SUBCOSTAL'];

/** Metadata of made-up loops: enough to lay out the strip and the viewports. */
export const instances = views.map((view, i) => ({
	'0020000D': { vr: 'UI', Value: [study] },
	'0020000E': { vr: 'UI', Value: [`${study}.1`] },
	'00080018': { vr: 'UI', Value: [`${study}.1.${i + 1}`] },
	'00280010': { vr: 'US', Value: [600] },
	'00280011': { vr: 'US', Value: [800] },
	'00280008': { vr: 'IS', Value: [i === 5 || i === 6 ? 1 : 48] },
	'00181063': { vr: 'DS', Value: [33.3] },
	'00200011': { vr: 'IS', Value: [1] },
	'00200013': { vr: 'IS', Value: [i + 1] },
	'00082127': { vr: 'SH', Value: [view] },
	'00080060': { vr: 'CS', Value: ['US'] }
})) as unknown as DicomJson[];
