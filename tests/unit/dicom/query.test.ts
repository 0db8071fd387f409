import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { matchesFilters, parseQuery, project, wildcardMatches } from '$lib/dicom/query.ts';
import type { DicomJson } from '$lib/dicom/json.ts';

const study: DicomJson = {
	'00080020': { vr: 'DA', Value: ['20260312'] },
	'00080030': { vr: 'TM', Value: ['101559.123'] },
	'00080061': { vr: 'CS', Value: ['SR', 'US'] },
	'00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
	'00100020': { vr: 'LO', Value: ['P-1'] },
	'0020000D': { vr: 'UI', Value: ['1.2.3'] },
	'00104000': { vr: 'LT', Value: ['private words'] }
};

describe('a search', () => {
	it.each([
		[{ StudyDate: '20260312' }, true],
		[{ StudyDate: '20260301-20260331' }, true],
		[{ StudyDate: '-20260311' }, false],
		[{ StudyDate: '20260313-' }, false],
		[{ StudyTime: '1015' }, true],
		[{ StudyTime: '1000-1014' }, false],
		[{ StudyTime: '100000-101600' }, true],
		[{ ModalitiesInStudy: 'US' }, true],
		[{ ModalitiesInStudy: 'CT,US' }, true],
		[{ ModalitiesInStudy: 'CT\\MR' }, false],
		[{ PatientName: 'yamada*' }, true],
		[{ PatientName: 'YAMADA^TAROU^' }, true],
		[{ PatientName: '山田*' }, true],
		[{ PatientName: 'Yamada' }, false],
		[{ PatientID: 'p-?' }, true],
		[{ StudyInstanceUID: '9,1.2.3' }, true],
		[{ StudyInstanceUID: '1.2' }, false],
		[{ StudyInstanceUID: '1.2.*' }, false],
		[{ AccessionNumber: '' }, true],
		[{ AccessionNumber: 'X' }, false],
		[{ '00100020': 'P-1', StudyDate: '2026' }, true],
		[{ NotAnAttribute: '1' }, false]
	] as const)('%j: %s', (filters, expected) => {
		expect(matchesFilters('studies', study, filters as Record<string, string>)).toBe(expected);
	});

	it('is read from the parameters of a request, by keyword or tag', () => {
		const params = new URLSearchParams(
			'PatientID=A&00080020=20260101-&includefield=StudyDescription,00081070&includefield=all&limit=5000&offset=20&fuzzymatching=true'
		);
		expect(parseQuery('studies', params)).toEqual({
			filters: { PatientID: 'A', StudyDate: '20260101-' },
			includeFields: ['00081030', '00081070'],
			limit: 1000,
			offset: 20
		});
	});

	it.each([
		'Nonsense=1',
		'__proto__=1',
		'constructor=x',
		'SOPInstanceUID=1',
		'limit=-1',
		'offset=x',
		'includefield=Nope',
		'PatientID=1&00100020=2'
	])('refuses %s', (query) => {
		expect(() => parseQuery('studies', new URLSearchParams(query))).toThrow();
	});

	it('may narrow by the levels above, not below', () => {
		expect(parseQuery('series', new URLSearchParams('PatientID=1&Modality=SR')).filters).toEqual({
			PatientID: '1',
			Modality: 'SR'
		});
		expect(() => parseQuery('studies', new URLSearchParams('Modality=SR'))).toThrow();
	});

	it('returns what is listed or asked for, and nothing else', () => {
		const asked = project('studies', study, { filters: {}, includeFields: [] });
		expect(Object.keys(asked)).not.toContain('00104000');
		expect(Object.keys(asked)).toContain('00080061');
		const more = project('studies', study, { filters: {}, includeFields: ['00104000'] });
		expect(Object.keys(more)).toContain('00104000');
	});

	it('matches wildcards like a regular expression does, in time', () => {
		const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
		const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
		fc.assert(
			fc.property(patterns, letters, (pattern, value) => {
				const source = pattern.replace(/\./g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.');
				expect(wildcardMatches(pattern, value)).toBe(new RegExp(`^${source}$`, 's').test(value));
			})
		);
		expect(wildcardMatches('*a'.repeat(500) + 'b', 'a'.repeat(50_000))).toBe(false);
	});
});
