import { describe, expect, it } from 'vitest';
import { runCases } from '$lib/worksheet/cases.ts';
import { checkWorksheet } from '$lib/worksheet/check-worksheet.ts';
import { worksheetSchema } from '$lib/worksheet/file-schemas.ts';
import { newWorksheetFiles } from '$lib/worksheet/new-worksheet.ts';
import { parseFile } from '$lib/worksheet/source-files.ts';
import { worksheetLibrary } from '../../support/worksheet.ts';

describe('a new worksheet', () => {
	it.each([
		['of its own', {}],
		['within a frame', { frame: 'imaging' }],
		['that varies another', { base: 'carotid-duplex' }]
	])('%s passes the check and its golden cases', { timeout: 60_000 }, (_, more) => {
		const library = worksheetLibrary().parts;
		const files = newWorksheetFiles({
			id: 'brand-new',
			title: 'Brand new',
			group: 'echo',
			modalities: ['US'],
			procedures: ['Brand New'],
			...more
		});
		const [path = ''] = Object.keys(files);
		const { located, problems } = parseFile(path, files[path] ?? '', worksheetSchema);
		expect(problems).toEqual([]);
		if (!located) throw new Error('not read');
		expect(checkWorksheet(library, located)).toEqual([]);
		const alone = {
			...library,
			sections: new Map(library.sections),
			worksheets: new Map([['brand-new', located]])
		};
		if (!('base' in more)) expect(runCases(alone, new Map(Object.entries(files)))).toEqual([]);
	});
});
