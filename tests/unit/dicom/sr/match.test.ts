import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import {
	boundMeasurements,
	isKnown,
	measurementByLabel,
	ruleModifiers,
	rulesByConcept
} from '$lib/dicom/sr/bindings.ts';
import type { Rule } from '$lib/dicom/sr/bindings.ts';
import { codeKey } from '$lib/dicom/sr/codes.ts';
import { match } from '$lib/dicom/sr/match.ts';
import { observations } from '$lib/dicom/sr/observation.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { container, finding, is, num, report, text } from './build.ts';

const LV = 'SRT T-32600 Left Ventricle';
const MV = 'SCT 91134007 Mitral Valve';
const AV = 'SCT 34202007 Aortic Valve';
const TV = 'SCT 46030003 Tricuspid Valve';
const LVEDV = 'LN 18026-5 Left Ventricular End Diastolic Volume';
const peak = 'LN 11726-7 Peak Velocity';
const site = (value: string) => is('SRT G-C0E3 Finding Site', value);
const flow = (value: string) => is('SRT G-C048 Flow Direction', value);
const method = (value: string) => is('SRT G-C036 Measurement Method', value);
const view = (value: string) => is('DCM 111031 Image View', value);
const stage = (value: string) => is('LN 18139-6 Stage', value);
const regurgitant = flow('SRT G-0367 Regurgitant Flow');
const single = method('DCM 125208 Method of Disks, Single Plane');

function recognised(...content: DicomJson[]): string[] {
	return observations(readSr(report(content))).map((observation) => {
		const result = match(observation);
		if (result.kind !== 'matched') return result.kind;
		const { measurement, laterality, site: at } = result.match;
		return [measurement, laterality, at].filter(Boolean).join(' ');
	});
}

