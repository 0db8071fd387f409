import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { personEntry, readField, setField } from '$lib/collab/doc-fields.ts';
import { setAnnotation } from '$lib/collab/doc-annotations.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText, openRoots, rightOfRoot, textNames } from '$lib/collab/report-doc.ts';
import { analyseUpdate, type Analysis } from '$lib/collab/update-analysis.ts';
import { hidesPrototype } from '$lib/collab/hidden-keys.ts';
import { seededRandom } from '../../support/random.ts';

const at = '2026-03-02T09:00:00.000Z';
const entry = (id: string, value: number) => personEntry({ id, by: 'anna', at }, value, 'cm');

function copyOf(doc: Y.Doc): Y.Doc {
	const copy = new Y.Doc();
	openRoots(copy);
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
}

/** What `write` on a copy would send. */
function sent(doc: Y.Doc, write: (doc: Y.Doc) => void): Uint8Array {
	const copy = copyOf(doc);
	const updates: Uint8Array[] = [];
	copy.on('update', (update: Uint8Array) => updates.push(update));
	write(copy);
	return Y.mergeUpdates(updates);
}

function change(analysis: Analysis) {
	if (analysis.kind !== 'change') throw new Error(`is ${analysis.kind}`);
	return analysis;
}

describe('an update is understood before it is applied', () => {
	it('by the roots and keys it touches, with what stood there', () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', entry('1', 4.9), []);
		const update = sent(doc, (copy) => {
			setField(copy, 'lvidd', entry('2', 5.1), ['1']);
			editText(copy, conclusionText, 'Fine.');
		});
		const { roots, changes } = change(analyseUpdate(doc, update));
		expect([...roots].sort()).toEqual(['fields', 'interpretation']);
		expect(changes).toEqual([
			{ root: 'fields', key: 'lvidd/2', action: 'add', value: entry('2', 5.1), before: null },
			{
				root: 'fields',
				key: 'lvidd/1',
				action: 'delete',
				value: entry('1', 4.9),
				before: entry('1', 4.9)
			},
			{
				root: 'interpretation',
				key: conclusionText,
				action: 'change',
				value: { inserted: 'Fine.', deleted: 0 },
				before: null
			}
		]);
	});

	it('as nothing, when all of it is known', () => {
		const doc = new Y.Doc();
		setField(doc, 'lvidd', entry('1', 4.9), []);
		setField(doc, 'lvidd', entry('2', 5.1), ['1']);
		expect(analyseUpdate(doc, Y.encodeStateAsUpdate(doc)).kind).toBe('nothing');
	});

	it('as incomplete, when it builds on something unseen or deletes it', () => {
		const author = new Y.Doc();
		editText(author, conclusionText, 'one');
		const vector = Y.encodeStateVector(author);
		editText(author, conclusionText, 'one two');
		const gap = Y.encodeStateAsUpdate(author, vector);
		expect(analyseUpdate(new Y.Doc(), gap).kind).toBe('incomplete');
		const deletion = sent(author, (copy) => editText(copy, conclusionText, ''));
		expect(analyseUpdate(new Y.Doc(), deletion).kind).toBe('incomplete');
	});

	it('without being changed by looking', () => {
		const doc = new Y.Doc();
		openRoots(doc);
		const before = Y.encodeStateAsUpdate(doc);
		const update = sent(doc, (copy) => setField(copy, 'lvidd', entry('1', 4.9), []));
		analyseUpdate(doc, update);
		expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
		expect(doc.store.pendingStructs).toBeNull();
	});

	it('exactly as Yjs then applies it, for random edits of many authors', () => {
		const seeds = process.env.READROOM_LONG === '1' ? 300 : 12;
		for (let seed = 1; seed <= seeds; seed += 1) {
			const random = seededRandom(seed);
			const doc = new Y.Doc();
			openRoots(doc);
			const authors = [copyOf(doc), copyOf(doc), copyOf(doc)];
			for (let step = 0; step < 60; step += 1) {
				const author = random.pick(authors);
				const before = Y.encodeStateVector(author);
				for (let n = random.int(1, 4); n > 0; n -= 1)
					editOnce(author, random, `${seed}-${step}-${n}`);
				const update = Y.encodeStateAsUpdate(author, before);

				const analysis = analyseUpdate(doc, update);
				const touched = new Set<string>();
				const listener = (transaction: Y.Transaction) => {
					for (const [type, keys] of transaction.changed) {
						const name = Y.findRootTypeKey(type);
						for (const key of keys) {
							touched.add(key === null ? `${name}` : `${rightOfRoot(name)}:${key}`);
						}
					}
				};
				const store = doc.store;
				doc.on('afterTransaction', listener);
				Y.applyUpdate(doc, analysis.kind === 'change' ? analysis.update : update);
				doc.off('afterTransaction', listener);
				expect(store.pendingStructs, `seed ${seed}`).toBeNull();

				const said = analysis.kind === 'change' ? analysis.changes : [];
				for (const { root, key } of said) {
					const name = textNames.some((text) => text === key) ? key : `${root}:${key}`;
					expect(touched.has(name), `seed ${seed}: ${name}`).toBe(true);
				}
				// Whatever changed lies in a root that the analysis named (K6).
				const roots: ReadonlySet<string> =
					analysis.kind === 'change' ? analysis.roots : new Set<string>();
				for (const name of touched) {
					const root = name.includes(':') ? (name.split(':')[0] ?? '') : rightOfRoot(name);
					expect(roots.has(root ?? ''), `seed ${seed}: ${name}`).toBe(true);
				}
				if (random.chance(0.3)) Y.applyUpdate(random.pick(authors), Y.encodeStateAsUpdate(doc));
			}
			for (const author of authors) Y.applyUpdate(author, Y.encodeStateAsUpdate(doc));
		}
	}, 120_000);
});

function editOnce(doc: Y.Doc, random: ReturnType<typeof seededRandom>, id: string): void {
	if (random.chance(0.5)) {
		const field = random.pick(['lvidd', 'ivsd', 'la_vol']);
		setField(
			doc,
			field,
			entry(id, random.int(1, 99)),
			readField(doc, field).map((held) => held.id)
		);
	} else if (random.chance(0.5)) {
		const name = random.pick(textNames);
		const text = doc.getText(name).toString();
		const from = random.int(0, text.length);
		editText(
			doc,
			name,
			text.slice(0, from) + random.pick(['x', 'yz', '']) + text.slice(from + random.int(0, 3))
		);
	} else {
		setAnnotation(doc, {
			id: `a${random.int(1, 3)}`,
			tool: 'length',
			studyUid: '1.2',
			seriesUid: '1.2',
			sopInstanceUid: '1.2',
			frame: 1,
			points: [[random.int(0, 9), 1]],
			region: null,
			value: null,
			unit: null,
			label: '',
			field: null,
			by: 'anna',
			at
		});
	}
}

describe('a key that hides in the bytes', () => {
	it('is found, and the same word in a text is not', () => {
		const hidden = new Y.Doc();
		hidden.getMap('fields').set('a/b', JSON.parse('{"__proto__":1}'));
		expect(hidesPrototype(Y.encodeStateAsUpdate(hidden))).toBe(true);
		const open = new Y.Doc();
		open.getText(conclusionText).insert(0, 'the key __proto__ of JavaScript');
		open.getMap('comments').set('c', { text: '__proto__' });
		expect(hidesPrototype(Y.encodeStateAsUpdate(open))).toBe(false);
	});
});
