/** What a template of another system becomes: a worksheet as text, and what was left behind. */
import { writeYaml } from '../source-text.ts';
import { leftBehind, type LeftBehind } from './left-behind.ts';

/** A file that is larger is no template. In characters. */
export const longestImport = 400_000;
const mostFields = 400;
/** Lines about what was left behind. */
const mostLeft = 200;

export interface DraftField {
	/** Name of the source; made into an id. */
	name: string;
	label: string;
	kind: 'number' | 'coded' | 'multi-coded' | 'text' | 'date';
	help?: string;
	/** Of a number, UCUM. */
	unit?: string;
	decimals?: number;
	/** Inclusive, in `unit`. */
	limits?: [number, number];
	options?: DraftOption[];
	/** What it is filled with in the source: values of its options, or a text. */
	preset?: string[];
	/** Of the field as a whole. */
	codes?: DraftCode[];
	/** By names of fields of the source. */
	visibleWhen?: (idOf: (name: string) => string | null, codeOf: CodeOf) => string | null;
	required?: boolean;
}
export type CodeOf = (name: string, option: string) => string | null;

export interface DraftOption {
	/** As the source writes it. */
	value: string;
	label: string;
	code?: DraftCode;
}

export interface DraftCode {
	value: string;
	scheme: string;
	meaning: string;
}

export interface Draft {
	id: string;
	title: string;
	modalities: string[];
	standard: string;
	/** Lines of the comment that the file begins with: where it comes from, whose it is. */
	about: string[];
	sections: { title: string; fields: DraftField[] }[];
	/** What could not be carried over. */
	left: LeftBehind[];
}

export interface Imported {
	/** Of the worksheet; no other one has it. */
	id: string;
	/** YAML in our format. */
	source: string;
	title: string;
	fields: number;
	left: LeftBehind[];
}

/** Whether a worksheet of this id is in use already: an import never stands in for another one. */
export type IsTaken = (id: string) => boolean;

/** Writes a draft in our format. Ids are unique and safe whatever the source called its fields. */
export function writeDraft(draft: Draft, isTaken: IsTaken = () => false): Imported {
	const left = [...draft.left];
	const sectionIds = uniqueNames();
	const ids = new Map<string, string>();
	const codes = new Map<string, Map<string, string>>();
	let count = 0;
	const sections = draft.sections
		.filter(({ fields }) => fields.length > 0)
		.flatMap(({ title, fields }) => {
			const id = sectionIds(identifier(title, 'section'));
			const names = uniqueNames();
			const kept = fields.slice(0, Math.max(0, mostFields - count));
			count += kept.length;
			if (kept.length < fields.length)
				left.push(
					leftBehind('fields', {
						field: plain(title),
						what: String(mostFields),
						count: fields.length - kept.length
					})
				);
			if (kept.length === 0) return [];
			const named = kept.map((field) => ({
				field,
				id: `${id}.${names(identifier(field.name, 'field'))}`
			}));
			for (const { field, id: fieldId } of named) {
				ids.set(field.name, fieldId);
				codes.set(field.name, optionCodes(field.options ?? []));
			}
			return [{ id, title, named }];
		});
	const idOf = (name: string) => ids.get(name) ?? null;
	const codeOf: CodeOf = (name, option) => codes.get(name)?.get(option) ?? null;
	const required: string[] = [];
	const written = sections.map(({ id, title, named }) => ({
		section: {
			id,
			short: plain(title).slice(0, 12).trim() || id,
			title: plain(title) || id,
			fields: named.map(({ field, id: fieldId }) => {
				if (field.required) required.push(fieldId);
				const condition = field.visibleWhen?.(idOf, codeOf) ?? null;
				if (field.visibleWhen && condition === null)
					left.push(leftBehind('condition', { field: plain(field.label) }));
				return fieldOf(field, fieldId, codes.get(field.name), condition);
			}),
			core: named.map(({ id: fieldId }) => fieldId)
		}
	}));
	const id = freeId(draft.id, isTaken);
	const content = {
		id,
		version: '1.0.0',
		title: plain(draft.title) || draft.id,
		group: 'imported',
		modalities: draft.modalities,
		maturity: 'C',
		procedures: [],
		...(draft.standard ? { standard: plain(draft.standard).slice(0, 120) } : {}),
		sections: written,
		...(required.length > 0 ? { requiredBeforeSign: required } : {})
	};
	const head = draft.about.map((line) => `# ${plain(line, 1000)}\n`).join('');
	return {
		id,
		source: head + writeYaml(content),
		title: content.title,
		fields: count,
		left: shortened(left)
	};
}