describe('recognising a measurement', () => {
	it('takes the rule that names most: method and view make another volume', () => {
		expect(
			recognised(
				finding(
					LV,
					num(LVEDV, 1, 'ml'),
					num(LVEDV, 1, 'ml', method('DCM 125207 Method of Disks, Biplane')),
					num(LVEDV, 1, 'ml', single, view('SRT G-A19C Apical four chamber')),
					num(LVEDV, 1, 'ml', method('DCM 125209 Teichholz'))
				)
			)
		).toEqual(['lvedv_unspecified', 'lvedv_biplane', 'lvedv_a4c', 'lvedv_teichholz']);
	});

	it('does not call a value of a named method one of an unnamed method', () => {
		expect(
			recognised(
				finding(LV, num(LVEDV, 1, 'ml', single), num(LVEDV, 1, 'ml', method('99X 1 Own method')))
			)
		).toEqual(['unknown', 'unknown']);
	});

	it('tells a regurgitant jet from the flow through the valve', () => {
		expect(
			recognised(
				finding(AV, num(peak, 1, 'm/s'), num(peak, 1, 'm/s', regurgitant)),
				finding(MV, num(peak, 1, 'm/s', regurgitant), num(peak, 1, 'm/s')),
				finding(TV, num(peak, 1, 'm/s', regurgitant))
			)
		).toEqual(['av_vmax', 'ar_vmax', 'mr_vmax', 'unknown', 'tr_vmax']);
	});

	it('reads R-42E61 as regurgitant when its meaning says so', () => {
		const sent = { value: 'R-42E61', scheme: 'SRT', meaning: 'Regurgitant Flow' };
		expect(codeKey(sent)).toBe('SCT 397417004');
		expect(codeKey({ ...sent, meaning: 'Retrograde Flow' })).toBe('SCT 312004007');
	});

	it('lets the site of the item specialise its section', () => {
		const lvot = site('SRT T-32650 Left Ventricle Outflow Tract');
		expect(
			recognised(
				finding(LV, num(peak, 1, 'm/s', lvot)),
				finding(AV, num(peak, 1, 'm/s', lvot)),
				finding(AV, num('SCT 399027007 Orifice Diameter', 1, 'cm', site('SCT 77583004 Ring')))
			)
		).toEqual(['lvot_vmax', 'lvot_vmax', 'ao_annulus']);
	});

	it('needs a place for a concept that says nothing without one', () => {
		expect(
			recognised(
				num(peak, 1, 'm/s'),
				num('SCT 81827009 Diameter', 1, 'cm'),
				num('LN 29436-3 LVIDd', 1, 'cm')
			)
		).toEqual(['unknown', 'unknown', 'lvidd']);
	});

	it('tells septal, lateral and tricuspid tissue velocities', () => {
		const early = is('SRT R-4089A Cardiac Cycle Point', 'SRT R-40B1B Early Diastole');
		const systole = is('SRT R-4089A Cardiac Cycle Point', 'SRT F-32020 Systole');
		const tissue = 'LN 59133-9 Peak Tissue Velocity';
		expect(
			recognised(
				finding(MV, num(tissue, 1, 'cm/s', site('SRT G-0391 Medial Mitral Annulus'), early)),
				finding(MV, num(tissue, 1, 'cm/s', site('SRT G-0392 Lateral Mitral Annulus'), early)),
				finding(TV, num(tissue, 1, 'cm/s', site('SRT T-35110 Tricuspid Annulus'), systole)),
				finding(MV, num(tissue, 1, 'cm/s', early))
			)
		).toEqual(['e_prime_septal', 'e_prime_lateral', 'rv_s_prime', 'unknown']);
	});

	it('keeps what was measured at peak stress out of resting fields', () => {
		const at = stage('SCT 434161005 Peak cardiac stress state');
		const rest = stage('SCT 128975004 Resting State');
		expect(
			recognised(
				finding(LV, at, num(LVEDV, 1, 'ml')),
				finding(LV, rest, num(LVEDV, 1, 'ml')),
				finding(LV, at, num('DCM 125202 WMSI', 1, '1'), num('LN 8867-4 HR', 150, '/min'))
			)
		).toEqual(['other-stage', 'lvedv_unspecified', 'stress_wmsi_peak', 'stress_hr_peak']);
	});

	it('leaves a value alone that is already indexed', () => {
		const indexed = is('DCM 121425 Index', 'LN 8277-6 BSA');
		expect(recognised(finding(LV, num(LVEDV, 60, 'ml/m2', indexed)))).toEqual(['unknown']);
	});

	it('finds vessels by their group, side by section or group, segment by modifier', () => {
		const carotid = (side: string, ...rest: DicomJson[]) =>
			finding('SRT T-45005 Artery of neck', is('SRT G-C171 Laterality', side), ...rest);
		const proximal = is('SRT G-A1F8 Topographical modifier', 'SRT G-A118 Proximal');
		const ri = 'LN 12023-8 Resistivity Index';
		expect(
			recognised(
				carotid(
					'SRT G-A100 Right',
					container(
						'SRT T-45300 Internal Carotid',
						proximal,
						num(peak, 1, 'cm/s'),
						num(ri, 1, '1')
					),
					container('SRT T-45200 External Carotid', num(peak, 1, 'cm/s'), num(ri, 1, '1')),
					num('LN 33868-1 ICA/CCA', 1, '1')
				),
				carotid('SRT G-A101 Left', container('SRT T-45100 Common', proximal, num(peak, 1, 'cm/s')))
			)
		).toEqual([
			'ica_prox_psv right',
			'vessel_ri right ica_prox',
			'eca_psv right',
			'vessel_ri right eca',
			'ica_cca_ratio right',
			'cca_prox_psv left'
		]);
	});

	it('takes a user-defined measurement by its label, and only when no code says more', () => {
		const own = (label: string, ...content: DicomJson[]) =>
			container(
				'99GEMS T9900-01 User-defined concepts',
				container('99GEMS T9900-02 Measurement', text('99GEMS T9900-04 Label', label), ...content)
			);
		expect(
			recognised(
				own('TAPSE', num('DCM 121206 Distance', 1, 'mm')),
				own('My number', num('DCM 121206 Distance', 1, 'mm')),
				own('TAPSE', num('LN 29436-3 LVIDd', 1, 'cm'))
			)
		).toEqual(['tapse', 'unknown', 'lvidd']);
	});

	it('takes one pre-coordinated code as the whole measurement (TID 5300)', () => {
		const whole = container(
			'DCM 125301 Pre-coordinated Measurements',
			num('LN 80007-8 LVIDd 2D', 4.9, 'cm')
		);
		expect(recognised(whole)).toEqual(['lvidd']);
	});

	it('does not take properties and inputs of a measurement for measurements', () => {
		const zScore = num('SCT 73831000 Z-Score', -0.4, '1');
		expect(recognised(finding(LV, num('LN 29436-3 LVIDd', 1, 'cm', zScore)))).toEqual(['lvidd']);
	});

	it('tells a vessel of the fetus from one of the patient', () => {
		const artery = (...more: DicomJson[]) =>
			finding('SRT T-40501 Head', container('SRT T-45600 MCA', ...more, num(peak, 40, 'cm/s')));
		expect(recognised(artery(text('LN 11951-1 Fetus ID', 'A')), artery())).toEqual([
			'fetal_mca_psv',
			'mca_psv'
		]);
	});

	it('finds modifiers whatever their relationship', () => {
		const loose = method('DCM 125207 Method of Disks, Biplane');
		delete loose['0040A010'];
		expect(recognised(finding(LV, num(LVEDV, 1, 'ml', loose)))).toEqual(['lvedv_biplane']);
	});
});

