import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
	acceptProposal,
	addDefaults,
	addMachineEntries,
	clearField,
	isConflict,
	markNotWellSeen,
	personEntry,
	proposeField,
	readEntries,
	readField,
	readProposals,
	resolveConflict,
	setField
} from '$lib/collab/doc-fields.ts';
import type { Entry, EntryValue } from '$lib/worksheet/entry.ts';

const at = '2026-03-02T09:00:00.000Z';
const stamp = (id: string, by = 'anna') => ({ id, by, at });
const person = (id: string, value: EntryValue, by = 'anna') =>
	personEntry(stamp(id, by), value, 'cm');
const machine = (id: string, value: number, sop = '1.2.3'): Entry => ({
	...person(id, value),
	by: null,
	source: {
		kind: 'sr',
		studyUid: '1.2',
		sopInstanceUid: sop,
		contentPath: '1.5',
		calculated: false,
		rule: 'r',
		image: null
	}
});
const values = (doc: Y.Doc, field = 'lvidd') => readField(doc, field).map((entry) => entry.value);

/** Two replicas that exchange everything. */
function pair(): { a: Y.Doc; b: Y.Doc; meet(): void } {
	const [a, b] = [new Y.Doc(), new Y.Doc()];
	const meet = () => {
		Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
		Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
	};
	return { a, b, meet };
}

describe('a field', () => {
	it('replaces what its author had seen', () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', person('1', 4.9), []);
		setField(doc, 'lvidd', person('2', 5.1), ['1']);
		expect(values(doc)).toEqual([5.1]);
	});

	it('keeps both values of two who had not seen each other', () => {
		const { a, b, meet } = pair();
		setField(a, 'lvidd', person('1', 4.9), []);
		setField(b, 'lvidd', person('2', 5.1, 'ben'), []);
		meet();
		expect(readEntries(a)).toEqual(readEntries(b));
		expect(isConflict(readField(a, 'lvidd'))).toBe(true);
	});

	it('keeps the value that came unseen when another is cleared', () => {
		const { a, b, meet } = pair();
		setField(a, 'lvidd', person('1', 4.9), []);
		meet();
		clearField(a, 'lvidd', ['1']);
		setField(b, 'lvidd', person('2', 5.1, 'ben'), ['1']);
		meet();
		expect(values(a)).toEqual([5.1]);
	});

	it('keeps both choices when two settle a conflict differently at once', () => {
		const { a, b, meet } = pair();
		setField(a, 'lvidd', person('1', 4.9), []);
		setField(b, 'lvidd', person('2', 5.1, 'ben'), []);
		meet();
		resolveConflict(a, 'lvidd', '1', stamp('3'), ['1', '2']);
		resolveConflict(b, 'lvidd', '2', stamp('4', 'ben'), ['1', '2']);
		meet();
		expect(values(a).sort()).toEqual([4.9, 5.1]);
		expect(readField(a, 'lvidd').map(({ id }) => id)).toEqual(['3', '4']);
	});

	it('says that a chosen value is gone', () => {
		expect(resolveConflict(new Y.Doc(), 'lvidd', 'x', stamp('1'), [])).toBe(false);
	});

	it('takes "not well seen" as an answer', () => {
		const doc = new Y.Doc();
		markNotWellSeen(doc, 'lvidd', stamp('1'), []);
		expect(readField(doc, 'lvidd')[0]).toMatchObject({ value: null, status: 'not_well_seen' });
	});

	it('moves a proposal into the field in the name of who accepts it', () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', person('1', 4.9), []);
		proposeField(doc, 'lvidd', person('p', 5.3, 'sono'));
		expect(acceptProposal(doc, 'lvidd', 'p', stamp('2'), ['1'])).toBe(true);
		expect(readField(doc, 'lvidd')).toMatchObject([{ value: 5.3, by: 'anna' }]);
		expect(readProposals(doc)).toEqual({});
	});

	it('never loses a value that nobody had seen, whatever people do in whatever order', () => {
		const action = fc.record({
			who: fc.integer({ min: 0, max: 2 }),
			what: fc.constantFrom('set', 'set', 'clear', 'meet'),
			value: fc.integer({ min: 1, max: 99 })
		});
		fc.assert(
			fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
				const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
				/** By entry: whether anybody deleted it having seen it. */
				const written = new Map<string, boolean>();
				const merge = () => {
					for (const from of docs)
						for (const to of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from));
				};
				for (const [n, { who, what, value }] of actions.entries()) {
					const doc = docs[who];
					if (!doc) continue;
					if (what === 'meet') {
						Y.applyUpdate(doc, Y.encodeStateAsUpdate(docs[(who + 1) % 3] as Y.Doc));
						continue;
					}
					const seen = readField(doc, 'lvidd').map(({ id }) => id);
					seen.forEach((id) => written.set(id, true));
					if (what === 'clear') clearField(doc, 'lvidd', seen);
					else {
						setField(doc, 'lvidd', person(`e${n}`, value, `p${who}`), seen);
						written.set(`e${n}`, false);
					}
				}
				merge();
				merge();
				const left = docs.map((doc) => readField(doc, 'lvidd').map(({ id }) => id));
				const expected = [...written].filter(([, gone]) => !gone).map(([id]) => id);
				for (const ids of left) expect([...ids].sort()).toEqual(expected.sort());
			}),
			{ numRuns: 200 }
		);
	});
});

