import type { Annotation, StatementDecision } from '../collab/report-doc.ts';
import type { Band, Field, Measurement, ResolvedWorksheet } from '../worksheet/definition.ts';
import { editionUses } from '../worksheet/edition-uses.ts';
import { printEdition } from '../worksheet/editions.ts';
import { standingOf } from '../worksheet/entry.ts';
import type { Entries, Entry } from '../worksheet/entry.ts';
import type { Evaluation, Flag, GradeResult, Statement } from '../worksheet/evaluation.ts';
import { conclusionSection } from './conclusion.ts';
import { displayUnit, formatNumber, notWellSeen, show, unitText } from './format.ts';
import { printDiagrams } from './printed-diagrams.ts';
import type { PracticeSettings } from './practice-settings.ts';
import type { CarriedLine, KeyImage, PrintedSection, PrintedValue, ReportBody } from './version.ts';
import { convert } from '../worksheet/units.ts';

/** A value of an earlier study, already in the field's canonical unit. */
export interface PriorValue {
	value: number | string;
	/** ISO date of the study, practice time. */
	date: string;
	studyUid: string;
}

/** A reader's decisions about statements, by statement id; several are a conflict. */
export type Decisions = Readonly<Record<string, readonly StatementDecision[]>>;

export interface BodyInput {
	worksheet: ResolvedWorksheet;
	worksheetHash: string;
	engineVersion: string;
	evaluation: Evaluation;
	entries: Entries;
	decisions: Decisions;
	/** Free text of the conclusion, as typed. */
	conclusion: string;
	comments: string;
	keyImages: readonly KeyImage[];
	annotations: readonly Annotation[];
	priors: Readonly<Record<string, PriorValue>>;
	/** All earlier values of what stands on a growth chart, nearest first. */
	series?: Readonly<Record<string, readonly PriorValue[]>>;
	patient: Omit<ReportBody['patient'], 'heightCm' | 'weightKg' | 'bsaM2'>;
	studies: ReportBody['studies'];
	order: ReportBody['order'];
	practice: { id: string; name: string; timeZone: string };
	settings: PracticeSettings;
	language: string;
	amendment: ReportBody['amendment'];
}

const severityWords: Record<string, string> = {
	normal: '',
	mild: 'mildly abnormal',
	moderate: 'moderately abnormal',
	severe: 'severely abnormal',
	abnormal: 'abnormal'
};

/** Worst first; a severity that is not in the list is treated like plain "abnormal". */
const severityOrder = ['severe', 'moderate', 'abnormal', 'mild', 'normal'];

export function flagText(flag: Flag | undefined): string {
	if (!flag || flag.severity === 'normal') return '';
	const arrow = flag.side === 'low' ? '↓' : '↑';
	return `${arrow} ${severityWords[flag.severity] ?? flag.severity}`;
}

/** "3.8–5.2", "≤ 34", "≥ 17"; bounds in the unit in which the value is shown. */
export function rangeText(
	flag: Flag | undefined,
	measurement: Measurement,
	settings: PracticeSettings
): string {
	if (!flag?.range) return '';
	const unit = displayUnit(measurement, settings.display);
	const { decimals } = show(0, measurement, settings.display);
	const bound = (value: number) => {
		const shown = convert(value, flag.unit, unit);
		return formatNumber(shown ?? value, shown === null ? flag.decimals : decimals);
	};
	return bandText(flag.range, bound);
}

function bandText(band: Band, bound: (value: number) => string): string {
	const low = band.ge ?? band.gt;
	const high = band.le ?? band.lt;
	if (low !== undefined && high !== undefined) return `${bound(low)}–${bound(high)}`;
	if (low !== undefined) return `${band.ge !== undefined ? '≥' : '>'} ${bound(low)}`;
	if (high !== undefined) return `${band.le !== undefined ? '≤' : '<'} ${bound(high)}`;
	return '';
}

function sourceWord(from: string, entry: Entry | undefined): string {
	if (from === 'formula' || from === 'chosen') return 'computed';
	if (entry?.source.kind === 'caliper') return 'caliper';
	if (entry?.source.kind === 'prior') return 'prior';
	if (entry?.source.kind === 'default') return 'default';
	if (entry?.source.kind === 'person') return 'person';
	return 'machine';
}

