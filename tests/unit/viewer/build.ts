import type { DicomJson } from '../../../src/lib/dicom/json.ts';

export interface RegionOf {
	box: [number, number, number, number];
	units?: [number, number];
	delta?: [number, number];
	ref?: [number, number];
	value?: [number, number];
	format?: number;
	type?: number;
	flags?: number;
	kHz?: number;
	angle?: number;
}

const one = (vr: string, value: unknown) => ({ vr, Value: [value] });

export function regionItem(region: RegionOf): DicomJson {
	const [units, delta] = [region.units ?? [3, 3], region.delta ?? [0.05, 0.05]];
	const item: DicomJson = {
		'00186012': one('US', region.format ?? 1),
		'00186014': one('US', region.type ?? 1),
		'00186016': one('UL', region.flags ?? 0),
		'00186018': one('UL', region.box[0]),
		'0018601A': one('UL', region.box[1]),
		'0018601C': one('UL', region.box[2]),
		'0018601E': one('UL', region.box[3]),
		'00186024': one('US', units[0]),
		'00186026': one('US', units[1]),
		'0018602C': one('FD', delta[0]),
		'0018602E': one('FD', delta[1])
	};
	if (region.ref) {
		item['00186020'] = one('SL', region.ref[0]);
		item['00186022'] = one('SL', region.ref[1]);
	}
	if (region.value) {
		item['00186028'] = one('FD', region.value[0]);
		item['0018602A'] = one('FD', region.value[1]);
	}
	if (region.kHz) item['00186030'] = one('UL', region.kHz);
	if (region.angle) item['00186034'] = one('FD', region.angle);
	return item;
}

/** An 800 × 600 ultrasound picture; `more` overrides single attributes. */
export function picture(regions: RegionOf[] = [], more: DicomJson = {}): DicomJson {
	return {
		'00080018': one('UI', '1.2.3.4'),
		'0020000D': one('UI', '1.2'),
		'0020000E': one('UI', '1.2.3'),
		'00280010': one('US', 600),
		'00280011': one('US', 800),
		'00186011': { vr: 'SQ', Value: regions.map(regionItem) },
		...more
	};
}

export { one };