const values = JSON.parse(readFileSync('src/lib/dicom/sr/bindings/values.json', 'utf8')) as Record<
	string,
	Record<string, string[]>
>;
const firstCode = (kind: string, symbol: string): string => values[kind]?.[symbol]?.[0] ?? '';

describe('the bindings', () => {
	const rows = JSON.parse(readFileSync('worksheets/measurements.json', 'utf8')) as {
		rows: { id: string }[];
	};
	const ids = new Set(rows.rows.map((row) => row.id));
	const rules = [...new Set([...rulesByConcept.values()].flat())];

	it('bind only measurements of the dictionary, and numbers that a section has for itself', () => {
		const named = [...boundMeasurements, ...measurementByLabel.values()];
		named.push(...rules.flatMap((rule) => rule.else ?? []));
		const calcium = readFileSync('worksheets/sections/cardiac/calcium.yaml', 'utf8');
		const isOwn = (id: string) => calcium.includes(`{id: ${id}, kind: number,`);
		expect(named.filter((id) => !ids.has(id) && !isOwn(id))).toEqual([]);
	});

	it('use only symbols that have a code', () => {
		const missing = rules.flatMap((rule) =>
			[...ruleModifiers, 'site', 'section', 'vessel' as const].flatMap((kind) => {
				const table = values[kind === 'section' ? 'site' : kind] ?? {};
				const wanted = rule[kind as 'method'] ?? [];
				return wanted.filter((symbol) => symbol !== 'none' && !Object.hasOwn(table, symbol));
			})
		);
		expect(missing).toEqual([]);
		expect(isKnown('method', 'DCM 125207')).toBe(true);
	});

	/** An item that says exactly what a rule names. */
	function described(rule: Rule): DicomJson {
		const sent = (kind: string, symbol = '') => `${firstCode(kind, symbol)} x`;
		const concepts: [keyof Rule, string][] = [
			['method', 'SCT 370129005 Method'],
			['mode', 'SCT 399264008 Image Mode'],
			['view', 'DCM 111031 Image View'],
			['flow', 'SCT 260674002 Flow Direction'],
			['phase', 'SCT 272518008 Cardiac Cycle Point'],
			['respiration', 'SCT 272517003 Respiratory Cycle Point'],
			['stage', 'LN 18139-6 Stage'],
			['segment', 'SCT 106233006 Topographical Modifier'],
			['site', 'SCT 363698007 Finding Site']
		];
		const modifiers = concepts.flatMap(([name, concept]) => {
			const symbol = (rule[name] as string[] | undefined)?.[0];
			return symbol && symbol !== 'none' ? [is(concept, sent(name, symbol))] : [];
		});
		const item = num(`${rule.concept[0]} x`, 1, '1', ...modifiers);
		const fetus = rule.fetus ? [text('LN 11951-1 Fetus ID', 'A')] : [];
		const group = rule.vessel ? container(sent('vessel', rule.vessel[0]), ...fetus, item) : item;
		return rule.section ? finding(sent('site', rule.section[0]), group) : group;
	}

	it('recognise what each of them describes', () => {
		const wrong = rules.flatMap((rule) => {
			const [found] = recognised(described(rule));
			return found?.split(' ')[0] === rule.measurement ? [] : [`${rule.name}: ${found}`];
		});
		expect(wrong).toEqual([]);
	});

	it('never give one rule to two measurements', () => {
		const seen = new Map<string, string>();
		const clashes: string[] = [];
		for (const { measurement, name: _, basis: __, ...rule } of rules)
			for (const concept of rule.concept) {
				const key = JSON.stringify({ ...rule, concept });
				const other = seen.get(key);
				if (other !== undefined && other !== measurement) clashes.push(`${other} ${measurement}`);
				seen.set(key, measurement);
			}
		expect(clashes).toEqual([]);
	});
});
