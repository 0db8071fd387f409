import type { ResolvedWorksheet, Section } from './definition.ts';

/** A worksheet in a list. */
export interface WorksheetSummary {
	id: string;
	title: string;
	version: string;
	group: string;
	modalities: string[];
	maturity: 'A' | 'B' | 'C';
	/** The scheme it follows, as its readers call it. */
	standard: string;
	sections: { id: string; title: string; fields: number }[];
	/** A row that can be repeated counts once. */
	fields: number;
	codedFields: number;
	/** Formulas, grades, normals, limits, checks and statements. */
	rules: number;
}

export function summarise(worksheet: ResolvedWorksheet): WorksheetSummary {
	const { id, title, version, group, modalities, maturity, standard = '', sections } = worksheet;
	const counted = sections.map((section) => ({
		section,
		fields: section.table?.growing ? onceARow(section) : section.fields
	}));
	const fields = counted.flatMap((each) => each.fields);
	return {
		id,
		title,
		version,
		group,
		modalities,
		maturity,
		standard,
		sections: counted.map(({ section, fields: own }) => ({
			id: section.id,
			title: section.title,
			fields: own.length
		})),
		fields: fields.length,
		codedFields: fields.filter(({ kind }) => kind === 'coded' || kind === 'multi-coded').length,
		rules:
			worksheet.formulas.length +
			worksheet.grades.length +
			worksheet.normals.length +
			worksheet.plausibility.length +
			worksheet.crossChecks.length +
			worksheet.statements.length
	};
}

function onceARow({ fields, table }: Section): Section['fields'] {
	const first = table?.rows[0]?.key;
	return fields.filter(({ row }) => row === undefined || row === first);
}
