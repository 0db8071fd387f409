/** The first state of a new worksheet: small, and in order. */
import { writeYaml } from './source-text.ts';

export interface NewWorksheet {
	id: string;
	title: string;
	group: string;
	modalities: string[];
	procedures: string[];
	/** A frame of `frames.yaml` that stands around it. */
	frame?: string | undefined;
	/** A worksheet that it varies. */
	base?: string | undefined;
}

/** By path below `worksheets/`: the worksheet, and a golden case beside it. */
export function newWorksheetFiles(wanted: NewWorksheet): Record<string, string> {
	const { id, title, group, modalities, procedures, frame, base } = wanted;
	const prefix = id.replaceAll('-', '_');
	const section = {
		id: prefix,
		short: title.slice(0, 12).trim(),
		title,
		fields: [
			{
				id: `${prefix}.finding`,
				kind: 'coded',
				label: 'Finding',
				options: { normal: 'Normal', abnormal: 'Abnormal' }
			},
			{
				id: `${prefix}.size`,
				kind: 'number',
				label: 'Size',
				unit: 'mm',
				decimals: 0,
				hard: [0, 500],
				soft: [1, 300]
			}
		],
		core: [`${prefix}.finding`],
		statements: [
			{
				id: `${prefix}_abnormal`,
				when: `${prefix}.finding == "abnormal"`,
				text: { en: `${title}: abnormal[, {size} mm].` },
				slots: { size: `${prefix}.size` },
				abnormal: true,
				conclusion: true
			}
		]
	};
	const worksheet = {
		id,
		version: '1.0.0',
		title,
		group,
		modalities,
		maturity: 'B',
		procedures: procedures.map((text) => text.toLowerCase()),
		...(frame ? { frame } : {}),
		...(base ? { extends: base } : {}),
		sections: [{ section }]
	};
	const cases = [
		{
			title: 'Abnormal with a size',
			patient: { sex: 'unknown', ageYears: null },
			entries: { [`${prefix}.finding`]: 'abnormal', [`${prefix}.size`]: 12 },
			expect: { texts: { [`${prefix}_abnormal`]: `${title}: abnormal, 12 mm.` } }
		},
		{
			title: 'Nothing entered',
			patient: { sex: 'unknown', ageYears: null },
			entries: {},
			expect: { absent: [`${prefix}_abnormal`] }
		}
	];
	return {
		[`${group}/${id}.yaml`]: writeYaml(worksheet),
		[`${group}/${id}.cases.yaml`]: writeYaml(cases)
	};
}
