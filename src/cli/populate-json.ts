import type { Population, Unmapped } from '$lib/report/populate.ts';
import type { Band, Field, ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Entry, EntrySource } from '$lib/worksheet/entry.ts';
import type { Evaluation } from '$lib/worksheet/evaluation.ts';
import type { Subject } from './populate-subject.ts';

interface SourceView {
	kind: EntrySource['kind'];
	sopInstanceUid: string | null;
	contentPath: string | null;
}
interface ValueView {
	value: Entry['value'];
	unit: string | null;
	source: SourceView;
}

/** What `readroom populate --json` prints. */
export interface PopulateView {
	worksheet: { id: string; version: string };
	patient: {
		sex: Subject['sex'];
		birthDate: string | null;
		heightCm: number | null;
		weightKg: number | null;
		bsaM2: number | null;
	};
	fields: (ValueView & { id: string; label: string; alternatives: ValueView[] })[];
	results: {
		id: string;
		value: number | null;
		unit: string;
		/** Null for a measured value that is only judged. */
		formula: string | null;
		inputs: Record<string, number | null>;
		flag: string | null;
		range: (Band & { unit: string; source: string[] }) | null;
	}[];
	grades: {
		id: string;
		grade: Record<string, string> | null;
		path: string[];
		missing: string[];
		source: string[];
	}[];
	statements: { section: string; text: string; because: string[] }[];
	unmapped: Omit<Unmapped, 'sopInstanceUid'>[];
	warnings: { kind: string; field: string | null; message: string; contentPath: string | null }[];
}

export function viewOf(
	worksheet: ResolvedWorksheet,
	subject: Subject,
	{ entries, unmapped, warnings }: Population,
	evaluation: Evaluation
): PopulateView {
	const fields = worksheet.sections.flatMap((section) => section.fields);
	const known = (id: string) => {
		const value = evaluation.values[id]?.value;
		return typeof value === 'number' ? value : null;
	};
	return {
		worksheet: { id: worksheet.id, version: worksheet.version },
		patient: {
			sex: subject.sex,
			birthDate: subject.birthDate,
			heightCm: known('height') ?? stated(subject, 'heightCm'),
			weightKg: known('weight') ?? stated(subject, 'weightKg'),
			bsaM2: known('bsa')
		},
		fields: uniqueById(fields).flatMap((field) => {
			const [entry, ...others] = entries[field.id] ?? [];
			return entry ? [fieldView(worksheet, field, entry, others)] : [];
		}),
		results: resultsOf(evaluation),
		grades: evaluation.grades.map(({ id, grade, path, missing, source }) => ({
			id,
			grade,
			path,
			missing,
			source
		})),
		statements: evaluation.statements.map(({ section, text, because }) => ({
			section,
			text,
			because
		})),
		unmapped: unmapped.map(({ codeValue, codingScheme, meaning, value, unit, contentPath }) => ({
			codeValue,
			codingScheme,
			meaning,
			value,
			unit,
			contentPath
		})),
		warnings: warnings.map(({ kind, field, message, contentPath }) => ({
			kind,
			field,
			message,
			contentPath
		}))
	};
}

/** For sheets without a field for it: what the objects say. */
function stated({ headers }: Subject, key: 'heightCm' | 'weightKg'): number | null {
	return headers.find((header) => header[key] !== null)?.[key] ?? null;
}

/** A field may stand in two sections; it is one value. */
function uniqueById(fields: readonly Field[]): Field[] {
	return [...new Map(fields.map((field) => [field.id, field])).values()];
}

function fieldView(
	worksheet: ResolvedWorksheet,
	field: Field,
	entry: Entry,
	others: readonly Entry[]
): PopulateView['fields'][number] {
	const { id } = field;
	const label = field.label ?? worksheet.measurements[field.measurementId ?? '']?.label ?? field.id;
	const samples = entry.samples.filter((sample) => !sample.selected);
	return {
		id,
		label,
		...valueView(entry.value, entry.unit, entry.source),
		alternatives: [
			...samples.map((sample) => valueView(sample.value, entry.unit, sample.source)),
			...others.map((other) => valueView(other.value, other.unit, other.source))
		]
	};
}

function valueView(value: Entry['value'], unit: string | null, source: EntrySource): ValueView {
	return {
		value,
		unit,
		source: {
			kind: source.kind,
			sopInstanceUid: 'sopInstanceUid' in source ? source.sopInstanceUid : null,
			contentPath: source.kind === 'sr' ? source.contentPath : null
		}
	};
}

/** Computed numbers first, then measured ones that a normal range judges. */
function resultsOf({ results, flags, values }: Evaluation): PopulateView['results'] {
	const computed = results.map(({ id, value, unit, formula, inputs }) => ({
		id,
		value,
		unit,
		formula,
		inputs,
		...judgement(flags[id])
	}));
	const isComputed = new Set(results.map((result) => result.id));
	const judged = Object.values(flags).flatMap((flag) => {
		const resolved = values[flag.field];
		if (isComputed.has(flag.field) || typeof resolved?.value !== 'number') return [];
		const { value, unit } = resolved;
		const own = { id: flag.field, value, unit: unit ?? '1', formula: null, inputs: {} };
		return [{ ...own, ...judgement(flag) }];
	});
	return [...computed, ...judged];
}

function judgement(
	flag: Evaluation['flags'][string] | undefined
): Pick<PopulateView['results'][number], 'flag' | 'range'> {
	if (!flag) return { flag: null, range: null };
	const side = flag.side === null ? '' : ` ${flag.side}`;
	return {
		flag: `${flag.severity}${side}`,
		range: flag.range && { ...flag.range, unit: flag.unit, source: flag.source }
	};
}
