import { codeKey, modifierOf } from './codes.ts';
import type { CodeKey, ModifierName } from './codes.ts';
import type { ContentItem, ImageReference, SrDocument } from './content-item.ts';
import { imageOf } from './image-of.ts';

/**
 * A measurement or a coded finding with all that the tree says about it: what stands on the item
 * itself and what its containers pass down, whatever the relationship type (machines swap them).
 */
export interface Observation {
	item: ContentItem;
	concept: CodeKey;
	/** Modifiers by normalised code: the item's own before its containers'. */
	modifiers: Partial<Record<ModifierName, CodeKey>>;
	/** Finding Site of the item itself; `section` is the nearest container's. */
	ownSite: CodeKey | null;
	section: CodeKey | null;
	/** Concepts of the containers, nearest first: vessels (TID 5104) and headings (TID 5000). */
	containers: CodeKey[];
	/** Texts that name the measurement: user-defined label, tracking identifier, short label. */
	labels: string[];
	/** Which fetus, when the section names one. */
	fetus: string | null;
	image: ImageReference | null;
}

/** TEXT concepts that name what was measured; (T9900-04) is sent under several private schemes. */
const labelConcepts = new Set(['DCM 112039', 'DCM 125309']);
const isLabel = (key: CodeKey): boolean => labelConcepts.has(key) || /\sT9900-04$/.test(key);
const fetusConcepts = new Set(['LN 11951-1', 'DCM 121030']);

/** What containers pass down to their content. */
interface Inherited {
	modifiers: Partial<Record<ModifierName, CodeKey>>;
	containers: CodeKey[];
	labels: string[];
	fetus: string | null;
}

/**
 * All measurements and codes that are content, in document order. A NUM under a NUM is a property of
 * it (z-score) or an input, not a measurement of its own; modifiers are no observations.
 */
export function observations(document: SrDocument): Observation[] {
	const found: Observation[] = [];
	const index = indexItems(document.root);
	const nothing: Inherited = { modifiers: {}, containers: [], labels: [], fetus: null };
	walk(document.root, nothing, index, found);
	return found;
}

function walk(
	container: ContentItem,
	outer: Inherited,
	index: ReadonlyMap<string, ContentItem>,
	found: Observation[]
): void {
	const inherited = passDown(container, outer);
	for (const child of container.children) {
		if (child.reference !== null) continue;
		if (child.valueType === 'CONTAINER') walk(child, inherited, index, found);
		else if (isContent(child)) found.push(observe(child, container, inherited, index));
	}
}

function isContent(item: ContentItem): boolean {
	if (!item.concept) return false;
	if (item.valueType === 'NUM') return true;
	return item.valueType === 'CODE' && modifierOf(item.concept) === null;
}

function passDown(container: ContentItem, outer: Inherited): Inherited {
	const own = readModifiers(container);
	const text = textsOf(container);
	return {
		modifiers: { ...outer.modifiers, ...own },
		containers: container.concept
			? [codeKey(container.concept), ...outer.containers]
			: outer.containers,
		labels: text.labels.length > 0 ? text.labels : outer.labels,
		fetus: text.fetus ?? outer.fetus
	};
}

function observe(
	item: ContentItem,
	container: ContentItem,
	inherited: Inherited,
	index: ReadonlyMap<string, ContentItem>
): Observation {
	const own = readModifiers(item);
	return {
		item,
		concept: item.concept ? codeKey(item.concept) : '',
		modifiers: { ...inherited.modifiers, ...own },
		ownSite: own.site ?? null,
		section: inherited.modifiers.site ?? null,
		containers: inherited.containers,
		labels: [...textsOf(item).labels, ...inherited.labels],
		fetus: inherited.fetus,
		image: imageOf(item, container, index)
	};
}

/** First code per modifier among the children, and what stands under a Finding Site (TID 300). */
function readModifiers(item: ContentItem): Partial<Record<ModifierName, CodeKey>> {
	const found: Partial<Record<ModifierName, CodeKey>> = {};
	for (const child of item.children) {
		const name = child.valueType === 'CODE' && child.code ? modifierOf(child.concept) : null;
		if (name === null || !child.code) continue;
		found[name] ??= codeKey(child.code);
		if (name === 'site') Object.assign(found, { ...readModifiers(child), ...found });
	}
	return found;
}

function textsOf(item: ContentItem): { labels: string[]; fetus: string | null } {
	const labels: string[] = [];
	let fetus: string | null = null;
	for (const child of item.children) {
		if (child.valueType !== 'TEXT' || !child.text || !child.concept) continue;
		const key = codeKey(child.concept);
		if (isLabel(key)) labels.push(child.text.trim());
		if (fetusConcepts.has(key)) fetus ??= child.text.trim();
	}
	return { labels, fetus };
}

function indexItems(root: ContentItem): Map<string, ContentItem> {
	const index = new Map<string, ContentItem>();
	const stack = [root];
	for (let item = stack.pop(); item; item = stack.pop()) {
		index.set(item.path, item);
		stack.push(...item.children);
	}
	return index;
}
