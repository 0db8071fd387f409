/**
 * IHE MRRT templates: HTML5 forms, as RadReport and the German radiological society publish them.
 * Only what is declared is read; scripts, handlers and styles are named and left behind. Nothing of
 * the page is ever rendered or run. IHE RAD TF-3 4.105 (Management of Radiology Report Templates).
 */
import { parse, parseFragment } from 'parse5';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';
import { parseUnit } from '../units.ts';
import { identifier, plain, writeDraft } from './draft.ts';
import { leftBehind, leftCounts, type LeftBehind } from './left-behind.ts';
import type { Draft, DraftCode, DraftField, DraftOption, Imported, IsTaken } from './draft.ts';

type Node = Tree.Node;
type Element = Tree.Element;

/** What a template may hold in nodes; a hostile page is cut off here. */
const mostNodes = 60_000;

/** @param text an HTML page. Total: whatever it is, the answer says what was found in it. */
export function importMrrt(text: string, isTaken?: IsTaken): Imported {
	const document = parse(text);
	const page = collect(document);
	const codes = codesOf(page.scripts);
	const draft: Draft = { ...aboutOf(page), sections: [], left: [] };
	const reader = new FormReader(codes, page.labels, draft.left);
	reader.read(page.body);
	draft.sections = reader.sections;
	draft.left.push(...leftOf(page, reader));
	return writeDraft(draft, isTaken);
}

interface Page {
	body: Node[];
	title: string;
	meta: Map<string, string[]>;
	/** Text of `<label for>` by the id that it is for. */
	labels: Map<string, string>;
	/** `text/xml` scripts: MRRT keeps codes in them. */
	scripts: string[];
	runnable: number;
	handlers: number;
	styles: number;
	/** Elements that load or embed something, by name. */
	embedded: Map<string, number>;
	isCut: boolean;
}

const embedding = ['iframe', 'object', 'embed', 'link', 'img', 'svg', 'video', 'audio', 'base'];

function collect(document: Tree.Document): Page {
	const page: Page = {
		body: [],
		title: '',
		meta: new Map(),
		labels: new Map(),
		scripts: [],
		runnable: 0,
		handlers: 0,
		styles: 0,
		embedded: new Map(),
		isCut: false
	};
	// A loop, not recursion: a page may nest as deep as it likes.
	const waiting: Node[] = [document];
	let seen = 0;
	while (waiting.length > 0) {
		const node = waiting.pop() as Node;
		if (++seen > mostNodes) {
			page.isCut = true;
			break;
		}
		if (isElement(node)) note(page, node);
		if (isElement(node) && node.tagName === 'body') page.body = node.childNodes;
		for (const child of childrenOf(node).toReversed()) waiting.push(child);
	}
	return page;
}

function note(page: Page, element: Element): void {
	const { tagName, attrs } = element;
	page.handlers += attrs.filter(
		({ name, value }) => /^on/i.test(name) || /^\s*javascript:/i.test(value)
	).length;
	if (tagName === 'title' && page.title === '') page.title = textOf(element);
	else if (tagName === 'meta') {
		const name = attribute(element, 'name').toLowerCase();
		const content = attribute(element, 'content');
		if (name && content) page.meta.set(name, [...(page.meta.get(name) ?? []), content]);
	} else if (tagName === 'label') {
		const target = attribute(element, 'for');
		if (target) page.labels.set(target, textOf(element));
	} else if (tagName === 'script') {
		const isData = /xml/i.test(attribute(element, 'type'));
		if (isData) page.scripts.push(textOf(element, true));
		else page.runnable += 1;
	} else if (tagName === 'style') page.styles += 1;
	else if (embedding.includes(tagName))
		page.embedded.set(tagName, (page.embedded.get(tagName) ?? 0) + 1);
}

const modalityWords: [RegExp, string][] = [
	[/\b(us|ultraschall|ultrasound|sono\w*)\b/i, 'US'],
	[/\b(ct|computertomogra\w*)\b/i, 'CT'],
	[/\b(mrt?|mri|magnet\w*)\b/i, 'MR'],
	[/\b(mg|mammogra\w*)\b/i, 'MG'],
	[/\b(pet)\b/i, 'PT'],
	[/\b(nm|szinti\w*|spect)\b/i, 'NM'],
	[/\b(xa|angiogra\w*)\b/i, 'XA'],
	[/\b(cr|dx|r(ö|oe)ntgen|x-?ray|radiograph\w*|projektionsradiogra\w*)\b/i, 'DX']
];

