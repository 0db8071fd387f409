import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { personEntry, readField, setField } from '$lib/collab/doc-fields.ts';
import {
	decideStatement,
	editText,
	readDecisions,
	readKeyImages,
	readText,
	removeKeyImage,
	setKeyImage,
	withdrawDecision
} from '$lib/collab/doc-interpretation.ts';
import {
	deleteAnnotation,
	readAnnotations,
	readComments,
	resolveComment,
	setAnnotation,
	setComment,
	updateAnnotation
} from '$lib/collab/doc-annotations.ts';
import { createUndo } from '$lib/collab/doc-undo.ts';
import {
	conclusionText,
	rightOfRoot,
	type Annotation,
	type StatementDecision
} from '$lib/collab/report-doc.ts';

const at = '2026-03-02T09:00:00.000Z';
const decision: StatementDecision = {
	decision: 'exclude',
	text: null,
	section: 'lv',
	oneClickNormal: false,
	by: 'anna',
	at
};
const annotation: Annotation = {
	id: 'a1',
	tool: 'length',
	studyUid: '1.2',
	seriesUid: '1.2.1',
	sopInstanceUid: '1.2.1.1',
	frame: 3,
	points: [
		[1, 2],
		[3, 4]
	],
	region: 0,
	value: 4.9,
	unit: 'cm',
	label: '',
	field: null,
	by: 'anna',
	at
};

describe('a shared text', () => {
	it('says what was typed, whatever it said before', () => {
		const text = fc.string({ unit: 'grapheme', maxLength: 30 });
		fc.assert(
			fc.property(text, text, (before, after) => {
				const doc = new Y.Doc();
				editText(doc, conclusionText, before);
				editText(doc, conclusionText, after);
				expect(readText(doc, conclusionText)).toBe(after);
			})
		);
	});

	it('replaces only what differs, so that two who type at its ends both keep their words', () => {
		const [a, b] = [new Y.Doc(), new Y.Doc()];
		editText(a, conclusionText, 'middle');
		Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
		editText(a, conclusionText, 'start middle');
		editText(b, conclusionText, 'middle end');
		Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
		expect(readText(a, conclusionText)).toBe('start middle end');
	});

	it('never cuts a character in two', () => {
		const doc = new Y.Doc();
		editText(doc, conclusionText, 'a😀b');
		editText(doc, conclusionText, 'a😁b');
		const other = new Y.Doc();
		Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
		expect(readText(other, conclusionText)).toBe('a😁b');
	});
});

describe('decisions about statements', () => {
	it('replace what was seen and stand beside what was not', () => {
		const [a, b] = [new Y.Doc(), new Y.Doc()];
		decideStatement(a, 's1', 'd1', decision, []);
		decideStatement(b, 's1', 'd2', { ...decision, decision: 'include', by: 'ben' }, []);
		Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
		expect(readDecisions(a).s1?.map(({ entryId }) => entryId)).toEqual(['d1', 'd2']);
		withdrawDecision(a, 's1', ['d1', 'd2']);
		expect(readDecisions(a)).toEqual({});
	});
});

describe('key images and annotations', () => {
	it('are read in their order', () => {
		const doc = new Y.Doc();
		const image = {
			studyUid: '1.2',
			seriesUid: '1.2.1',
			sopInstanceUid: '1.2.1.1',
			sopClassUid: '1.2.3',
			frame: null,
			caption: '',
			by: 'anna',
			at
		};
		setKeyImage(doc, 'k1', { ...image, order: 2 });
		setKeyImage(doc, 'k2', { ...image, order: 1 });
		expect(readKeyImages(doc).map(({ id }) => id)).toEqual(['k2', 'k1']);
		removeKeyImage(doc, 'k2');
		expect(readKeyImages(doc).map(({ id }) => id)).toEqual(['k1']);
		expect(readDecisions(doc)).toEqual({});
	});

	it('can be changed and deleted', () => {
		const doc = new Y.Doc();
		setAnnotation(doc, annotation);
		expect(updateAnnotation(doc, 'a1', { value: 5, by: 'ben', at })).toBe(true);
		expect(updateAnnotation(doc, 'a2', { value: 5, by: 'ben', at })).toBe(false);
		expect(readAnnotations(doc)).toEqual([{ ...annotation, value: 5, by: 'ben' }]);
		deleteAnnotation(doc, 'a1');
		expect(readAnnotations(doc)).toEqual([]);
	});

	it('comments are settled in the name of who settles them', () => {
		const doc = new Y.Doc();
		setComment(doc, { id: 'c', field: null, text: 'Sure?', by: 'anna', at, resolved: null });
		resolveComment(doc, 'c', 'ben', at);
		expect(readComments(doc)).toMatchObject([{ by: 'anna', resolved: { by: 'ben' } }]);
	});
});

describe('undo', () => {
	it("takes back one's own edits, one field at a time, and nobody else's", () => {
		const [a, b] = [new Y.Doc(), new Y.Doc()];
		const undo = createUndo(a);
		const entry = (id: string, value: number) => personEntry({ id, by: 'anna', at }, value, 'cm');
		setField(a, 'lvidd', entry('1', 4.9), []);
		setField(a, 'ivsd', entry('2', 1.1), []);
		setField(b, 'ao_root', entry('3', 3.1), []);
		Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
		undo.undo();
		expect(readField(a, 'ivsd')).toEqual([]);
		expect(readField(a, 'lvidd')).toHaveLength(1);
		undo.undo();
		undo.undo();
		expect(readField(a, 'ao_root')).toHaveLength(1);
		undo.redo();
		expect(readField(a, 'lvidd')).toHaveLength(1);
	});

	it('takes many writes in one edit as one step', () => {
		const doc = new Y.Doc();
		const undo = createUndo(doc);
		doc.transact(() => {
			for (const field of ['a', 'b', 'c']) {
				setField(doc, field, personEntry({ id: field, by: 'anna', at }, 1, 'cm'), []);
			}
		}, 'local');
		undo.undo();
		expect(doc.getMap('fields').size).toBe(0);
	});
});

describe('roots', () => {
	it('have the right of their name, and unknown ones have none', () => {
		expect(rightOfRoot('fields')).toBe('fields');
		expect(rightOfRoot(conclusionText)).toBe('interpretation');
		for (const name of ['meta', 'fields/x', 'interpretation/other', '', '__proto__']) {
			expect(rightOfRoot(name)).toBeNull();
		}
	});
});
