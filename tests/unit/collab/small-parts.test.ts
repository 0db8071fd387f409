import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { closeCodes, kindOfClose, mayReconnect } from '$lib/collab/close-codes.ts';
import { documentMigrations, documentVersion, migrateDocument } from '$lib/collab/migrations.ts';
import { parseClaim, shownRole } from '$lib/collab/presence.ts';
import {
	carriesEdits,
	decodeMessage,
	decodePresence,
	encodePresence,
	encodeSyncStep1,
	encodeUpdate
} from '$lib/collab/wire.ts';

describe('close codes', () => {
	it('are told apart, and say whether to come back', () => {
		for (const [kind, code] of Object.entries(closeCodes)) expect(kindOfClose(code)).toBe(kind);
		expect([1006, 1001, 1011, 4429].every(mayReconnect)).toBe(true);
		expect([4400, 4401, 4403, 4409, 4410].some(mayReconnect)).toBe(false);
	});
});

describe('messages', () => {
	it('are read as they were written', () => {
		const bytes = new Uint8Array([1, 2, 3]);
		expect(decodeMessage(encodeUpdate(bytes))).toEqual({ kind: 'update', update: bytes });
		expect(decodeMessage(encodeSyncStep1(bytes))).toEqual({ kind: 'step1', stateVector: bytes });
		const entries = [{ clientId: 7, clock: 2, state: { field: 'a' } }];
		const message = decodeMessage(encodePresence(entries));
		expect(message.kind === 'presence' && decodePresence(message.payload, 100)).toEqual(entries);
		expect(carriesEdits(encodeUpdate(bytes))).toBe(true);
		expect(carriesEdits(encodeSyncStep1(bytes))).toBe(false);
	});

	it.each([
		['nothing', []],
		['an unknown kind', [9]],
		['an unknown sync kind', [0, 7, 0]],
		['a length beyond the end', [0, 2, 200, 1]],
		['a length of four thousand million', [0, 2, 255, 255, 255, 255, 15]],
		['bytes after the end', [0, 2, 1, 1, 1]]
	])('refuse %s', (_, bytes) => {
		expect(() => decodeMessage(Uint8Array.from(bytes))).toThrow();
	});
});

describe('presence', () => {
	it('takes what makes sense of a claim and drops the rest', () => {
		const claim = parseClaim({
			field: 'lvidd',
			viewport: { sopInstanceUid: '../x', frame: 1, playing: true },
			user: { name: 'Dr. Evil' },
			following: -1
		});
		expect(claim).toEqual({ field: 'lvidd', viewport: null, cursor: null, following: null });
		expect(parseClaim('x')).toEqual(parseClaim({}));
	});

	it('shows the role that says most', () => {
		expect(shownRole(['admin', 'physician'])).toBe('physician');
		expect(shownRole(['admin', 'sonographer'])).toBe('sonographer');
	});
});

describe('document migrations', () => {
	const steps = [
		{ name: 'first', from: 1, run: (doc: Y.Doc) => doc.getMap('x').set('a', 1) },
		{ name: 'second', from: 2, run: (doc: Y.Doc) => doc.getMap('x').set('b', 2) }
	];

	it('run in order, once', () => {
		const doc = new Y.Doc();
		expect(migrateDocument(doc, steps)).toEqual(['first', 'second']);
		expect(documentVersion(doc)).toBe(3);
		expect(migrateDocument(doc, steps)).toEqual([]);
	});

	it('lead from each version to the next without a hole', () => {
		expect(documentMigrations.map(({ from }) => from)).toEqual(
			documentMigrations.map((_, i) => i + 1)
		);
	});
});
