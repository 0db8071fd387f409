import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, contentHash } from '$lib/report/canonical.ts';

it('the order of keys changes nothing', () => {
	expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
		'{"a":[{"c":"x","d":null}],"b":1}'
	);
	expect(contentHash({ b: 1, a: 2 })).toBe(contentHash({ a: 2, b: 1 }));
});

it('a key without a value is left out', () => {
	expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

it('the hash is SHA-256 of the UTF-8 text', () => {
	// printf '{"name":"M\303\274ller"}' | sha256sum
	expect(contentHash({ name: 'Müller' })).toBe(
		'5e92260d138e28f7118a40c3c44be922d4569a39f9f1de676ca334cf19c3a37c'
	);
});

it('what JSON would change on the way is refused', () => {
	for (const value of [NaN, Infinity, () => 1, new Date(0), new Map(), Symbol('x'), 1n]) {
		expect(() => canonicalJson({ value: [value] })).toThrow();
		expect(() => canonicalJson({ value })).toThrow();
	}
});

it('two contents have one hash only when they are equal as JSON', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
			expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(a)));
			expect(contentHash(a) === contentHash(b)).toBe(canonicalJson(a) === canonicalJson(b));
		})
	);
});
