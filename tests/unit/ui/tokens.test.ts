import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/app.css', 'utf8');

function setOf(theme: 'dark' | 'light'): Record<string, string> {
	const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
	return Object.fromEntries(
		[...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1]!, m[2]!])
	);
}

/** WCAG 2.2, relative luminance of an sRGB colour. */
function luminance(hex: string): number {
	const [r, g, b] = [1, 3, 5].map((at) => {
		const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
	const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
	return (hi + 0.05) / (lo + 0.05);
}

const surfaces = ['surface', 'panel', 'raised', 'hover'];
const inks = [
	'ink',
	'muted',
	'faint',
	'accent',
	'mild',
	'moderate',
	'severe',
	'conflict',
	'unconfirmed',
	'positive',
	'draft',
	'preliminary',
	'final',
	'amended'
];

for (const theme of ['dark', 'light'] as const) {
	const set = setOf(theme);
	const token = (name: string): string => {
		const value = set[name];
		if (!value) throw new Error(`no token --${name} in the ${theme} set`);
		return value;
	};

	describe(`the ${theme} tokens`, () => {
		it.each(surfaces.flatMap((s) => inks.map((i) => [i, s] as const)))(
			'%s on %s is at least 4.5:1',
			(ink, surface) => {
				expect(contrast(token(ink), token(surface))).toBeGreaterThanOrEqual(4.5);
			}
		);

		it.each([
			['on-accent', 'accent'],
			['severe', 'severe-soft'],
			['conflict', 'conflict-soft'],
			['ink', 'severe-soft'],
			['ink', 'conflict-soft'],
			['ink', 'accent-soft'],
			['accent', 'accent-soft']
		])('%s on %s is at least 4.5:1', (ink, surface) => {
			expect(contrast(token(ink), token(surface))).toBeGreaterThanOrEqual(4.5);
		});

		it.each(surfaces.flatMap((s) => ['edge', 'focus'].map((i) => [i, s] as const)))(
			'%s on %s is at least 3:1',
			(line, surface) => {
				expect(contrast(token(line), token(surface))).toBeGreaterThanOrEqual(3);
			}
		);
	});
}

it('both sets name the same tokens', () => {
	expect(Object.keys(setOf('light')).sort()).toEqual(Object.keys(setOf('dark')).sort());
});
