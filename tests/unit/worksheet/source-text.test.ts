import { describe, expect, it } from 'vitest';
import { sourceText } from '$lib/worksheet/source-text.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';

describe('a copy of a worksheet as text', () => {
	it('ends with its sections, so that one more can be written below', () => {
		const text = sourceText(worksheetLibrary().parts, 'carotid-duplex') ?? '';
		expect(text).toContain('accreditation:');
		expect(text.match(/^\w+:/gm)?.at(-1)).toBe('sections:');
	});
});