describe('what machines send', () => {
	it('stands side by side when it comes together', () => {
		const doc = new Y.Doc();
		const sent = { lvidd: [machine('m1', 4.9), machine('m2', 5.0)] };
		expect(addMachineEntries(doc, sent)).toBe(2);
		expect(readField(doc, 'lvidd').map((entry) => entry.suggestion)).toEqual([false, false]);
	});

	it('changes nothing when it comes twice', () => {
		const doc = new Y.Doc();
		const sent = { lvidd: [machine('m1', 4.9)], ivsd: [machine('m2', 1.0)] };
		addMachineEntries(doc, sent);
		const before = Y.encodeStateAsUpdate(doc);
		expect(addMachineEntries(doc, sent)).toBe(0);
		expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
	});

	it("is a suggestion beside a person's value, never instead of it", () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', person('1', 4.9), []);
		addMachineEntries(doc, { lvidd: [machine('m1', 5.2)] });
		expect(readField(doc, 'lvidd').map(({ suggestion }) => suggestion)).toEqual([false, true]);
		expect(isConflict(readField(doc, 'lvidd'))).toBe(false);
	});

	it('is a suggestion when a second report names another number', () => {
		const doc = new Y.Doc();
		addMachineEntries(doc, { lvidd: [machine('m1', 5.2, '1.2.3')] });
		addMachineEntries(doc, { lvidd: [machine('m9', 5.4, '1.2.4')] });
		expect(readField(doc, 'lvidd').map(({ suggestion }) => suggestion)).toEqual([false, true]);
	});

	it('does not come back after a person replaced or emptied it', () => {
		const doc = new Y.Doc();
		const sent = { lvidd: [machine('m1', 5.2)], ivsd: [machine('m2', 1.0)] };
		addMachineEntries(doc, sent);
		setField(doc, 'lvidd', person('1', 4.9), ['m1']);
		clearField(doc, 'ivsd', ['m2']);
		expect(addMachineEntries(doc, sent)).toBe(0);
		expect([values(doc), values(doc, 'ivsd')]).toEqual([[4.9], []]);
	});

	it('is accepted by a person without losing where it came from', () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', person('1', 4.9), []);
		addMachineEntries(doc, { lvidd: [machine('m1', 5.2)] });
		resolveConflict(doc, 'lvidd', 'm1', stamp('2'), ['1', 'm1']);
		expect(readField(doc, 'lvidd')).toMatchObject([
			{ id: '2', value: 5.2, by: 'anna', suggestion: false, source: { kind: 'sr' } }
		]);
	});
});

describe('defaults of a worksheet', () => {
	const defaults = { 'mv.structure': 'normal', 'study.notes': ['a', 'b'] };

	it('Z1: go into empty fields, in nobody’s name, and once', () => {
		const doc = new Y.Doc();
		expect(addDefaults(doc, defaults, at)).toBe(2);
		expect(addDefaults(doc, defaults, at)).toBe(0);
		expect(readField(doc, 'mv.structure')).toMatchObject([
			{ value: 'normal', by: null, source: { kind: 'default' } }
		]);
	});

	it('Z1: leave alone what a person gave or took out', () => {
		const doc = new Y.Doc();
		setField(doc, 'mv.structure', person('p', 'thickened'), []);
		addDefaults(doc, defaults, at);
		expect(values(doc, 'mv.structure')).toEqual(['thickened']);
		clearField(doc, 'study.notes', ['default']);
		expect(addDefaults(doc, defaults, at)).toBe(0);
		expect(values(doc, 'study.notes')).toEqual([]);
	});

	it('Z1: make room for what a machine sends later', () => {
		const doc = new Y.Doc();
		addDefaults(doc, { lvidd: 'x' }, at);
		addMachineEntries(doc, { lvidd: [machine('m', 4.9)] });
		expect(readField(doc, 'lvidd')).toMatchObject([{ value: 4.9, suggestion: false }]);
	});

	it('are no conflict with what somebody gave who had not seen them', () => {
		const { a, b, meet } = pair();
		addDefaults(a, defaults, at);
		setField(b, 'mv.structure', person('p', 'thickened'), []);
		meet();
		expect(isConflict(readField(a, 'mv.structure'))).toBe(false);
	});
});
