import type { ReportContext } from '$lib/report/context.ts';
import type { HeldDecision } from '$lib/collab/doc-interpretation.ts';
import type { Diagram, Field, Section } from '../definition.ts';
import type { Entries } from '../entry.ts';
import { holds, parseExpression, type Lookup } from '../expression.ts';
import type { Evaluation, GradeResult, Statement } from '../evaluation.ts';
import { dotOf, isAbnormal, rowOf, type Dot, type FieldRow } from './rows.ts';

/** What a machine sent and no field takes. */
export interface Unmapped {
	/** The section at whose end it is listed; null: at the end of the sheet. */
	section: string | null;
	meaning: string;
	codeValue: string;
	codingScheme: string;
	value: string;
	unit: string;
	contentPath: string;
	sopInstanceUid: string;
}

export interface StatementView {
	id: string;
	/** As it will be printed: the reader's words, or the rule's. */
	text: string;
	proposed: string | null;
	included: boolean;
	edited: boolean;
	own: boolean;
	/** Asserted by one-click normal or a preset; marked until signing. */
	byOneClick: boolean;
	preset: string | null;
	/** The date of the report it was carried from; with `confirmed` false it waits for a person. */
	carried: { date: string; confirmed: boolean } | null;
	abnormal: boolean;
	conclusion: boolean;
	because: string[];
	/** Two people decided without having seen each other. */
	disputed: boolean;
	by: string | null;
}

export interface SectionView {
	id: string;
	short: string;
	title: string;
	dot: Dot;
	abnormal: number;
	/** Always shown: see `isShown`. */
	rows: readonly FieldRow[];
	/** Normal numbers that only follow from others, and empty fields that are rarely asked for. */
	folded: readonly FieldRow[];
	/** Of a section that repeats over sides, vessels or lesions. */
	table: SectionTable | null;
	diagrams: readonly Diagram[];
	statements: readonly StatementView[];
	grades: readonly GradeResult[];
	unmapped: readonly Unmapped[];
}

/** Rows of a repeated section; a cell is null where its field is not asked for. */
export interface SectionTable {
	layout: 'table' | 'list';
	growing: boolean;
	/** `unit` where all cells of the column have the same. */
	columns: readonly { id: string; label: string; unit: string }[];
	rows: readonly {
		key: string;
		label: string;
		/** Something stands in it. */
		used: boolean;
		cells: readonly (FieldRow | null)[];
	}[];
}

export interface SectionsInput {
	context: ReportContext;
	entries: Entries;
	evaluation: Evaluation;
	decisions: Readonly<Record<string, readonly HeldDecision[]>>;
	proposals: Entries;
	unmapped: readonly Unmapped[];
	lookup: Lookup;
	labels: (fieldId: string) => string;
}

export function sectionViews(input: SectionsInput): SectionView[] {
	const { context, unmapped } = input;
	const { sections } = context.worksheet;
	const grades = gradesBySection(input);
	return sections.map((section, index) => {
		const all = section.fields
			.filter((field) => isVisible(field, input))
			.map((field) => rowOf(input, field));
		const single = all.filter((row) => row.field.row === undefined);
		return {
			id: section.id,
			short: section.short,
			title: section.title,
			dot: dotOf(all),
			abnormal: all.filter(isAbnormal).length,
			rows: single.filter(isShown),
			folded: single.filter((row) => !isShown(row)),
			table: tableOf(section, all),
			diagrams: section.diagrams ?? [],
			statements: statementViews(input, section.id),
			grades: grades.get(section.id) ?? [],
			unmapped: unmapped.filter(
				(item) =>
					item.section === section.id || (item.section === null && index === sections.length - 1)
			)
		};
	});
}

function tableOf(section: Section, all: readonly FieldRow[]): SectionTable | null {
	if (!section.table) return null;
	const inRows = section.fields.filter((field) => field.row !== undefined);
	const labels = new Map<string, string[]>();
	for (const { column } of inRows)
		if (column) labels.set(column.id, [...(labels.get(column.id) ?? []), column.label]);
	const cells = new Map(all.map((row) => [`${row.field.row} ${row.field.column?.id}`, row]));
	return {
		layout: section.table.layout,
		growing: section.table.growing,
		columns: [...labels].map(([id, names]) => ({
			id,
			label: commonEnd(names),
			unit: commonUnit(all.filter((row) => row.field.column?.id === id))
		})),
		rows: section.table.rows.map(({ key, label }) => {
			const own = [...labels.keys()].map((id) => cells.get(`${key} ${id}`) ?? null);
			const used = own.some(
				(cell) => cell && (cell.standing !== 'empty' || cell.suggestions.length > 0)
			);
			return { key, label, used, cells: own };
		})
	};
}

