import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script without types
import { pseudo, pseudoMessages } from '../../../scripts/pseudo-locale.mjs';

it('accents letters, keeps places and grows by a third', () => {
	expect(pseudo('Open {count} loops')).toBe('[Ópéñ {count} lóópš~~~~]');
});

it('is generated from the English messages as they are', () => {
	const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
	expect(read('messages/x-pseudo.json')).toEqual(pseudoMessages(read('messages/en.json')));
});
