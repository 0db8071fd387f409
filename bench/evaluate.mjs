/**
 * One evaluation of the adult echo, as the reading room makes it at every change: all fields given,
 * and those of a usual study. The floor writes the answer out and reads it again (JSON), which is
 * what it costs to hold the answer in one's hands at all. `npm run bench -- evaluate`
 */
import { readWorksheetFiles } from '../src/lib/server/worksheets/library.ts';
import { evaluate } from '../src/lib/worksheet/evaluate.ts';
import { readLibrary } from '../src/lib/worksheet/read-library.ts';
import { resolveWorksheet } from '../src/lib/worksheet/resolve.ts';
import { usualEntries } from '../tests/forms/page/fill.ts';
import { inBlocks, median, ratioOf, report, unrest } from './support/blocks.mjs';

const most = 2;
const evaluations = 20;
const { library } = readLibrary(readWorksheetFiles(`${import.meta.dirname}/../worksheets`));
const worksheet = resolveWorksheet(library, 'adult-tte');
const patient = { sex: 'female', ageYears: 62 };
const sheets = {
	'every field given': usualEntries(worksheet),
	'core fields given': usualEntries(worksheet, (field) => field.core)
};

const tasks = Object.fromEntries(
	Object.entries(sheets).flatMap(([name, entries]) => {
		const answer = evaluate(worksheet, entries, patient);
		return [
			[name, () => evaluate(worksheet, entries, patient)],
			[`${name}, floor`, () => JSON.parse(JSON.stringify(answer))]
		];
	})
);
const repeated = Object.fromEntries(
	Object.entries(tasks).map(([name, task]) => [
		name,
		() => {
			for (let time = 0; time < evaluations; time++) task();
		}
	])
);
const times = await inBlocks(repeated, { blocks: 30, warmUp: 5 });
const one = (name) => median(times[name]) / evaluations;
/** Other work on the machine only adds: the quickest block is the one it touched least. */
const fastest = (name) => Math.min(...times[name]) / evaluations;

console.log(`control ×${unrest(times).toFixed(2)}`);
report(
	Object.entries(sheets).map(([name, entries]) => {
		const { values, flags, grades, statements, findings } = evaluate(worksheet, entries, patient);
		const floor = `${name}, floor`;
		const ratio = ratioOf(times[name], times[floor]);
		const count = (items) => Object.keys(items).length;
		return {
			name: `evaluation of the adult echo, ${name}`,
			value: `${fastest(name).toFixed(2)} ms`,
			target: `≤ ${most} ms`,
			met: fastest(name) <= most,
			note:
				`${count(entries)} fields → ${count(values)} values, ${count(flags)} flags, ` +
				`${count(grades)} grades, ${count(statements)} statements, ${count(findings)} findings; ` +
				`median ${one(name).toFixed(2)} ms, ${ratio.toFixed(1)}× the floor of ${one(floor).toFixed(2)} ms`
		};
	})
);
