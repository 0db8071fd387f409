import { beforeAll, describe, expect, it } from 'vitest';
import { whatWouldChange } from '$lib/worksheet/change.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { defaultOptions } from '$lib/worksheet/evaluation.ts';
import { programOf } from '$lib/worksheet/program.ts';
import { createScope } from '$lib/worksheet/scope.ts';
import type { EntryValue } from '$lib/worksheet/entry.ts';
import { buildEntries, man, woman, worksheet } from '../../support/worksheet.ts';

function changes(grade: string, values: Record<string, EntryValue>, patient = woman) {
	const scope = createScope({
		program: programOf(worksheet()),
		entries: buildEntries(values),
		patient,
		options: defaultOptions
	});
	return whatWouldChange(scope, grade);
}

beforeAll(() => void worksheet(), 120_000);

describe('what would change a grade', () => {
	it('G9: names the nearest value that gives another answer, with that answer', () => {
		const found = changes('as_flow_gradient', { av_vmax: 3.9, av_pg_mean: 38, ava_vti: 1.2 });
		expect(found.find(({ field, to }) => field === 'av_vmax' && to > 3.9)).toMatchObject({
			from: 3.9,
			to: 4,
			unit: 'm/s'
		});
		expect(found.find(({ field, to }) => field === 'av_vmax' && to > 3.9)?.grade).not.toBeNull();
	});

	it('G9: of a parameter table names the borders of each band', () => {
		const found = changes('ar_severity', { ar_vc: 0.5 });
		expect(found.map(({ to, grade }) => [to, grade?.grade])).toEqual([
			[0.7, 'severe'],
			[0.2, 'mild']
		]);
		expect(found.every(({ from }) => from === 0.5)).toBe(true);
	});

	it('says nothing of a grade that is not given', () => {
		expect(changes('as_flow_gradient', {})).toEqual([]);
		expect(changes('no_such_grade', { av_vmax: 3 })).toEqual([]);
	});

	it('offers only what does change the answer, to the answer that it names', () => {
		for (const vmax of [1.5, 2.4, 2.9, 3, 3.5, 4, 4.9]) {
			const values = { av_vmax: vmax, ava_vti: 0.9 };
			const offered = changes('as_flow_gradient', values, man).filter(
				({ field }) => field === 'av_vmax'
			);
			expect(offered.length, `for ${vmax} m/s`).toBeGreaterThan(0);
			for (const { to, grade } of offered) {
				const entries = buildEntries({ ...values, av_vmax: to });
				const after = evaluate(worksheet(), entries, man).grades;
				expect(after.find(({ id }) => id === 'as_flow_gradient')?.grade).toEqual(grade);
			}
		}
	});
});