function optionLabel(field: Field, code: string): string {
	return field.options.find((option) => option.code === code)?.label ?? code;
}

/** Where a field of a repeated section stands. */
function rowOf({ worksheet }: BodyInput, { id, row, column }: Field): Pick<PrintedValue, 'row'> {
	if (row === undefined || !column) return {};
	const table = worksheet.sections.find(({ fields }) => fields.some((field) => field.id === id));
	const label = table?.table?.rows.find(({ key }) => key === row)?.label;
	return label === undefined ? {} : { row: { label, column: column.label } };
}

/** One line of a table, or null when the field has nothing to print. */
export function printValue(input: BodyInput, field: Field): PrintedValue | null {
	const { worksheet, evaluation, entries, priors, settings } = input;
	const measurement = field.measurementId ? worksheet.measurements[field.measurementId] : undefined;
	const given = entries[field.id] ?? [];
	const line = {
		field: field.id,
		label: field.label ?? measurement?.label ?? field.id,
		unit: '',
		flag: '',
		severity: '',
		side: null,
		range: '',
		prior: '',
		priorDate: '',
		change: '',
		source: 'person',
		unconfirmed: false,
		...rowOf(input, field)
	} satisfies Omit<PrintedValue, 'value'>;

	const resolved = evaluation.values[field.id];
	if (!resolved) {
		const notSeen = given.some((entry) => entry.status === 'not_well_seen');
		return notSeen ? { ...line, value: notWellSeen } : null;
	}
	const entry = given.find((candidate) => candidate.id === resolved.entryId);
	const source = sourceWord(resolved.from, entry);

	if (typeof resolved.value !== 'number') {
		const codes = Array.isArray(resolved.value) ? resolved.value : [resolved.value];
		const value = codes.map((code) => optionLabel(field, code)).join(', ');
		return value === '' ? null : { ...line, value, source };
	}
	if (!measurement) return null;

	const shown = show(resolved.value, measurement, settings.display);
	const flag = evaluation.flags[field.id];
	const result = evaluation.results.find((candidate) => candidate.id === field.id);
	const prior = priors[field.id];
	const printed: PrintedValue = {
		...line,
		value: entry?.range
			? `${show(entry.range.low, measurement, settings.display).text}–${show(entry.range.high, measurement, settings.display).text}`
			: shown.text,
		unit: shown.unit,
		flag: flagText(flag),
		severity: flag?.severity ?? '',
		side: flag?.side ?? null,
		range: rangeText(flag, measurement, settings),
		source,
		unconfirmed:
			(flag !== undefined && !flag.verified) ||
			(resolved.from === 'formula' && result?.kind === 'empirical' && !result.verified)
	};
	if (typeof prior?.value === 'number') {
		printed.prior = show(prior.value, measurement, settings.display).text;
		printed.priorDate = prior.date;
		printed.change = changeText(resolved.value, prior.value, measurement, settings);
	}
	return printed;
}

/** Difference of the printed numbers, so that a reader who subtracts gets the same. */
export function changeText(
	now: number,
	prior: number,
	measurement: Measurement,
	settings: PracticeSettings
): string {
	const plain = (text: string) => Number(text.replace('−', '-'));
	const a = show(now, measurement, settings.display);
	const b = show(prior, measurement, settings.display);
	const difference = plain(a.text) - plain(b.text);
	const text = formatNumber(Math.abs(difference), a.decimals);
	if (Number(text) === 0) return '±0';
	return `${difference > 0 ? '+' : '−'}${text}`;
}

/** A sentence as it will be printed: the reader's words where there are some, else the rule's. */
export interface DecidedStatement {
	id: string;
	section: string;
	text: string;
	slots: Record<string, string>;
	edited: boolean;
	abnormal: boolean;
	conclusion: boolean;
	order: number;
	carried?: StatementDecision['carried'];
}

