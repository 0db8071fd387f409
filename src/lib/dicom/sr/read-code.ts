import { items, text } from '../json.ts';
import type { DicomJson } from '../json.ts';
import { tags } from '../tags.ts';
import type { Code } from './content-item.ts';
import { cleanText } from './clean-text.ts';

/** A coded entry from an item of a code sequence; long and URN values count as values (8.1). */
export function readCode(item: DicomJson): Code {
	return {
		value: cleanText(
			text(item, tags.CodeValue) || text(item, tags.LongCodeValue) || text(item, tags.URNCodeValue)
		),
		scheme: cleanText(text(item, tags.CodingSchemeDesignator)),
		meaning: cleanText(text(item, tags.CodeMeaning))
	};
}

/** The first code of a sequence; null when the sequence is missing or its item says nothing. */
export function firstCode(dataset: DicomJson, tag: string): Code | null {
	const item = items(dataset, tag)[0];
	if (!item) return null;
	const code = readCode(item);
	return code.value === '' && code.meaning === '' ? null : code;
}
