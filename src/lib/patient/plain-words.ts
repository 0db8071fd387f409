import type { ReportBody } from '../report/version.ts';

/** A word of the report and what it means, for the person whom the report is about. */
export interface PlainWord {
	word: string;
	means: string;
}

/** Written for a reader of about twelve years; nothing here is advice. */
const dictionary: { match: RegExp; word: string; means: string }[] = [
	{
		match: /ejection fraction|\bEF\b/i,
		word: 'Ejection fraction',
		means:
			'How much of the blood in the main heart chamber is pushed out with each beat. About 55 to 70 percent is usual.'
	},
	{
		match: /left ventric/i,
		word: 'Left ventricle',
		means: 'The main pumping chamber. It sends blood to the whole body.'
	},
	{
		match: /right ventric/i,
		word: 'Right ventricle',
		means: 'The chamber that pumps blood to the lungs.'
	},
	{
		match: /left atri/i,
		word: 'Left atrium',
		means: 'The chamber in which blood from the lungs gathers before it is pumped on.'
	},
	{
		match: /right atri/i,
		word: 'Right atrium',
		means: 'The chamber in which blood from the body gathers.'
	},
	{
		match: /stenosis/i,
		word: 'Stenosis',
		means: 'A narrowing: a valve or vessel that does not open as wide as it should.'
	},
	{
		match: /regurgitation|insufficiency/i,
		word: 'Regurgitation',
		means: 'A valve that does not close tightly, so that some blood flows back. A little is common.'
	},
	{
		match: /hypertrophy|wall thickness|remodel/i,
		word: 'Wall thickness',
		means:
			'How thick the heart muscle is. It can become thicker when the heart works against pressure.'
	},
	{
		match: /diastolic/i,
		word: 'Diastolic function',
		means: 'How well the heart relaxes and fills between two beats.'
	},
	{
		match: /pulmonary (hypertension|pressure|artery)|RVSP|systolic pressure/i,
		word: 'Pulmonary pressure',
		means: 'The pressure in the vessels that lead to the lungs.'
	},
	{
		match: /aortic valve/i,
		word: 'Aortic valve',
		means: 'The door between the main pumping chamber and the large vessel to the body.'
	},
	{
		match: /mitral valve/i,
		word: 'Mitral valve',
		means: 'The door between the left atrium and the left ventricle.'
	},
	{
		match: /tricuspid/i,
		word: 'Tricuspid valve',
		means: 'The door between the right atrium and the right ventricle.'
	},
	{
		match: /\baorta\b|aortic root|ascending/i,
		word: 'Aorta',
		means: 'The large vessel that carries blood from the heart to the body.'
	},
	{
		match: /pericardi|effusion/i,
		word: 'Pericardium',
		means: 'The thin sac around the heart. Fluid in it is called an effusion.'
	},
	{
		match: /carotid/i,
		word: 'Carotid artery',
		means: 'The vessel at each side of the neck that brings blood to the brain.'
	},
	{
		match: /echocardiogra/i,
		word: 'Echocardiogram',
		means: 'Pictures of the heart made with ultrasound, which is sound too high to hear.'
	}
];

/** The words of this report that need explaining, in the order in which they are met. */
export function wordsOf(body: ReportBody): PlainWord[] {
	const text = [
		body.worksheet.title,
		...body.impression,
		...body.sections.flatMap((section) => section.statements.map((statement) => statement.text))
	].join('\n');
	return dictionary
		.map((entry) => ({ entry, at: text.search(entry.match) }))
		.filter(({ at }) => at >= 0)
		.sort((a, b) => a.at - b.at)
		.map(({ entry: { word, means } }) => ({ word, means }));
}

export interface PlainSummary {
	/** What was looked at. */
	examined: string;
	/** What was found, by how many values lie outside of what is usual. */
	found: 'all-usual' | 'some-outside';
	outside: number;
	/** The pumping strength, when it was reported. */
	pumping: { percent: number; usual: boolean } | null;
}

/**
 * Three sentences' worth of facts, taken from the signed content and from nothing else. The reader's
 * own words stand below them.
 */
export function plainSummary(body: ReportBody): PlainSummary {
	const reported = body.evaluation.values['lvef_reported'];
	const percent = typeof reported?.value === 'number' ? Math.round(reported.value) : null;
	const flag = body.evaluation.flags['lvef_reported'];
	const outside = body.abnormal.length;
	return {
		examined: body.worksheet.title,
		found: outside === 0 ? 'all-usual' : 'some-outside',
		outside,
		pumping:
			percent === null ? null : { percent, usual: flag === undefined || flag.severity === 'normal' }
	};
}