/** What a column's names have in common: "CFA PSV" and "DPA PSV" stand under "PSV". */
function commonEnd(names: readonly string[]): string {
	const [first = '', ...others] = names;
	const words = first.split(' ');
	for (let from = 0; from < words.length; from += 1) {
		const end = words.slice(from).join(' ');
		if (others.every((name) => name === end || name.endsWith(` ${end}`))) return end;
	}
	return first;
}

function commonUnit(cells: readonly FieldRow[]): string {
	const units = new Set(cells.map(({ unit }) => unit));
	return units.size === 1 ? ([...units][0] ?? '') : '';
}

/** The rows of a table that are shown: all fixed ones; of growing ones the used, and those asked for. */
export function shownRows(table: SectionTable, asked: number): SectionTable['rows'] {
	if (!table.growing) return table.rows;
	const last = table.rows.findLastIndex((row) => row.used) + 1;
	return table.rows.slice(0, Math.max(1, last, asked));
}

/**
 * What a reader has to see without asking: the core of the section, whatever somebody measured or
 * has to decide, whatever is abnormal. What only follows by calculation and is normal is folded.
 */
function isShown(row: FieldRow): boolean {
	if (row.field.core || row.conflict.length > 0 || row.suggestions.length > 0) return true;
	if (isAbnormal(row) || row.findings.length > 0) return true;
	// A machine's number that typing has overtaken must not push lines under the hand that types.
	if (row.machine !== null && !row.machine.stale) return true;
	const { entry } = row;
	if (entry) return !(entry.source.kind === 'sr' && entry.source.calculated);
	return row.standing !== 'given' && row.prior !== null && !row.field.computed && !row.result;
}

/** A field that holds something is shown even while its condition does not hold. */
function isVisible(field: Field, { entries, lookup }: SectionsInput): boolean {
	if (field.visibleWhen === null || (entries[field.id]?.length ?? 0) > 0) return true;
	return holds(parseExpression(field.visibleWhen), lookup);
}

export function statementViews(input: SectionsInput, sectionId: string): StatementView[] {
	const proposed = input.evaluation.statements
		.filter((statement) => statement.section === sectionId)
		.sort((a, b) => a.order - b.order);
	const known = new Set(proposed.map((statement) => statement.id));
	const own = Object.entries(input.decisions).filter(
		([id, held]) =>
			!known.has(id) && held.at(-1)?.section === sectionId && (held.at(-1)?.text ?? null) !== null
	);
	return [
		...proposed.map((statement) => viewOf(statement.id, statement, input.decisions[statement.id])),
		...own.map(([id, held]) => viewOf(id, null, held))
	];
}

function viewOf(
	id: string,
	statement: Statement | null,
	held: readonly HeldDecision[] = []
): StatementView {
	const decision = held.at(-1);
	return {
		id,
		text: decision?.text ?? statement?.text ?? '',
		proposed: statement?.text ?? null,
		included: decision ? decision.decision !== 'exclude' : true,
		edited: decision?.decision === 'edit',
		own: statement === null,
		byOneClick: decision?.oneClickNormal ?? false,
		preset: decision?.preset ?? null,
		carried: decision?.carried ?? null,
		abnormal: statement?.abnormal ?? false,
		conclusion: statement?.conclusion ?? false,
		because: statement?.because ?? [],
		disputed: new Set(held.map((one) => `${one.decision}:${one.text ?? ''}`)).size > 1,
		by: decision?.by ?? null
	};
}

/** A grade stands in the section that holds most of its inputs. */
function gradesBySection(input: SectionsInput): Map<string, GradeResult[]> {
	const { worksheet } = input.context;
	const out = new Map<string, GradeResult[]>();
	for (const grade of input.evaluation.grades) {
		const rule = worksheet.grades.find((candidate) => candidate.id === grade.id);
		const fields = new Set([
			...(rule?.inputs.map((one) => one.field) ?? []),
			...(rule?.parameters.map((one) => one.field) ?? [])
		]);
		const counts = worksheet.sections.map(
			(section) => section.fields.filter((field) => fields.has(field.id)).length
		);
		const most = Math.max(0, ...counts);
		const section = worksheet.sections[counts.indexOf(most)];
		if (section && most > 0) out.set(section.id, [...(out.get(section.id) ?? []), grade]);
	}
	return out;
}
