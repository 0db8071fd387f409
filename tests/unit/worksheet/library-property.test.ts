import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '$lib/worksheet/definition.ts';
import type { Entries, EntryValue } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import type { Evaluation } from '$lib/worksheet/evaluation.ts';
import { buildEntry, buildMachineEntry, worksheetLibrary } from '../../support/worksheet.ts';

const long = process.env.READROOM_LONG === '1';
const library = worksheetLibrary();
const ids = library.list().map(({ id }) => id);
/** Spread over the whole list, so that every department has some. */
const chosen = long ? ids : ids.filter((_, index) => index % Math.ceil(ids.length / 30) === 0);

function valueFor(field: Field): fc.Arbitrary<EntryValue> {
	const odd = fc.oneof(
		fc.constantFrom<EntryValue>(null, '', '1,5', 'NaN', '__proto__', [], NaN, Infinity, -0),
		fc.double(),
		fc.string()
	);
	const number = fc.double({ min: -5, max: 400, noNaN: true });
	const codes = field.options.map(({ code }) => code);
	const usual: fc.Arbitrary<EntryValue> =
		field.kind === 'number' || codes.length === 0
			? number
			: field.kind === 'multi-coded'
				? fc.subarray(codes)
				: fc.constantFrom(...codes);
	return fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

function entriesFor(fields: readonly Field[]): fc.Arbitrary<Entries> {
	return fc
		.subarray([...fields], { minLength: 1, maxLength: Math.min(60, fields.length) })
		.chain((some) =>
			fc.tuple(
				...some.map((field) =>
					fc.tuple(fc.constant(field.id), fc.array(valueFor(field), { maxLength: 2 }), fc.boolean())
				)
			)
		)
		.map((drawn) =>
			Object.fromEntries(
				drawn.map(([id, values, machine]) => [
					id,
					values.map((value) => (machine ? buildMachineEntry(value) : buildEntry(value)))
				])
			)
		);
}

function everyNumberIn({ results, values, grades }: Evaluation): number[] {
	return [
		...results.flatMap(({ value }) => (value === null ? [] : [value])),
		...Object.values(values).flatMap(({ value }) => (typeof value === 'number' ? [value] : [])),
		...grades.flatMap(({ parameters }) => parameters.map(({ value }) => value))
	];
}

describe('T1: evaluation is total and deterministic', () => {
	it.each(chosen)('in %s', { timeout: 120_000 }, (id) => {
		const worksheet = library.resolve(id);
		if (!worksheet) throw new Error(`there is no ${id}`);
		const fields = worksheet.sections.flatMap((section) => section.fields);
		const patient = fc.record({
			sex: fc.constantFrom('female' as const, 'male' as const, 'unknown' as const),
			ageYears: fc.option(fc.integer({ min: 0, max: 110 }))
		});
		fc.assert(
			fc.property(entriesFor(fields), patient, (entries, person) => {
				const once = evaluate(worksheet, entries, person);
				expect(everyNumberIn(once).every(Number.isFinite)).toBe(true);
				const turned = Object.fromEntries(Object.entries(entries).reverse());
				const again = evaluate(structuredClone(worksheet), turned, person);
				expect({ ...again, findings: again.findings.length }).toEqual({
					...once,
					findings: once.findings.length
				});
			}),
			{ numRuns: long ? 60 : 12 }
		);
	});
});