function aboutOf(page: Page): Omit<Draft, 'sections' | 'left'> {
	const one = (name: string) => page.meta.get(name)?.[0] ?? '';
	const title = one('dcterms.title') || page.title || 'Imported template';
	const number = one('dcterms.identifier');
	const said = [one('rrt:modality'), one('dcterms.subject'), title];
	const modality = said.flatMap(
		(text) => modalityWords.find(([pattern]) => pattern.test(text))?.[1] ?? []
	)[0];
	const people = [
		...(page.meta.get('dcterms.creator') ?? []),
		...(page.meta.get('dcterms.contributor') ?? [])
	];
	return {
		id: (identifier(title, 'template') || 'template').replaceAll('_', '-'),
		title,
		modalities: [modality ?? 'OT'],
		standard: [one('dcterms.publisher') || one('dcterms.source'), number].filter(Boolean).join(' '),
		about: [
			`${title}${number ? `, template ${number}` : ''}`,
			...(people.length > 0 ? [`By ${people.join(', ')}`] : []),
			...(one('dcterms.rights') ? [one('dcterms.rights')] : []),
			...(one('dcterms.license') ? [one('dcterms.license')] : [])
		]
	};
}

/** `coded_content` of the template attributes: codes by the id or the text that they stand for. */
function codesOf(scripts: readonly string[]): Map<string, DraftCode[]> {
	const codes = new Map<string, DraftCode[]>();
	for (const script of scripts) {
		const inside = script.replace(/<!--|-->/g, '');
		for (const entry of elementsIn(parseFragment(inside), 'entry')) {
			const target = attribute(entry, 'origtxt');
			const found = elementsIn(entry, 'code').map((code) => ({
				value: attribute(code, 'value'),
				scheme: attribute(code, 'scheme'),
				meaning: attribute(code, 'meaning')
			}));
			if (target && found.length > 0) codes.set(target, [...(codes.get(target) ?? []), ...found]);
		}
	}
	return codes;
}

/** Walks a form in the order in which a person reads it, and remembers what was read last. */
class FormReader {
	readonly sections: Draft['sections'] = [];
	/** Inputs that a script filled. */
	readonly computed: string[] = [];
	/** Numbers and dates that the page fills in: a default is neither. */
	defaults = 0;
	readonly #codes: ReadonlyMap<string, DraftCode[]>;
	readonly #labels: ReadonlyMap<string, string>;
	readonly #left: LeftBehind[];
	/** Radio buttons and boxes of one name are one field. */
	readonly #groups = new Map<string, DraftField>();
	#fields: DraftField[] = [];
	#words: string[] = [];
	/** The nearest words that stand alone: "Rechts:". */
	#caption = '';
	#unitOf: DraftField | null = null;

	constructor(
		codes: ReadonlyMap<string, DraftCode[]>,
		labels: ReadonlyMap<string, string>,
		left: LeftBehind[]
	) {
		this.#codes = codes;
		this.#labels = labels;
		this.#left = left;
	}

	read(nodes: readonly Node[]): void {
		this.#begin('Findings');
		this.#walk(nodes, 0, null);
	}

	#begin(title: string): void {
		const last = this.sections.at(-1);
		if (last && last.fields.length === 0) this.sections.pop();
		this.#fields = [];
		this.sections.push({ title: title || 'Findings', fields: this.#fields });
		this.#words = [];
		this.#caption = '';
		this.#unitOf = null;
	}

	#walk(nodes: readonly Node[], depth: number, cell: Cell | null): void {
		// Deeper than any form: what lies there is left.
		if (depth > 200) return;
		for (const node of nodes) {
			if (node.nodeName === '#text' && 'value' in node) this.#hear(node.value);
			if (!isElement(node)) continue;
			const { tagName } = node;
			if (ignored.has(tagName)) continue;
			if (/^h[1-4]$/.test(tagName) || tagName === 'header') this.#begin(textOf(node));
			else if (tagName === 'section') this.#section(node, depth);
			else if (tagName === 'tr') this.#row(node, depth);
			else if (tagName === 'table') {
				this.#caption = this.#words.at(-1) ?? this.#caption;
				this.#headings = [];
				this.#walk(node.childNodes, depth + 1, null);
			} else if (controls.has(tagName)) this.#control(node, cell, null);
			else if (tagName === 'label') this.#label(node, depth, cell);
			else {
				if (blocks.has(tagName)) this.#pause();
				this.#walk(node.childNodes, depth + 1, cell);
			}
		}
	}

