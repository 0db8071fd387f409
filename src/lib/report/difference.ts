import { diffArrays, diffWordsWithSpace } from 'diff';
import type { PrintedSection, PrintedValue, VersionContent } from './version.ts';

/** A stretch of text that both versions have, or only the later or the earlier one. */
export interface TextPart {
	kind: 'same' | 'added' | 'removed';
	text: string;
}

/** A sentence or line that is new, gone, or has other words. */
export interface TextChange {
	/** The section's title; empty where there is none. */
	section: string;
	kind: 'added' | 'removed' | 'changed';
	parts: TextPart[];
}

/** A printed value, a grade or a fact of the heading, as each version prints it; null: not there. */
export interface ValueChange {
	section: string;
	label: string;
	before: string | null;
	after: string | null;
}

/** What differs between two versions of one report, in what a reader would have seen. */
export interface VersionDifference {
	/** The addendum or correction that came with the later version. */
	amendment: { reason: string; text: string } | null;
	impression: TextChange[];
	statements: TextChange[];
	values: ValueChange[];
	grades: ValueChange[];
	comments: TextChange[];
	facts: ValueChange[];
	keyImages: ValueChange[];
	/** Nothing of the above. */
	none: boolean;
}

/** Word by word; the two texts are given back whole by their parts. */
export function wordDifference(before: string, after: string): TextPart[] {
	return diffWordsWithSpace(before, after).map(({ value, added, removed }) => ({
		kind: added ? 'added' : removed ? 'removed' : 'same',
		text: value
	}));
}

/** Compares the printed contents of two versions of a report, the earlier one first. */
export function versionDifference(
	{ body: before }: Pick<VersionContent, 'body'>,
	{ body: after }: Pick<VersionContent, 'body'>
): VersionDifference {
	const amended = JSON.stringify(before.amendment) !== JSON.stringify(after.amendment);
	const found = {
		amendment: amended ? after.amendment : null,
		impression: lineChanges('', before.impression, after.impression),
		statements: statementChanges(before.sections, after.sections),
		values: inSections(before.sections, after.sections, ({ values }) =>
			values.map((value) => [value.field, value.label, valueText(value)])
		),
		grades: inSections(before.sections, after.sections, ({ grades }) =>
			grades.map((grade) => [grade.id, grade.title, grade.text])
		),
		comments: lineChanges('', linesOf(before.comments), linesOf(after.comments)),
		facts: changed('', factsOf(before), factsOf(after)),
		keyImages: changed('', imagesOf(before), imagesOf(after))
	};
	const none =
		found.amendment === null &&
		[
			found.impression,
			found.statements,
			found.values,
			found.grades,
			found.comments,
			found.facts,
			found.keyImages
		].every((list) => list.length === 0);
	return { ...found, none };
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

/** Number, unit and flag: each of them changes what a reader takes from the line. */
const valueText = ({ value, unit, flag }: PrintedValue) =>
	[value, unit, flag].filter(Boolean).join(' ');

type Item = [id: string, label: string, text: string];

function factsOf({ patient, order, worksheet, editions = [] }: VersionContent['body']): Item[] {
	return [
		['name', 'Name', patient.name],
		['birthDate', 'Birth date', patient.birthDate ?? ''],
		['sex', 'Sex', patient.sex],
		['height', 'Height', patient.heightCm === null ? '' : `${patient.heightCm} cm`],
		['weight', 'Weight', patient.weightKg === null ? '' : `${patient.weightKg} kg`],
		['indication', 'Indication', order?.indication ?? ''],
		['worksheet', 'Worksheet', `${worksheet.title} ${worksheet.version}`],
		...editions.map(({ edition, title, text }): Item => [`edition.${edition}`, title, text])
	];
}

const imagesOf = ({ keyImages }: VersionContent['body']): Item[] =>
	keyImages.map(({ sopInstanceUid, frame, caption }) => [
		`${sopInstanceUid}/${frame ?? ''}`,
		caption,
		frame === null ? caption : `${caption}, ${frame}`
	]);

/** What has another text, what is new and what is gone, in the order of the later version. */
function changed(section: string, before: Item[], after: Item[]): ValueChange[] {
	const was = new Map(before.filter(([, , text]) => text !== '').map((item) => [item[0], item]));
	const is = new Map(after.filter(([, , text]) => text !== '').map((item) => [item[0], item]));
	return [...new Set([...is.keys(), ...was.keys()])].flatMap((id) => {
		const [old, now] = [was.get(id), is.get(id)];
		if (old?.[2] === now?.[2]) return [];
		const label = now?.[1] ?? old?.[1] ?? id;
		return [{ section, label, before: old?.[2] ?? null, after: now?.[2] ?? null }];
	});
}

/** The sections of either version, those of the later one first. */
function pairs(before: PrintedSection[], after: PrintedSection[]) {
	const ids = [...new Set([...after, ...before].map(({ id }) => id))];
	return ids.map((id) => {
		const [was, is] = [before.find((s) => s.id === id), after.find((s) => s.id === id)];
		return { title: is?.title ?? was?.title ?? id, was, is };
	});
}

function inSections(
	before: PrintedSection[],
	after: PrintedSection[],
	items: (section: PrintedSection) => Item[]
): ValueChange[] {
	return pairs(before, after).flatMap(({ title, was, is }) =>
		changed(title, was ? items(was) : [], is ? items(is) : [])
	);
}

/** By the statement's id: the same rule with other numbers is one changed sentence, not two. */
function statementChanges(before: PrintedSection[], after: PrintedSection[]): TextChange[] {
	return pairs(before, after).flatMap(({ title, was, is }) => {
		const items = (section: PrintedSection | undefined): Item[] =>
			(section?.statements ?? []).map(({ id, text }) => [id, '', text]);
		return changed(title, items(was), items(is)).map(({ before: old, after: now }) =>
			textChange(title, old, now)
		);
	});
}

function textChange(section: string, before: string | null, after: string | null): TextChange {
	if (before === null) {
		return { section, kind: 'added', parts: [{ kind: 'added', text: after ?? '' }] };
	}
	if (after === null) {
		return { section, kind: 'removed', parts: [{ kind: 'removed', text: before }] };
	}
	return { section, kind: 'changed', parts: wordDifference(before, after) };
}

/** Lines without ids: one that went where another came is the same line with other words. */
function lineChanges(
	section: string,
	before: readonly string[],
	after: readonly string[]
): TextChange[] {
	const changes: TextChange[] = [];
	let gone: string[] = [];
	const flush = (came: string[]) => {
		for (let i = 0; i < Math.max(gone.length, came.length); i++) {
			changes.push(textChange(section, gone[i] ?? null, came[i] ?? null));
		}
		gone = [];
	};
	for (const { value, added, removed } of diffArrays([...before], [...after])) {
		if (removed) gone = value;
		else flush(added ? value : []);
	}
	flush([]);
	return changes;
}
