import { describe, expect, it } from 'vitest';
import { longestImport } from '$lib/worksheet/exchange/draft.ts';
import { decoded, readTemplate } from '$lib/worksheet/ui/authoring/template-file.ts';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('the text of a template file', () => {
	it.each([
		['UTF-8', new TextEncoder().encode('Länge')],
		['UTF-8 with its mark', bytes(0xef, 0xbb, 0xbf, ...new TextEncoder().encode('Länge'))],
		['Windows-1252', bytes(0x4c, 0xe4, 0x6e, 0x67, 0x65)],
		['UTF-16', bytes(0xff, 0xfe, 0x4c, 0, 0xe4, 0, 0x6e, 0, 0x67, 0, 0x65, 0)]
	])('of %s keeps its umlauts', (_, file) => {
		expect(decoded(file)).toBe('Länge');
	});

	it('is not even read when the file is too large for a template', async () => {
		const small = new File(['x'.repeat(longestImport)], 'a.html');
		expect(await readTemplate(small)).toMatchObject({ text: expect.any(String) as string });
		for (const size of [longestImport + 1, longestImport * 4 + 1]) {
			const large = new File(['x'.repeat(size)], 'a.html');
			expect(await readTemplate(large)).toMatchObject({
				wrong: expect.stringContaining(String(size)) as string
			});
		}
	});
});
