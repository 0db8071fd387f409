import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { importTemplate } from '$lib/worksheet/exchange/import-template.ts';
import { leftBehind } from '$lib/worksheet/exchange/left-behind.ts';
import type { Imported } from '$lib/worksheet/exchange/draft.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import { corpusFiles, corpusPath, hasCorpus } from '../../../support/corpus.ts';
import { worksheetLibrary } from '../../../support/worksheet.ts';

let library: Library;
beforeAll(() => {
	library = worksheetLibrary().parts;
}, 120_000);

function imported(html: string): Imported {
	const made = importTemplate(html);
	if ('wrong' in made) throw new Error(made.wrong);
	return made;
}
function sheetOf(html: string) {
	const { source } = imported(html);
	const { problems, worksheet } = checkSource(library, source, 'imported.yaml');
	expect(problems).toEqual([]);
	if (!worksheet) throw new Error('not resolved');
	return worksheet;
}
const page = (body: string, head = '') =>
	`<!DOCTYPE html><html><head><meta name="dcterms.title" content="Test US">${head}</head><body>${body}</body></html>`;
const fieldsOf = (html: string) => sheetOf(html).sections.flatMap(({ fields }) => fields);

describe('a template of radiology societies', () => {
	it('becomes sections of fields that keep their words, units and answers', () => {
		const sheet = sheetOf(
			page(`<section data-section-name="Findings"><header>Befund</header>
			<label for="a">Länge</label> <input type="number" step="0.1" id="a" min="1" max="300"> mm
			<select id="b" name="b"><option value="-">-</option><option value="x">keine</option></select>
			<p>Plaque <input type="radio" name="r" value="1"><label>ja</label></p>
			<textarea id="t" title="Text"></textarea></section>`)
		);
		expect(sheet.title).toBe('Test US');
		expect(sheet.modalities).toEqual(['US']);
		const [section] = sheet.sections;
		expect(section?.title).toBe('Befund');
		expect(section?.fields.map(({ kind }) => kind)).toEqual(['number', 'coded', 'coded', 'text']);
		expect(section?.fields[0]?.label).toBe('Länge');
		expect(Object.values(sheet.measurements)[0]).toMatchObject({ unit: 'mm', decimals: 1 });
		expect(section?.fields[1]?.options).toEqual([{ code: 'x', label: 'keine' }]);
		expect(sheet.plausibility[0]?.hard).toEqual([1, 300]);
	});

	it('keeps the codes of fields and of answers', () => {
		const fields = fieldsOf(
			page(
				`<select id="q" data-radlex="RID10" data-en="image quality"><option value="g" data-radlex="RID20">good</option><option value="b">bad</option></select>
				<input type="text" id="n" name="n">`,
				`<script type="text/xml"><template_attributes><coded_content><entry ORIGTXT="n"><term><code meaning="Length" value="410668003" scheme="SNOMED-CT"/></term></entry></coded_content></template_attributes></script>`
			)
		);
		expect(fields[0]?.codes).toEqual([
			{ value: 'RID10', scheme: 'RADLEX', meaning: 'image quality' }
		]);
		expect(fields[0]?.options[0]?.concept).toMatchObject({ value: 'RID20', scheme: 'RADLEX' });
		expect(fields[1]?.codes).toMatchObject([{ value: '410668003', scheme: 'SNOMED-CT' }]);
	});

	it('names rows and columns of a table', () => {
		const labels = fieldsOf(
			page(`Rechts: <table><tr><td>Gefäß</td><td>PSV</td><td>EDV</td></tr>
			<tr><td>ACI</td><td><input type="number" id="p"> cm/s</td><td><input type="number" id="e"> cm/s</td></tr></table>`)
		).map(({ label }) => label);
		expect(labels).toEqual(['Rechts, ACI, PSV', 'Rechts, ACI, EDV']);
	});

	it('Z3: keeps what the page fills in as defaults', () => {
		const defaults = fieldsOf(
			page(`<label for="s">A</label><select id="s"><option value="x">X</option><option value="y" selected>Y</option></select>
			<p>B <input type="radio" name="r" value="no"><label>nein</label><input type="radio" name="r" value="yes" checked><label>ja</label></p>
			<p>C <input type="checkbox" name="c" value="one" id="c1" checked><label for="c1">one</label><input type="checkbox" name="c" value="two" id="c2" checked><label for="c2">two</label></p>
			<p>D <input type="checkbox" id="d" checked><label for="d">D</label></p>
			<label for="t">E</label><textarea id="t">Normal &lt;b&gt; size.</textarea>
			<label for="u">F</label><input id="u" value="none"><label for="v">G</label><select id="v"><option value="z">Z</option></select>`)
		).map((field) => field.default);
		expect(defaults).toEqual([
			'y',
			'yes',
			['one', 'two'],
			'yes',
			'Normal ‹b> size.',
			'none',
			undefined
		]);
	});

	it('leaves scripts, handlers, styles and what is embedded behind, and says so', () => {
		const { source, left } = imported(
			page(`<script>alert(1)</script><style>p{}</style><iframe src="https://evil.example"></iframe>
			<img src=x onerror="steal()"><a href="javascript:steal()">x</a>
			<input id="a" onchange="steal()" value="as before"><input type="number" id="n" value="7"><input type="hidden" id="h" value="secret">`)
		);
		expect(source).not.toMatch(/script|steal|evil|onerror|onchange|secret/i);
		for (const one of [
			leftBehind('scripts', { count: 1 }),
			leftBehind('handlers', { count: 3 }),
			leftBehind('styles', { count: 1 }),
			leftBehind('embedded', { what: 'iframe', count: 1 }),
			leftBehind('control', { what: 'hidden', field: 'h' }),
			leftBehind('presets', { count: 1 })
		])
			expect(left).toContainEqual(one);
	});

	it.each([
		[
			'markup in a label',
			`<label for="a">&lt;script&gt;alert(1)&lt;/script&gt;</label><input id="a">`
		],
		['a comment that ends the file', `<label for="a">a\n# b\nid: evil</label><input id="a">`],
		[
			'a name that is no id',
			`<input id="../../etc/passwd" title="x"><input id="__proto__" title="y"><input id="constructor">`
		],
		['two controls of one id', `<input id="a" title="x"><input id="a" title="y">`],
		[
			'YAML in an answer',
			`<select id="s"><option value="}: [!!js/function">{a: &x *x}</option><option value="constructor">c</option></select>`
		],
		[
			'unclosed and misnested elements',
			`<table><tr><td><label><input id="a"><table><tr><input id=b></b></i>`
		],
		['names beyond Unicode', `<input id="\u0000\u202e\ufffe" title="\u202eabc">`]
	])('with %s it is still a worksheet in order', (_, body) => {
		const sheet = sheetOf(page(body));
		expect(sheet.sections.length).toBeGreaterThan(0);
		expect(JSON.stringify(sheet)).not.toMatch(/<script|\u202e/);
	});

	it('metadata cannot smuggle lines into the file', () => {
		const { source } = imported(
			`<html><head><meta name="dcterms.title" content="a\nid: evil\n"><meta name="dcterms.rights" content="x\nversion: 9.9.9"></head><body><input id="q" title="q"></body></html>`
		);
		expect(source).not.toMatch(/^id: evil/m);
		expect(source).toMatch(/^version: 1\.0\.0$/m);
	});

	it('a hundred thousand nested elements end in an answer, not in a full stack', () => {
		const deep = page(`${'<div>'.repeat(60_000)}<input id="a">`);
		const made = importTemplate(deep);
		expect('wrong' in made || made.fields >= 0).toBe(true);
	});

	it.each([
		['an empty file', ''],
		['blank lines', ' \n\t\n'],
		['words', 'just words'],
		['a page without a field', page('<p>Nothing to fill in</p>')],
		['a file that is too large', `<html>${' '.repeat(500_000)}</html>`]
	])('%s is refused with a reason', (_, text) => {
		expect(importTemplate(text)).toEqual({ wrong: expect.stringMatching(/./) as string });
	});

	it.skipIf(!hasCorpus).each(hasCorpus ? corpusFiles('templates', '.html') : ['none'])(
		'%s is imported and passes the check',
		(path) => {
			const html = readFileSync(corpusPath(path), 'utf8');
			const { fields } = imported(html);
			expect(sheetOf(html).sections.flatMap((section) => section.fields)).toHaveLength(fields);
			const controls = html.match(/<(select|textarea)\b/g)?.length ?? 0;
			expect(fields).toBeGreaterThanOrEqual(controls);
		}
	);
});
