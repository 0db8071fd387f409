import { describe, expect, it } from 'vitest';
import { seal, unseal } from '$lib/server/secrets/seal.ts';

const key = 'kR3v0sZk2m1fXq9bWc8dTn5pLh7gYj4u';

describe('a sealed secret', () => {
	it('opens with its key in its own place, and says nothing by itself', () => {
		const sealed = seal(key, 'destination:1', 'Basic aW5ncmlkOnNhbmQ=');
		expect(sealed).not.toContain('aW5ncmlk');
		expect(unseal(key, 'destination:1', sealed)).toBe('Basic aW5ncmlkOnNhbmQ=');
		expect(seal(key, 'destination:1', 'same')).not.toBe(seal(key, 'destination:1', 'same'));
	});

	it('opens neither elsewhere, nor with another key, nor after a change', () => {
		const sealed = seal(key, 'destination:1', 'secret');
		const [version, iv, text = '', tag] = sealed.split('.');
		const changed = [version, iv, text.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')), tag].join(
			'.'
		);
		const short = [version, iv, text, tag?.slice(0, 6)].join('.');
		for (const open of [
			() => unseal(key, 'destination:2', sealed),
			() => unseal(key.replace('k', 'x'), 'destination:1', sealed),
			() => unseal(key, 'destination:1', changed),
			() => unseal(key, 'destination:1', short),
			() => unseal(key, 'destination:1', 'v2' + sealed.slice(2)),
			() => unseal(key, 'destination:1', '')
		]) {
			expect(open).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
		}
	});
});