	#section(node: Element, depth: number): void {
		const title = attribute(node, 'data-section-name');
		if (title) this.#begin(title);
		this.#walk(node.childNodes, depth + 1, null);
	}

	#headings: string[] = [];

	/** A row of a table: its first words name it, the row above the columns. */
	#row(row: Element, depth: number): void {
		const cells = childrenOf(row).filter(
			(node): node is Element => isElement(node) && /^t[dh]$/.test(node.tagName)
		);
		const texts = cells.map((cell) => textOf(cell));
		const holds = cells.map((cell) => elementsIn(cell, ...controls).length > 0);
		if (!holds.includes(true)) {
			const said = texts.filter(Boolean);
			if (said.length > 1) this.#headings = texts;
			else if (said[0]) this.#caption = said[0];
			return;
		}
		const name = holds[0] ? '' : (texts[0] ?? '');
		cells.forEach((cell, index) => {
			this.#words = [];
			this.#unitOf = null;
			if (!holds[index]) return;
			const column = index > 0 ? (this.#headings[index] ?? '') : '';
			this.#walk(cell.childNodes, depth + 1, { row: name, column });
		});
		this.#words = [];
	}

	/** A label that holds its control names it. */
	#label(node: Element, depth: number, cell: Cell | null): void {
		const inside = elementsIn(node, ...controls);
		if (inside.length === 0) {
			this.#hear(textOf(node));
			return;
		}
		const words = textOf(node);
		for (const control of inside) this.#control(control, cell, words);
		void depth;
	}

	#hear(text: string): void {
		const words = plain(text).replace(/[:\s]+$/, '');
		if (words === '') return;
		if (this.#unitOf) {
			this.#giveUnit(this.#unitOf, words);
			this.#unitOf = null;
		}
		this.#words.push(words);
	}
	#pause(): void {
		this.#unitOf = null;
	}

	#giveUnit(field: DraftField, words: string): void {
		const written = /^[([]?\s*([^\s)\],;]{1,12})/.exec(words)?.[1] ?? '';
		const unit = unitWords[written.toLowerCase()] ?? (parseUnit(written) ? written : null);
		if (unit !== null) field.unit = unit;
		else if (/^\p{L}{0,4}[/²³%°]/u.test(written))
			this.#left.push(leftBehind('unit', { field: field.label, what: written }));
	}

	#control(node: Element, cell: Cell | null, words: string | null): void {
		const type = node.tagName === 'input' ? attribute(node, 'type').toLowerCase() || 'text' : '';
		if (['hidden', 'button', 'submit', 'reset', 'image', 'file', 'password'].includes(type)) {
			this.#left.push(leftBehind('control', { field: nameOf(node), what: type }));
			return;
		}
		if (node.tagName === 'button') return;
		const isChoice = type === 'radio' || type === 'checkbox';
		const label = this.#name(node, cell, words, isChoice);
		this.#noteExtras(node, label);
		if (isChoice) this.#choice(node, type, label, cell);
		else {
			const field = this.#fieldOf(node, type, label);
			this.#push({ ...field, ...this.#presetOf(node, field) }, node);
		}
	}

	/** What the page fills in. */
	#presetOf(node: Element, { kind, options = [] }: DraftField): Pick<DraftField, 'preset'> {
		const filled =
			node.tagName === 'select'
				? elementsIn(node, 'option')
						.filter((option) => has(option, 'selected'))
						.map((option) => attribute(option, 'value') || textOf(option))
				: [node.tagName === 'textarea' ? textOf(node) : attribute(node, 'value')];
		const given = filled.filter((value) => value !== '');
		if (kind === 'text') return given.length > 0 ? { preset: given } : {};
		if (kind === 'number' || kind === 'date') {
			if (given.length > 0) this.defaults += 1;
			return {};
		}
		const known = given.filter((value) => options.some((option) => option.value === value));
		return known.length > 0 ? { preset: known } : {};
	}

	#fieldOf(node: Element, type: string, label: string): DraftField {
		const name = nameOf(node) || label;
		const help = attribute(node, 'title') || attribute(node, 'placeholder');
		const common = {
			name,
			label,
			...(help && help !== label ? { help } : {}),
			...this.#coded(node)
		};
		if (node.tagName === 'select') return this.#select(node, common);
		if (node.tagName === 'textarea') return { ...common, kind: 'text' };
		if (/^(date|datetime-local|month)$/.test(type)) return { ...common, kind: 'date' };
		const isNumber =
			type === 'number' || type === 'range' || attribute(node, 'data-field-type') === 'NUMBER';
		return isNumber
			? { ...common, kind: 'number', ...numberOf(node) }
			: { ...common, kind: 'text' };
	}

	#select(node: Element, common: Pick<DraftField, 'name' | 'label'>): DraftField {
		const options = elementsIn(node, 'option').flatMap((option): DraftOption[] => {
			const text = textOf(option) || attribute(option, 'value');
			const value = attribute(option, 'value') || text;
			if (/^[-–—.\s]*$/.test(text)) return [];
			const [code] = this.#coded(option, value, attribute(option, 'id')).codes ?? [];
			return [{ value, label: text, ...(code ? { code } : {}) }];
		});
		if (options.length === 0) return { ...common, kind: 'text' };
		const many = node.attrs.some(({ name }) => name === 'multiple');
		return { ...common, kind: many ? 'multi-coded' : 'coded', options: distinct(options) };
	}

	/** Radio buttons of a name, boxes of a name: the answers of one field. */
	#choice(node: Element, type: string, label: string, cell: Cell | null): void {
		const group = attribute(node, 'name');
		const value = attribute(node, 'value');
		const coded = this.#coded(node, value, attribute(node, 'id'));
		const [code] = coded.codes ?? [];
		const known = group ? this.#groups.get(`${type}:${group}`) : undefined;
		const isSwitch = type === 'checkbox' && !known;
		const isChecked = has(node, 'checked');
		const answer = value && value !== 'on' ? value : label;
		if (known) {
			if (known.kind === 'coded' && type === 'checkbox') turnIntoMany(known);
			known.options = distinct([
				...(known.options ?? []),
				{ value: answer, label, ...(code ? { code } : {}) }
			]);
			if (isChecked) known.preset = [...(known.preset ?? []), answer];
			return;
		}
		if (isSwitch) {
			const field: DraftField = {
				name: nameOf(node) || label,
				label,
				kind: 'coded',
				options: [
					{ value: 'yes', label: 'Yes' },
					{ value: 'no', label: 'No' }
				],
				...coded,
				...(isChecked ? { preset: ['yes'] } : {})
			};
			this.#push(field, node);
			if (group) this.#groups.set(`${type}:${group}`, field);
			return;
		}
		const caption = cell?.row || this.#question(label) || group || label;
		const field: DraftField = {
			name: group || nameOf(node) || label,
			label: caption,
			kind: 'coded',
			options: [{ value: answer, label, ...(code ? { code } : {}) }],
			...(isChecked ? { preset: [answer] } : {})
		};
		this.#push(field, node);
		if (group) this.#groups.set(`${type}:${group}`, field);
	}

	/** The words before the first answer of a question. */
	#question(answer: string): string {
		return this.#words.findLast((words) => words !== answer) ?? this.#caption;
	}

	#push(field: DraftField, node: Element): void {
		this.#fields.push(field);
		this.#unitOf = field.kind === 'number' ? field : null;
		if (attribute(node, 'required') || node.attrs.some(({ name }) => name === 'required'))
			field.required = true;
		this.#words = [];
	}

	#name(node: Element, cell: Cell | null, words: string | null, isChoice: boolean): string {
		const own = words || this.#labels.get(attribute(node, 'id')) || '';
		if (isChoice && own) return plain(own);
		if (isChoice) return plain(attribute(node, 'value') || nameOf(node));
		const place = [this.#caption, cell?.row ?? '', cell?.column ?? '']
			.map((each) => plain(each))
			.filter(Boolean);
		const near = this.#words.at(-1) ?? '';
		const said = own ? plain(own) : near;
		const parts = said && !place.includes(said) ? [...place, said] : place;
		const isTold = parts.length > 0 && (said !== '' || cell !== null);
		const told = attribute(node, 'aria-label') || attribute(node, 'title');
		// A box alone under its heading is called by the heading.
		const heading = this.#fields.length === 0 ? (this.sections.at(-1)?.title ?? '') : '';
		const last = told || heading || nameOf(node);
		const spoken = isTold ? parts : [...place, plain(last)];
		return [...new Set(spoken.map((part) => part.replace(/[:\s]+$/, '')))].join(', ') || 'Text';
	}

	#coded(node: Element, ...also: string[]): { codes?: DraftCode[] } {
		const radlex = attribute(node, 'data-radlex');
		const own = radlex
			? [{ value: radlex, scheme: 'RADLEX', meaning: attribute(node, 'data-en') || radlex }]
			: [];
		const listed = [nameOf(node), attribute(node, 'id'), ...also]
			.filter(Boolean)
			.flatMap((key) => this.#codes.get(key) ?? []);
		const all = [
			...new Map([...own, ...listed].map((c) => [`${c.scheme}:${c.value}`, c])).values()
		];
		return all.length > 0 ? { codes: all } : {};
	}

	#noteExtras(node: Element, label: string): void {
		if (has(node, 'readonly') || has(node, 'disabled')) this.computed.push(label);
	}
}

