import { describe, expect, it } from 'vitest';
import {
	compareFormulas,
	compareRules,
	hasCollection,
	otherwise
} from '../../support/collection.ts';
import type { Compared } from '../../support/collection.ts';
import { checkedLibrary } from '../../support/worksheet.ts';

const { library } = checkedLibrary();
const inWords = (compared: readonly Compared[]) =>
	compared.flatMap(({ id, failures }) => failures.map((each) => `${id}: ${each}`));
const absent = (compared: readonly Compared[]) =>
	compared.filter(({ own, id }) => own === null && !otherwise[id]).map(({ id }) => id);

describe.skipIf(!hasCollection)('against facts that others gathered', () => {
	it('every worked example comes out, in their words and in ours', () => {
		const compared = compareFormulas(library);
		expect(inWords(compared)).toEqual([]);
		expect(absent(compared)).toEqual([]);
	});

	it('every test of a rule comes out, in their words and in ours', () => {
		const compared = compareRules(library);
		expect(inWords(compared)).toEqual([]);
		expect(absent(compared)).toEqual([]);
	});
});
