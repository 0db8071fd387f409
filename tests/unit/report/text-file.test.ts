import { describe, expect, it } from 'vitest';
import { readTextFile, writeTextFile } from '$lib/report/text-file.ts';

const macro = { abbreviation: 'npe', title: 'No effusion', body: 'No pericardial effusion.' };
const preset = {
	worksheetId: 'adult-tte',
	title: 'Normal',
	content: {
		schema: 1 as const,
		fields: [{ field: 'pericardium.effusion', value: 'none' }],
		sentences: [],
		conclusion: ['Normal.']
	}
};
const problemOf = (value: unknown) => {
	const read = readTextFile(typeof value === 'string' ? value : JSON.stringify(value));
	return 'problem' in read ? read.problem : null;
};
const file = { format: 'readroom-texts', version: 1, macros: [macro], presets: [preset] };

describe('a file of macros and presets', () => {
	it('is read as it was written, without ids and owners', () => {
		const text = writeTextFile(
			[{ ...macro, id: 'm1', owner: { kind: 'person' } } as typeof macro],
			[preset]
		);
		expect(text).not.toContain('m1');
		expect(readTextFile(`\uFEFF${text}`)).toEqual({ file });
	});

	it('that is something else is refused, and says what it is', () => {
		expect(problemOf('{"format": ')).toEqual({ code: 'not-json' });
		expect(problemOf('<html></html>')).toEqual({ code: 'not-json' });
		expect(problemOf([])).toEqual({ code: 'other-format' });
		expect(problemOf({ resourceType: 'Questionnaire' })).toEqual({ code: 'other-format' });
		expect(problemOf({ ...file, version: 2 })).toEqual({ code: 'newer', version: 2 });
		expect(problemOf({ ...file, macros: [], presets: [] })).toEqual({ code: 'empty' });
	});

	it('with a mistake names the place', () => {
		const wrong = (change: object) => problemOf({ ...file, ...change });
		expect(wrong({ macros: [macro, { ...macro, abbreviation: 'no spaces' }] })).toEqual({
			code: 'wrong',
			place: 'macros[2].abbreviation'
		});
		expect(wrong({ presets: [{ ...preset, title: '' }] })).toEqual({
			code: 'wrong',
			place: 'presets[1].title'
		});
		const fields = [{ field: '__proto__', value: 'x' }];
		expect(wrong({ presets: [{ ...preset, content: { ...preset.content, fields } }] })).toEqual({
			code: 'wrong',
			place: 'presets[1].content.fields[1].field'
		});
		const numbers = [{ field: 'lvef', value: 55 }];
		expect(
			wrong({ presets: [{ ...preset, content: { ...preset.content, fields: numbers } }] })
		).toEqual({ code: 'wrong', place: 'presets[1].content.fields[1].value' });
		expect(wrong({ more: true })).toMatchObject({ code: 'wrong' });
	});
});
