import { DomainError } from '$lib/errors.ts';
import { items, numbers, text, texts } from '../json.ts';
import type { DicomJson } from '../json.ts';
import { tags } from '../tags.ts';
import { cleanText } from './clean-text.ts';
import type { Code, ContentItem, SrDocument, ValueType } from './content-item.ts';
import { firstCode } from './read-code.ts';
import { readHeader } from './read-header.ts';
import { readCoordinates, readReference, resolveImages } from './read-image.ts';
import { srTags } from './sr-tags.ts';

/** Larger than any report seen (a GE study holds some 900 items, an RDSR some 5 000). */
export const limits = { items: 50_000, depth: 64 } as const;

const valueTypes = new Set<string>([
	'CONTAINER',
	'NUM',
	'CODE',
	'TEXT',
	'PNAME',
	'DATE',
	'TIME',
	'DATETIME',
	'UIDREF',
	'IMAGE',
	'WAVEFORM',
	'COMPOSITE',
	'SCOORD',
	'SCOORD3D',
	'TCOORD'
] satisfies ValueType[]);

const textTags: Partial<Record<ValueType, string>> = {
	TEXT: tags.TextValue,
	PNAME: srTags.PersonName,
	DATE: srTags.Date,
	TIME: srTags.Time,
	DATETIME: srTags.DateTime,
	UIDREF: srTags.UID
};

/**
 * Reads a structured report: the whole content tree, nothing dropped, each item with the number
 * that `dsrdump +Pn` prints (`1.5.3`). An item of a value type that we do not know is walked through
 * as a container; one that is only a reference takes its target's type.
 *
 * Throws `unsupported` when the object holds no content tree, `too_large` beyond `limits`.
 */
export function readSr(dataset: DicomJson): SrDocument {
	if (text(dataset, tags.ValueType) === '' && items(dataset, tags.ContentSequence).length === 0)
		throw new DomainError('unsupported', 'The object holds no structured report content.');
	const all = new Map<string, ContentItem>();
	const root = readItem(dataset, '1', 1, all);
	for (const item of all.values())
		if (item.reference !== null)
			item.valueType = all.get(item.reference)?.valueType ?? item.valueType;
	resolveImages(all);
	return { ...readHeader(dataset), title: root.concept, root };
}

function readItem(
	dataset: DicomJson,
	path: string,
	depth: number,
	all: Map<string, ContentItem>
): ContentItem {
	if (depth > limits.depth)
		throw new DomainError('too_large', 'The structured report is nested too deeply.');
	if (all.size >= limits.items)
		throw new DomainError('too_large', 'The structured report has too many items.');
	const name = text(dataset, tags.ValueType);
	const valueType = (valueTypes.has(name) ? name : 'CONTAINER') as ValueType;
	const target = numbers(dataset, srTags.ReferencedContentItemIdentifier);
	const item: ContentItem = {
		path,
		relationship: text(dataset, tags.RelationshipType) || null,
		valueType,
		concept: firstCode(dataset, tags.ConceptNameCodeSequence),
		code: valueType === 'CODE' ? firstCode(dataset, tags.ConceptCodeSequence) : null,
		number: valueType === 'NUM' ? readNumber(dataset) : null,
		qualifier:
			valueType === 'NUM' ? firstCode(dataset, srTags.NumericValueQualifierCodeSequence) : null,
		text: readText(dataset, valueType),
		image:
			valueType === 'SCOORD'
				? readCoordinates(dataset)
				: valueType === 'IMAGE' || valueType === 'COMPOSITE' || valueType === 'WAVEFORM'
					? readReference(dataset)
					: null,
		reference: target.length > 0 ? target.join('.') : null,
		children: []
	};
	all.set(path, item);
	item.children = items(dataset, tags.ContentSequence).map((child, index) =>
		readItem(child, `${path}.${index + 1}`, depth + 1, all)
	);
	return item;
}

/** The first value of Measured Value Sequence; null when it is empty. Without a unit: empty code. */
function readNumber(dataset: DicomJson): { value: number; unit: Code } | null {
	const measured = items(dataset, tags.MeasuredValueSequence)[0];
	if (!measured) return null;
	const value =
		numbers(measured, tags.NumericValue)[0] ??
		numbers(measured, srTags.FloatingPointValue)[0] ??
		null;
	if (value === null) return null;
	const unit = firstCode(measured, tags.MeasurementUnitsCodeSequence);
	return { value, unit: unit ?? { value: '', scheme: '', meaning: '' } };
}

function readText(dataset: DicomJson, valueType: ValueType): string | null {
	const tag = textTags[valueType];
	if (!tag) return null;
	const found = texts(dataset, tag);
	return found.length === 0 ? null : cleanText(found.join('\\'));
}
