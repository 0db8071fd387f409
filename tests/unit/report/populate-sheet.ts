import { readFileSync } from 'node:fs';
import { isSided } from '$lib/dicom/sr/bindings.ts';
import type { Field, Measurement, ResolvedWorksheet } from '$lib/worksheet/definition.ts';

interface Row extends Omit<Measurement, 'codes'> {
	values?: string[];
}

/** Vessel segments that a carotid sheet has a resistance index for. */
const segments = ['cca_prox', 'cca_dist', 'ica_prox', 'ica_dist', 'eca', 'vert'];

/**
 * A sheet with a field for every measurement of the dictionary: what lands in a wrong field here
 * would land in a wrong field anywhere.
 */
export function wholeSheet(changes: Partial<ResolvedWorksheet> = {}): ResolvedWorksheet {
	const { rows } = JSON.parse(readFileSync('worksheets/measurements.json', 'utf8')) as {
		rows: Row[];
	};
	const measurements = Object.fromEntries(
		rows.map((row): [string, Measurement] => [row.id, { ...row, codes: [] }])
	);
	return {
		schema: 1,
		id: 'whole',
		version: '1.0.0',
		title: 'Everything',
		group: 'test',
		modalities: ['US'],
		maturity: 'C',
		procedures: [],
		sections: [{ id: 'all', short: 'All', title: 'All', fields: rows.flatMap(fieldsOf) }],
		measurements,
		formulas: [],
		normals: [],
		grades: [],
		statements: [],
		plausibility: [],
		crossChecks: [],
		sources: {},
		...changes
	} as ResolvedWorksheet;
}

function fieldsOf(row: Row): Field[] {
	const sites = row.id === 'vessel_ri' ? segments : [undefined];
	const sides = isSided(row.id) ? (['left', 'right'] as const) : [undefined];
	return sites.flatMap((site) =>
		sides.map((laterality): Field => ({
			id: [row.id, site, laterality].filter(Boolean).join('_'),
			kind: row.kind === 'coded' ? 'coded' : 'number',
			measurementId: row.id,
			label: null,
			options: (row.values ?? []).map((value) => ({
				code: value.split('=')[0] ?? value,
				label: value
			})),
			core: true,
			visibleWhen: null,
			requiredBeforeSign: false,
			computed: false,
			...(laterality ? { laterality } : {}),
			...(site ? { site } : {})
		}))
	);
}
