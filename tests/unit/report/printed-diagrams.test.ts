import { describe, expect, it } from 'vitest';
import { buildVersion } from '../../support/version.ts';
import { buildEntries, worksheet } from '../../support/worksheet.ts';

const diagramsOf = (id: string, values: Record<string, number | string>) =>
	buildVersion(worksheet(id), buildEntries(values)).body.sections.flatMap(
		({ diagrams = [] }) => diagrams
	);

describe('the pictures of a signed report', () => {
	it('are left out while nothing in them is answered', () => {
		expect(diagramsOf('carotid-duplex', { cca_dist_psv_right: 60 })).toEqual([]);
	});

	it('hold what is needed to draw them without the worksheet', () => {
		const [map] = diagramsOf('carotid-duplex', {
			ica_prox_psv_right: 290,
			ica_prox_edv_right: 110,
			cca_dist_psv_right: 60
		});
		if (map?.kind !== 'vessels') throw new Error('there is no vessel map');
		expect(map.vessels.find(({ key }) => key === 'ica_right')).toMatchObject({ level: 'severe' });
		expect(map.vessels.find(({ key }) => key === 'ica_left')).toMatchObject({ text: '' });
	});

	it('show a polar map segment by segment', () => {
		const sheet = worksheet('adult-tte');
		const diagram = sheet.sections
			.flatMap(({ diagrams = [] }) => diagrams)
			.find(({ kind }) => kind === 'bullseye');
		if (diagram?.kind !== 'bullseye') throw new Error('the sheet has lost its polar map');
		const [map] = diagramsOf('adult-tte', { [diagram.fields[1] ?? '']: '3' });
		if (map?.kind !== 'bullseye') throw new Error('there is no polar map');
		expect(map.cells).toHaveLength(17);
		expect(map.cells[1]).toMatchObject({ value: '3' });
		expect(map.cells[0]).toMatchObject({ value: null, text: '' });
	});
});
