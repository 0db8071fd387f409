import { describe, expect, it } from 'vitest';
import { bandDisorder } from '$lib/worksheet/check.ts';
import { describeProblem } from '$lib/server/worksheets/library.ts';
import { checkedLibrary, worksheetFiles } from '../../support/worksheet.ts';

// All files are read here, once; a test then reads only the one it changes.
expect(checkedLibrary().problems).toEqual([]);

/** The first problem that a change in one file makes in it, or else anywhere, as it is printed. */
function problemAfter(file: string, change: (text: string) => string): string {
	const text = worksheetFiles().get(file) ?? '';
	const changed = change(text);
	expect(changed, `the change applies to ${file}`).not.toBe(text);
	const { problems } = checkedLibrary({ [file]: changed });
	const first = problems.find((problem) => problem.file === file) ?? problems[0];
	return first ? describeProblem(first) : 'nothing is wrong';
}

function lineOf(file: string, words: string): number {
	const lines = (worksheetFiles().get(file) ?? '').split('\n');
	return lines.findIndex((line) => line.includes(words)) + 1;
}

describe('a mistake in the files is told with file and line', () => {
	it('C1: a file that cannot be read', () => {
		const problem = problemAfter('echo/adult-tte.yaml', (text) => `${text}\n  - [`);
		expect(problem).toMatch(/^echo\/adult-tte\.yaml:\d+: /);
	});

	it('C1: a file of megabytes, before it is parsed', () => {
		const file = 'echo/adult-tte.yaml';
		const problem = problemAfter(file, (text) => text + '# padding\n'.repeat(1_000_000));
		expect(problem).toMatch(/^echo\/adult-tte\.yaml:\d+: goes on beyond 1,000,000 characters/);
	});

	it('C1: aliases of aliases', () => {
		const rows = [...'bcdefghi'].map(
			(name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`
		);
		const text = ['a: &a [x, x, x]', ...rows].join('\n');
		expect(problemAfter('echo/adult-tte.yaml', () => text)).toMatch(
			/^echo\/adult-tte\.yaml:2: an alias \(\*\) within/
		);
	});

	it('C1: a key that does not exist', () => {
		const file = 'sections/echo/aorta.yaml';
		expect(problemAfter(file, (text) => text.replace('title:', 'titel:'))).toContain('title: ');
	});

	it('C2: a field that is no measurement', () => {
		const file = 'sections/echo/aorta.yaml';
		const line = lineOf(file, '  - ao_desc');
		expect(problemAfter(file, (text) => text.replace('  - ao_desc\n', '  - ao_descending\n'))).toBe(
			`${file}:${line}: there is no measurement "ao_descending". See measurements.json for the id.`
		);
	});

	it('C3: a name in a condition that does not exist', () => {
		const file = 'sections/echo/aorta.yaml';
		const line = lineOf(file, 'when: known(flag.ao_asc)');
		expect(
			problemAfter(file, (text) => text.replace('known(flag.ao_asc)', 'known(flag.ao_ascending)'))
		).toContain(
			`${file}:${line}: "known(flag.ao_ascending)": there is no "flag.ao_ascending" here`
		);
	});

	it.each([
		['contradictions/echo.yaml', 'lvef_reported < 50', 'lvef_said < 50'],
		['contradictions/echo.yaml', 'flag.la_volume_index == "severe"', 'flag.la_vol == "severe"'],
		['plausibility/echo.yaml', 'mustHold: lvids < lvidd', 'mustHold: lvids < lvid']
	])('C3: a name in %s that no worksheet has', (file, right, wrong) => {
		const problem = problemAfter(file, (text) => text.replace(right, wrong));
		expect(problem).toContain(`${file}:${lineOf(file, right)}: `);
		expect(problem).toContain('there is no "');
	});

	it('C4: a number where a condition should be', () => {
		const file = 'sections/echo/right-ventricle.yaml';
		expect(
			problemAfter(file, (text) =>
				text.replace('when: flag.rv_wall == "abnormal"', 'when: rv_wall')
			)
		).toContain('"rv_wall" is a number, not a condition');
	});

	it('C5: a formula that does not yield the unit of its field', () => {
		const file = 'formulas/echo.yaml';
		expect(
			problemAfter(file, (text) =>
				text.replace('100 * (lvidd - lvids) / lvidd', '100 * (lvidd - lvids)')
			)
		).toContain('does not yield %');
	});

	it('C5: quantities that cannot be added', () => {
		const file = 'formulas/echo.yaml';
		expect(
			problemAfter(file, (text) => text.replace('weight / (height/100)**2', 'weight + height'))
		).toContain('joins quantities of different kinds');
	});

	it('C5: different units without a factor between them', () => {
		const file = 'plausibility/echo.yaml';
		expect(
			problemAfter(file, (text) =>
				text.replace('rv_basal / 10 <= 1.8 * lvidd', 'rv_basal <= lvidd')
			)
		).toContain('joins different units');
	});

	it('C6: bands that overlap', () => {
		const file = 'normals/echo-adult.yaml';
		expect(
			problemAfter(file, (text) =>
				text.replace('mild: {ge: 5.9, le: 6.3}', 'mild: {ge: 5.8, le: 6.3}')
			)
		).toMatch(/^normals\/echo-adult\.yaml:5: lvidd: 5.8 belongs to both/);
	});

	it('C7: a number without a source, or with one that is not listed', () => {
		const file = 'normals/echo-adult.yaml';
		expect(
			problemAfter(file, (text) => text.replace('source: [LANG2015]', 'source: []'))
		).toContain('has no source');
		expect(
			problemAfter(file, (text) => text.replace('source: [LANG2015]', 'source: [LANG2051]'))
		).toContain('there is no source "LANG2051"');
	});

	it('C8: a slot that no expression fills', () => {
		const file = 'sections/echo/aorta.yaml';
		expect(
			problemAfter(file, (text) => text.replace('is {size} ({cm} cm).', 'is {size} ({mm} mm).'))
		).toContain('there is no slot "mm"');
	});

	it('C10: fields that are computed from each other', () => {
		const problem = problemAfter('formulas/echo.yaml', (text) =>
			text.replace(
				/- id: bmi\n/,
				`- {id: odd, name: Odd, kind: empirical, verified: true, source: [GEOMETRY], inputs: {v: mL}, unit: cm, expression: v, uses: [{output: lvidd, from: {v: lvedv_teichholz}}], examples: [{in: {v: 1}, out: 1, tol: 0}]}\n\n- id: bmi\n`
			)
		);
		expect(problem).toMatch(/goes in a circle: .*lvidd → lvedv_teichholz/);
	});

	it('C13: markup in a text', () => {
		const file = 'sections/echo/aorta.yaml';
		expect(
			problemAfter(file, (text) => text.replace(/title: .*/, 'title: <b>Aorta</b>'))
		).toContain('"<b>" is markup');
	});

	it('C9: a section that is not there', () => {
		const file = 'echo/adult-tte.yaml';
		expect(problemAfter(file, (text) => text.replace('echo/aorta', 'echo/aortae'))).toContain(
			'there is no section "echo/aortae"'
		);
	});

	it('C9: an answer that one-click normal could not give', () => {
		const file = 'sections/echo/septa.yaml';
		expect(
			problemAfter(file, (text) =>
				text.replace('septa.interatrial: intact', 'septa.interatrial: normal')
			)
		).toContain('"normal" is no answer of "septa.interatrial"');
	});
});

describe('C6: bands', () => {
	it.each([
		[{ normal: { le: 34 }, mild: { ge: 35, le: 41 }, severe: { gt: 41 } }, 'high', 0, null],
		[{ normal: { le: 34 }, mild: { ge: 37 } }, 'high', 0, 'is a gap'],
		[{ normal: { le: 34 }, mild: { ge: 33 } }, 'high', 0, 'overlap'],
		[{ normal: { le: 34 }, mild: { ge: 34 } }, 'high', 0, 'both'],
		[{ normal: { lt: 34 }, mild: { gt: 34 } }, 'high', 0, 'neither'],
		[{ normal: { ge: 52 }, mild: { ge: 41, le: 51 }, severe: { lt: 41 } }, 'low', 0, null],
		[{ mild: { ge: 9, le: 3 } }, 'high', 0, 'is empty'],
		[{ normal: { le: 1 }, severe: {} }, 'high', 0, 'has no bound']
	] as const)('%j, worse when %s', (bands, direction, decimals, words) => {
		const disorder = bandDisorder(bands, direction, decimals);
		if (words === null) expect(disorder).toBeNull();
		else expect(disorder).toContain(words);
	});
});
