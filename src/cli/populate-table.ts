import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { formatNumber } from '$lib/worksheet/numbers.ts';
import type { Filled } from './populate.ts';
import type { PopulateView } from './populate-json.ts';

/** The sheet as a person reads it: section by section, then what was computed and what was not used. */
export function printTable(worksheet: ResolvedWorksheet, view: PopulateView): void {
	const { patient } = view;
	console.log(`${worksheet.title} (${view.worksheet.id} ${view.worksheet.version})`);
	console.log(
		`${patient.sex}, born ${patient.birthDate ?? 'unknown'}, ` +
			`${orDash(patient.heightCm)} cm, ${orDash(patient.weightKg)} kg, BSA ${orDash(patient.bsaM2, 2)} m2`
	);
	const byId = new Map(view.fields.map((field) => [field.id, field]));
	const flags = new Map(view.results.map((result) => [result.id, result.flag]));
	for (const section of worksheet.sections) {
		const rows = section.fields.flatMap((field) => {
			const filled = byId.get(field.id);
			return filled ? [{ filled, field }] : [];
		});
		if (rows.length === 0) continue;
		console.log(`\n${section.title}`);
		for (const { filled, field } of rows) {
			const measurement = worksheet.measurements[field.measurementId ?? ''];
			row(
				filled.label,
				shown(filled.value, measurement?.decimals ?? null),
				filled.unit,
				flags.get(filled.id) ?? null,
				`${filled.source.kind} ${filled.source.contentPath ?? ''}`
			);
		}
	}
	printComputed(worksheet, view);
	list(
		'Unmapped',
		view.unmapped.map(
			(one) =>
				`${one.contentPath}  ${one.meaning} (${one.codeValue}, ${one.codingScheme}) ${one.value ?? ''} ${one.unit ?? ''}`
		)
	);
	list(
		'Warnings',
		view.warnings.map((one) => one.message)
	);
}

function printComputed(worksheet: ResolvedWorksheet, view: PopulateView): void {
	const computed = view.results.filter(
		(result) => result.formula !== null && result.value !== null
	);
	const fields = new Map(
		worksheet.sections.flatMap((section) => section.fields).map((field) => [field.id, field])
	);
	if (computed.length > 0) console.log('\nComputed');
	for (const { id, value, unit, flag, formula } of computed) {
		const field = fields.get(id);
		const measurement = worksheet.measurements[field?.measurementId ?? id];
		const side = field?.laterality ? ` ${field.laterality}` : '';
		const label = (field?.label ?? measurement?.label ?? id) + side;
		row(label, shown(value, measurement?.decimals ?? 2), unit, flag, formula ?? '');
	}
	list(
		'Grades',
		view.grades.flatMap(({ id, grade }) =>
			grade ? [`${id}: ${Object.values(grade).join(', ')}`] : []
		)
	);
	list(
		'Statements',
		view.statements.map(({ section, text }) => `${section}: ${text}`)
	);
}

/** By which rule each value was recognised, for whoever maintains the bindings. */
export function printExplanation({ population, notes }: Filled): void {
	const lines = Object.entries(population.entries).flatMap(([field, entries]) =>
		entries.map((entry) => {
			const { source, value, unit, asSent, derivation } = entry;
			const rule = source.kind === 'sr' ? `${source.contentPath} by ${source.rule}` : source.kind;
			const sent = asSent ? ` (sent ${asSent.value} ${asSent.unit})` : '';
			return `${field} = ${String(value)} ${unit ?? ''}${sent}: ${rule}, ${derivation}`;
		})
	);
	// On standard error, so that `--json --explain` still prints one JSON object.
	for (const line of [...lines, ...notes.map((note) => `not read: ${note}`)]) console.error(line);
}

function row(
	label: string,
	value: string,
	unit: string | null,
	flag: string | null,
	source: string
) {
	const judged = flag === null || flag === 'normal' ? '' : flag;
	console.log(
		`  ${label.padEnd(24)} ${value.padStart(9)} ${(unit ?? '').padEnd(10)} ${judged.padEnd(14)} ${source}`.trimEnd()
	);
}

function list(title: string, lines: readonly string[]): void {
	if (lines.length === 0) return;
	console.log(`\n${title}`);
	for (const line of lines) console.log(`  ${line.trimEnd()}`);
}

function shown(value: PopulateView['fields'][number]['value'], decimals: number | null): string {
	if (value === null) return 'not seen';
	if (typeof value !== 'number') return String(value);
	return decimals === null ? String(value) : formatNumber(value, decimals);
}

const orDash = (value: number | null, decimals = 0): string =>
	value === null ? '–' : formatNumber(value, decimals);