interface Cell {
	row: string;
	column: string;
}

const controls = new Set(['input', 'select', 'textarea', 'button']);
const ignored = new Set([
	'script',
	'style',
	'template',
	'noscript',
	'iframe',
	'object',
	'svg',
	'math'
]);
const blocks = new Set(['p', 'div', 'br', 'li', 'ul', 'ol', 'fieldset', 'legend', 'td']);

const unitWords: Record<string, string> = {
	mm: 'mm',
	cm: 'cm',
	m: 'm',
	'cm/s': 'cm/s',
	'm/s': 'm/s',
	ml: 'mL',
	l: 'L',
	'ml/min': 'mL/min',
	'l/min': 'L/min',
	'ml/m²': 'mL/m2',
	'g/m²': 'g/m2',
	'%': '%',
	g: 'g',
	kg: 'kg',
	mmhg: 'mm[Hg]',
	'°': 'deg',
	grad: 'deg',
	ms: 'ms',
	s: 's',
	sek: 's',
	min: 'min',
	hu: '1',
	he: '1',
	'cm²': 'cm2',
	'mm²': 'mm2',
	'/min': '/min',
	bpm: '/min'
};

/** One box alone is yes or no; with a second of its name they are several answers. */
function turnIntoMany(field: DraftField): void {
	field.kind = 'multi-coded';
	const first: DraftOption = { value: field.label, label: field.label };
	const [code] = field.codes ?? [];
	field.options = [code ? { ...first, code } : first];
	if (field.preset) field.preset = [first.value];
	delete field.codes;
}

