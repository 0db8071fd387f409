import { describe, expect, it } from 'vitest';
import { editionUses } from '$lib/worksheet/edition-uses.ts';
import { worksheet } from '../../support/worksheet.ts';

describe('which editions decide something on a sheet', () => {
	it('stand in the section in which they decide most', () => {
		expect(editionUses(worksheet('adult-tte'))).toEqual([
			{ edition: 'profile', section: 'lv' },
			{ edition: 'diastology', section: 'diastology' },
			{ edition: 'rightHeart', section: 'rv' }
		]);
		expect(editionUses(worksheet('carotid-duplex'))).toEqual([
			{ edition: 'carotid', section: 'carotid_right' }
		]);
	});

	it('Y3: are none where nothing was decided twice', () => {
		const { sections, ...sheet } = worksheet('carotid-duplex');
		expect(editionUses({ ...sheet, sections, grades: [], statements: [] })).toEqual([]);
	});
});