/** A hostile file could leave a line behind for each of its characters. */
function shortened(left: readonly LeftBehind[]): LeftBehind[] {
	if (left.length <= mostLeft) return [...left];
	return [...left.slice(0, mostLeft), leftBehind('more', { count: left.length - mostLeft })];
}

function freeId(wanted: string, isTaken: IsTaken): string {
	let id = wanted;
	for (let n = 2; isTaken(id); n++) id = `${wanted}-${n}`;
	return id;
}

function fieldOf(
	field: DraftField,
	id: string,
	codes: ReadonlyMap<string, string> | undefined,
	visibleWhen: string | null
) {
	const options = field.options ?? [];
	const concepts = options.flatMap(({ value, code }) =>
		code ? [[codes?.get(value) ?? value, plainCode(code)] as const] : []
	);
	return {
		id,
		kind: field.kind,
		label: plain(field.label) || id,
		...(field.help ? { help: plain(field.help).slice(0, 400) } : {}),
		...(field.kind === 'number' ? numberOf(field) : {}),
		...(options.length > 0
			? {
					options: Object.fromEntries(
						options.map(({ value, label }) => [codes?.get(value) ?? value, plain(label)])
					)
				}
			: {}),
		...defaultOf(field, codes),
		...(concepts.length > 0 ? { concepts: Object.fromEntries(concepts) } : {}),
		...(field.codes?.length ? { codes: field.codes.map(plainCode) } : {}),
		...(visibleWhen ? { visibleWhen } : {})
	};
}

/** Z3: what the source fills in. A value that is none of the options is left out. */
function defaultOf(
	{ kind, preset = [] }: DraftField,
	codes: ReadonlyMap<string, string> | undefined
): { default?: string | string[] } {
	if (preset.length === 0) return {};
	if (kind === 'text') {
		const text = plain(preset[0] ?? '', 1000);
		return text === '' ? {} : { default: text };
	}
	const known = [...new Set(preset.flatMap((value) => codes?.get(value) ?? []))];
	if (kind === 'multi-coded') return known.length > 0 ? { default: known } : {};
	return kind === 'coded' && known[0] !== undefined ? { default: known[0] } : {};
}

function numberOf({ unit = '1', decimals = 0, limits }: DraftField) {
	const isSound = limits && Number.isFinite(limits[0]) && limits[0] < limits[1];
	return { unit, decimals, ...(isSound ? { hard: limits, soft: limits } : {}) };
}

/** By what the source wrote, the code that stands in our file. */
function optionCodes(options: readonly DraftOption[]): Map<string, string> {
	const unique = uniqueNames();
	return new Map(
		options.map(({ value, label }) => [value, unique(identifier(value || label, 'answer'))])
	);
}

const plainCode = ({ value, scheme, meaning }: DraftCode): DraftCode => ({
	value: plain(value).slice(0, 64),
	scheme: plain(scheme).slice(0, 200),
	meaning: plain(meaning).slice(0, 200)
});

/** One line without angle brackets and control characters: never markup, never a second comment. */
export function plain(text: string, most = 300): string {
	const words = text.normalize('NFC').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ');
	const harmless = words
		.replace(/<(?=[\p{L}/!?])/gu, '‹')
		.replace(/javascript:/gi, 'javascript ')
		.replace(/\b(on[a-z]+)\s*=/gi, '$1 ');
	return harmless.trim().slice(0, most);
}

const umlauts: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };

/** In snake_case, at most 40 characters, beginning with a letter. */
export function identifier(text: string, fallback: string): string {
	const made = text
		.toLowerCase()
		.replace(/[äöüß]/g, (sign) => umlauts[sign] ?? '')
		.normalize('NFKD')
		.replace(/[^a-z0-9]+/g, '_')
		.replace(/^_+|_+$/g, '')
		.slice(0, 40)
		.replace(/_+$/, '');
	if (made === '') return fallback;
	return /^[a-z]/.test(made) ? made : `n${made}`;
}

function uniqueNames(): (name: string) => string {
	const used = new Set<string>();
	return (name) => {
		let made = name;
		for (let n = 2; used.has(made); n++) made = `${name}_${n}`;
		used.add(made);
		return made;
	};
}