function distinct(options: readonly DraftOption[]): DraftOption[] {
	return [...new Map(options.map((option) => [option.value, option])).values()];
}

function numberOf(node: Element): Pick<DraftField, 'decimals' | 'limits'> {
	const step = attribute(node, 'step');
	const decimals = /^\d*\.(\d+)$/.exec(step)?.[1]?.length ?? (step === 'any' ? 2 : 0);
	const [min, max] = ['min', 'max'].map((name) => attribute(node, name));
	const limits: [number, number] = [Number(min), Number(max)];
	const isLimited = min && max && limits.every(Number.isFinite);
	return { decimals: Math.min(4, decimals), ...(isLimited ? { limits } : {}) };
}

function leftOf(page: Page, { defaults, computed }: FormReader): LeftBehind[] {
	const { runnable, handlers, styles, embedded, isCut } = page;
	return [
		...leftCounts({ scripts: runnable, handlers, styles }),
		...[...embedded].map(([what, count]) => leftBehind('embedded', { what, count })),
		...leftCounts({ presets: defaults }),
		...computed.map((label) => leftBehind('computed', { field: label })),
		...(isCut ? [leftBehind('cut', { count: mostNodes })] : [])
	];
}

function isElement(node: Node): node is Element {
	return 'tagName' in node;
}
function childrenOf(node: Node): Node[] {
	return 'childNodes' in node ? node.childNodes : [];
}
function has(element: Element, wanted: string): boolean {
	return element.attrs.some(({ name }) => name === wanted);
}
function attribute(element: Element, wanted: string): string {
	return element.attrs.find(({ name }) => name === wanted)?.value ?? '';
}
function nameOf(element: Element): string {
	return attribute(element, 'id') || attribute(element, 'name');
}

/** Descendants of a name in document order. */
function elementsIn(root: Node, ...names: string[]): Element[] {
	const found: Element[] = [];
	const waiting = childrenOf(root).toReversed();
	while (waiting.length > 0) {
		const node = waiting.pop() as Node;
		if (isElement(node) && names.includes(node.tagName)) found.push(node);
		for (const child of childrenOf(node).toReversed()) waiting.push(child);
	}
	return found;
}

/** What a person reads there; not what stands in scripts, boxes and their answers. */
function textOf(root: Node, all = false): string {
	const parts: string[] = [];
	const waiting: Node[] = childrenOf(root).toReversed();
	while (waiting.length > 0) {
		const node = waiting.pop() as Node;
		if (node.nodeName === '#text' && 'value' in node) parts.push(node.value);
		if (node.nodeName === '#comment' && all && 'data' in node) parts.push(node.data);
		const isSilent =
			isElement(node) &&
			(ignored.has(node.tagName) || node.tagName === 'select' || node.tagName === 'textarea');
		if (isSilent && !all) continue;
		for (const child of childrenOf(node).toReversed()) waiting.push(child);
	}
	const text = parts.join(all ? '' : ' ');
	return all ? text : plain(text).replace(/[:\s]+$/, '');
}
