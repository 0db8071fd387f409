import { describe, expect, it } from 'vitest';
import { chooseType, partChoices, readAccept, readMediaType } from '$lib/server/dicomweb/accept.ts';

describe('an Accept header', () => {
	it('orders by quality and keeps the order of equals', () => {
		const header = 'text/html;q=0.1, image/png, image/jpeg;q=0.9, image/gif;q=0';
		expect(readAccept(header).map((r) => r.type)).toEqual(['image/png', 'image/jpeg', 'text/html']);
	});

	it('is everything when it is missing', () => {
		expect(readAccept(null)).toEqual([{ type: '*/*', parameters: {}, q: 1 }]);
		expect(readAccept('  ')).toHaveLength(1);
	});

	it('skips what is no media type', () => {
		expect(readAccept('%%%, image/png').map((r) => r.type)).toEqual(['image/png']);
	});

	it('gives a browser’s picture request the picture', () => {
		const browser = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
		expect(chooseType(readAccept(browser), ['image/jpeg', 'image/png'])).toBe('image/jpeg');
		expect(chooseType(readAccept('image/gif'), ['image/jpeg', 'image/png'])).toBe(null);
	});

	it('reads quoted types with a slash, and separators inside quotes', () => {
		const header =
			'multipart/related; type="application/dicom"; transfer-syntax=*, application/dicom';
		expect(partChoices(readAccept(header), ['application/dicom'])).toEqual([
			{ single: false, type: 'application/dicom', transferSyntax: '*' },
			{ single: true, type: 'application/dicom', transferSyntax: null }
		]);
		expect(readMediaType('multipart/related; boundary="a;b,\\"c"')?.parameters.boundary).toBe(
			'a;b,"c'
		);
	});

	it('has no inherited parameters', () => {
		expect(readMediaType('a/b')?.parameters.constructor).toBeUndefined();
	});
});
