/** The pictures of a section, with what they show: a signed version draws them without its worksheet. */
import type { Diagram, Field, ResolvedWorksheet, Section } from '../worksheet/definition.ts';
import { vesselAnswers } from '../worksheet/diagram-answers.ts';
import type { Evaluation } from '../worksheet/evaluation.ts';
import { show } from './format.ts';
import type { PracticeSettings } from './practice-settings.ts';
import type { PrintedDiagram, PrintedSection } from './version.ts';

interface Input {
	worksheet: ResolvedWorksheet;
	evaluation: Evaluation;
	settings: PracticeSettings;
}

/** Nothing where nothing was answered: an empty picture says nothing on paper. */
export function printDiagrams(section: Section, input: Input): Pick<PrintedSection, 'diagrams'> {
	const diagrams = (section.diagrams ?? []).flatMap((one) => printed(one, input) ?? []);
	return diagrams.length > 0 ? { diagrams } : {};
}

function printed(diagram: Diagram, input: Input): PrintedDiagram | null {
	if (diagram.kind === 'bullseye') return polarMap(diagram, input);
	if (diagram.kind !== 'vessels') return null;
	const { kind, title, map } = diagram;
	const vessels = vesselAnswers(diagram, input.worksheet, input.evaluation).map(
		({ key, name, text, level }) => ({ key, name, text, level })
	);
	return vessels.some(({ text }) => text !== '') ? { kind, title, map, vessels } : null;
}

function polarMap(
	{ kind, title, segments, scale, fields }: Extract<Diagram, { kind: 'bullseye' }>,
	input: Input
): PrintedDiagram | null {
	const known = new Map(
		input.worksheet.sections.flatMap((section) => section.fields.map((field) => [field.id, field]))
	);
	const cells = fields.map((id) => cellOf(known.get(id), id, input));
	const answered = cells.some(({ value }) => value !== null);
	return answered ? { kind, title, segments, scale, cells } : null;
}

function cellOf(field: Field | undefined, id: string, input: Input) {
	const { worksheet, evaluation, settings } = input;
	const measurement = field?.measurementId ? worksheet.measurements[field.measurementId] : null;
	const label = field?.label ?? measurement?.label ?? id;
	const value = evaluation.values[id]?.value ?? null;
	if (value === null || Array.isArray(value)) return { label, text: '', value: null };
	if (typeof value === 'number') {
		const text = measurement ? show(value, measurement, settings.display).text : String(value);
		return { label, text, value };
	}
	const text = field?.options.find(({ code }) => code === value)?.label ?? value;
	return { label, text, value };
}