/**
 * Rules propose, people decide: an excluded sentence is left out, an edited one keeps its words
 * through every re-evaluation, one's own stands at the end of its section.
 */
export function decideStatements(
	proposed: readonly Statement[],
	decisions: Decisions
): DecidedStatement[] {
	const latest = (id: string) =>
		[...(decisions[id] ?? [])].sort((a, b) => (a.at < b.at ? 1 : -1)).at(0);
	const out: DecidedStatement[] = [];
	const seen = new Set<string>();
	for (const statement of proposed) {
		const decision = latest(statement.id);
		seen.add(statement.id);
		if (decision?.decision === 'exclude') continue;
		const edited = decision?.decision === 'edit' && decision.text !== null;
		out.push({
			id: statement.id,
			section: statement.section,
			text: edited ? (decision.text ?? '') : statement.text,
			slots: statement.slots,
			edited,
			abnormal: statement.abnormal,
			conclusion: statement.conclusion,
			order: statement.order,
			...(edited && decision.carried ? { carried: decision.carried } : {})
		});
	}
	for (const id of Object.keys(decisions).sort()) {
		const decision = latest(id);
		if (seen.has(id) || !decision?.text) continue;
		if (decision.decision !== 'own' && decision.decision !== 'edit') continue;
		out.push({
			id,
			section: decision.section,
			text: decision.text,
			slots: {},
			edited: true,
			abnormal: false,
			conclusion: decision.section === conclusionSection,
			order: Number.MAX_SAFE_INTEGER,
			...(decision.carried ? { carried: decision.carried } : {})
		});
	}
	return out;
}

function printGrade(
	grade: GradeResult,
	worksheet: ResolvedWorksheet
): PrintedSection['grades'][number] | null {
	if (!grade.grade) return null;
	return {
		id: grade.id,
		title: grade.title,
		text: Object.values(grade.grade)
			.map((word) => word.replaceAll('_', ' '))
			.join(', '),
		path: grade.path,
		citation: grade.source.map((key) => worksheet.sources[key]?.short ?? key).join('; '),
		unconfirmed: !grade.verified
	};
}

/** A grade is printed with the section in which most of its inputs stand. */
function sectionOfGrade(grade: GradeResult, worksheet: ResolvedWorksheet): string | null {
	const rule = worksheet.grades.find((candidate) => candidate.id === grade.id);
	const fields = new Set(rule?.inputs.map((input) => input.field));
	let best: string | null = null;
	let most = 0;
	for (const section of worksheet.sections) {
		const count = section.fields.filter((field) => fields.has(field.id)).length;
		if (count > most) [best, most] = [section.id, count];
	}
	return best;
}

/** Answers and sentences of an earlier report, in the order of the sheet. */
function carriedLines(
	{ worksheet, entries }: BodyInput,
	decided: readonly DecidedStatement[]
): Pick<ReportBody, 'carried'> {
	const fields = worksheet.sections.flatMap(({ title, fields }) =>
		fields.map((field) => ({ title, field }))
	);
	const answers = fields.flatMap(({ title, field }) =>
		(entries[field.id] ?? []).flatMap(({ value, source, suggestion }) => {
			if (suggestion || source.kind !== 'prior') return [];
			if (value === null || typeof value === 'number') return [];
			const { studyUid, date, confirmed } = source;
			const text = [value]
				.flat()
				.map((code) => optionLabel(field, code))
				.join(', ');
			const label = `${title}: ${field.label ?? field.id}`;
			return [{ id: field.id, label, text, date, studyUid, confirmed }];
		})
	);
	const titles = new Map(worksheet.sections.map(({ id, title }) => [id, title]));
	const sentences = decided.flatMap(({ id, section, text, carried }) =>
		carried ? [{ id, label: titles.get(section) ?? '', text, ...carried }] : []
	);
	const carried: CarriedLine[] = [...answers, ...sentences];
	return carried.length > 0 ? { carried } : {};
}

/** Those that decide something on this sheet. */
function printEditions({ worksheet, settings }: BodyInput): Pick<ReportBody, 'editions'> {
	const uses = editionUses(worksheet);
	if (uses.length === 0) return {};
	return { editions: uses.map(({ edition }) => printEdition(edition, settings)) };
}

