/** What a diagram shows of a finished evaluation: the answer of a field or of a grade, in words. */
import type { Diagram, Field, ResolvedWorksheet } from './definition.ts';
import type { Evaluation } from './evaluation.ts';
import { shapesOf } from './vessel-map.ts';
import { vesselMaps } from './vessel-maps/all.ts';

type Vessels = Extract<Diagram, { kind: 'vessels' }>;
export type Level = Vessels['colours'][string];

export interface VesselAnswer {
	/** `ica_right`. */
	key: string;
	/** "Right internal carotid artery". */
	name: string;
	/** As printed; empty while nothing is known. */
	text: string;
	/** Null: not known, or an answer that the diagram does not colour. */
	level: Level | null;
	/** The field to go to: the answer's own, or the first that its grade asks for. */
	field: string | null;
}

/** Gravest last. */
export const levels: readonly Level[] = ['normal', 'mild', 'moderate', 'severe', 'occluded'];

/** One answer for each vessel of the map that the diagram names, in the order of the map. */
export function vesselAnswers(
	diagram: Vessels,
	worksheet: ResolvedWorksheet,
	evaluation: Evaluation
): VesselAnswer[] {
	const map = vesselMaps.get(diagram.map);
	if (!map) return [];
	const fields = new Map(worksheet.sections.flatMap(({ fields }) => fields.map((f) => [f.id, f])));
	return shapesOf(map).flatMap(({ key, name }): VesselAnswer[] => {
		const source = diagram.vessels[key];
		if (source === undefined) return [];
		const field = fields.get(source);
		const { codes, text } = answerOf(source, field, evaluation);
		const weighed = codes.flatMap((code) => diagram.colours[code] ?? []);
		const level = levels.findLast((one) => weighed.includes(one)) ?? null;
		return [{ key, name, text, level, field: field?.id ?? inputOf(source, worksheet, fields) }];
	});
}

function answerOf(source: string, field: Field | undefined, { values, grades }: Evaluation) {
	if (field) {
		const value = values[source]?.value ?? null;
		const codes = value === null ? [] : Array.isArray(value) ? value : [String(value)];
		const words = codes.map((code) => optionOf(field, code));
		return { codes, text: words.join(', ') };
	}
	const [grade, key] = partsOf(source);
	const code = grades.find(({ id }) => id === grade)?.grade?.[key];
	return code === undefined ? { codes: [], text: '' } : { codes: [code], text: spelled(code) };
}

function inputOf(
	source: string,
	{ grades }: ResolvedWorksheet,
	fields: ReadonlyMap<string, Field>
): string | null {
	const [id] = partsOf(source);
	const inputs = grades.find((grade) => grade.id === id)?.inputs ?? [];
	const onSheet = inputs.flatMap(({ field }) => fields.get(field) ?? []);
	// One that somebody fills: a computed one can be looked at, but not typed into.
	return (onSheet.find(({ computed }) => !computed) ?? onSheet[0])?.id ?? null;
}

function partsOf(source: string): [grade: string, key: string] {
	const dot = source.lastIndexOf('.');
	return [source.slice(0, dot), source.slice(dot + 1)];
}

const optionOf = (field: Field, code: string) =>
	field.options.find((option) => option.code === code)?.label ?? code;

/** Grades answer in codes: "from_50_to_69" reads "from 50 to 69". */
export const spelled = (code: string) => code.replaceAll('_', ' ');
