/** The pictures of a section, with what they show: a signed version draws them without its worksheet. */
import type { Diagram, Field, ResolvedWorksheet, Section } from '../worksheet/definition.ts';
import { vesselAnswers } from '../worksheet/diagram-answers.ts';
import type { Evaluation } from '../worksheet/evaluation.ts';
import { placeOn } from '../worksheet/chart-place.ts';
import {
	chartIn,
	earlierPoints,
	measurementOf,
	pointOf,
	type GrowthDiagram
} from '../worksheet/growth.ts';
import type { PriorValue } from './body.ts';
import { displayUnit, show, unitText } from './format.ts';
import type { PracticeSettings } from './practice-settings.ts';
import type { PrintedDiagram, PrintedSection } from './version.ts';

interface Input {
	worksheet: ResolvedWorksheet;
	evaluation: Evaluation;
	settings: PracticeSettings;
	/** All earlier values of what stands on a growth chart, nearest first. */
	series?: Readonly<Record<string, readonly PriorValue[]>>;
}

/** Nothing where nothing was answered: an empty picture says nothing on paper. */
export function printDiagrams(section: Section, input: Input): Pick<PrintedSection, 'diagrams'> {
	const diagrams = (section.diagrams ?? []).flatMap((one) => printed(one, input) ?? []);
	return diagrams.length > 0 ? { diagrams } : {};
}

function printed(diagram: Diagram, input: Input): PrintedDiagram | null {
	if (diagram.kind === 'bullseye') return polarMap(diagram, input);
	if (diagram.kind === 'growth') return growthChart(diagram, input);
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

/** Left out where the study has no place between the curves. */
function growthChart(diagram: GrowthDiagram, input: Input): PrintedDiagram | null {
	const { worksheet, evaluation } = input;
	const given = worksheet.charts?.[diagram.chart];
	const measurement = measurementOf(worksheet, diagram.y);
	const chart =
		given && measurement && chartIn(given, displayUnit(measurement, input.settings.display));
	const valueOf = (id: string) => evaluation.values[id]?.value;
	const point = chart && pointOf(diagram, chart, worksheet, valueOf);
	const place = point && placeOn(chart, ...point);
	const value = valueOf(diagram.y);
	if (!place || typeof value !== 'number') return null;
	const shown = show(value, measurement, input.settings.display);
	const { kind, title } = diagram;
	const { x, y, curves, verified, source } = chart;
	return {
		kind,
		title,
		chart: chart.id,
		x: { label: x.label, unit: unitText(x.unit), range: x.range },
		y: { label: y.label, unit: unitText(y.unit) },
		curves,
		point,
		text: { x: acrossText(point[0], x.unit), y: `${shown.text} ${shown.unit}` },
		place,
		earlier: earlierPoints(diagram, chart, worksheet, input.series ?? {}),
		citation: source.map((key) => worksheet.sources[key]?.short ?? key).join('; '),
		unconfirmed: !verified
	};
}

/** "32+4 weeks", as an age in pregnancy is said; anything else is a number with its unit. */
function acrossText(value: number, unit: string): string {
	if (unit !== 'wk') return `${Number(value.toPrecision(3))} ${unitText(unit)}`;
	const days = Math.round(value * 7);
	return `${Math.floor(days / 7)}+${days % 7} weeks`;
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