function splitParagraphs(text: string): string[] {
	return text
		.split(/\n+/)
		.map((line) => line.trim())
		.filter((line) => line !== '');
}

/** Everything that the reader sees and that will be printed; what the content hash covers (L2). */
export function buildBody(input: BodyInput): ReportBody {
	const { worksheet, evaluation } = input;
	const decided = decideStatements(evaluation.statements, input.decisions);
	const gradesBySection = new Map<string, PrintedSection['grades']>();
	for (const grade of evaluation.grades) {
		const printed = printGrade(grade, worksheet);
		const section = sectionOfGrade(grade, worksheet);
		if (!printed || !section) continue;
		gradesBySection.set(section, [...(gradesBySection.get(section) ?? []), printed]);
	}

	const sections: PrintedSection[] = worksheet.sections
		.map((section) => ({
			id: section.id,
			title: section.title,
			values: section.fields
				.map((field) => printValue(input, field))
				.filter((line) => line !== null),
			...printDiagrams(section, input),
			statements: decided
				.filter((statement) => statement.section === section.id)
				.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
				.map(({ id, text, slots, edited, abnormal }) => ({ id, text, slots, edited, abnormal })),
			grades: gradesBySection.get(section.id) ?? []
		}))
		.filter(
			({ values, statements, grades, diagrams = [] }) =>
				values.length + statements.length + grades.length + diagrams.length > 0
		);

	const lines = decided.filter(({ section }) => section === conclusionSection);
	const typed = [...splitParagraphs(input.conclusion), ...lines.map(({ text }) => text)];
	const concluded = decided
		.filter((statement) => statement.conclusion && statement.section !== conclusionSection)
		.map((statement) => statement.text)
		.filter((text) => !typed.includes(text));
	const abnormal = sections
		.flatMap((section) => section.values)
		.filter((value) => value.flag !== '')
		.sort((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity));

	const number = (id: string) => {
		const value = evaluation.values[id]?.value;
		return typeof value === 'number' ? value : null;
	};
	const cited = new Set(
		[
			...evaluation.results.filter((result) => result.value !== null),
			...Object.values(evaluation.flags),
			...evaluation.grades.filter((grade) => grade.grade !== null)
		].flatMap((item) => item.source)
	);
	for (const diagram of sections.flatMap(({ diagrams = [] }) => diagrams)) {
		if (diagram.kind !== 'growth') continue;
		for (const key of worksheet.charts?.[diagram.chart]?.source ?? []) cited.add(key);
	}

	return {
		schema: 1,
		language: input.language,
		practice: {
			...input.practice,
			letterhead: input.settings.letterhead.lines,
			footer: input.settings.letterhead.footer
		},
		patient: {
			...input.patient,
			heightCm: number('height'),
			weightKg: number('weight'),
			bsaM2: number('bsa')
		},
		studies: input.studies,
		order: input.order,
		worksheet: {
			id: worksheet.id,
			version: worksheet.version,
			hash: input.worksheetHash,
			title: worksheet.title
		},
		...printEditions(input),
		engine: { version: input.engineVersion },
		sections,
		impression: [...typed, ...concluded],
		abnormal,
		comments: input.comments.trim(),
		keyImages: [...input.keyImages],
		annotations: input.annotations
			.filter((annotation) => annotation.field !== null)
			.map(({ id, tool, sopInstanceUid, frame, points, value, unit, field }) => ({
				id,
				tool,
				sopInstanceUid,
				frame,
				points,
				value,
				unit,
				field
			}))
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
		entries: Object.fromEntries(
			Object.entries(input.entries)
				.map(([field, list]) => [field, standingOf(list)] as const)
				.filter(([, list]) => list.length > 0)
		),
		evaluation,
		...carriedLines(input, decided),
		amendment: input.amendment,
		sources: Object.fromEntries(
			[...cited]
				.sort()
				.flatMap((key) => (worksheet.sources[key] ? [[key, worksheet.sources[key]]] : []))
		)
	};
}

export { unitText };
