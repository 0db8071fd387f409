import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { DicomJson } from '$lib/dicom/json.ts';
import { text } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { match } from '$lib/dicom/sr/match.ts';
import { observations } from '$lib/dicom/sr/observation.ts';
import { readSr } from '$lib/dicom/sr/read.ts';
import { tags } from '$lib/dicom/tags.ts';
import { indexFields } from '$lib/report/populate-fields.ts';
import { readReading } from '$lib/report/populate-reading.ts';
import { roundHalfUp } from '$lib/report/format.ts';
import { populate } from '$lib/report/populate.ts';
import type { VersionContent } from '$lib/report/version.ts';
import { pdfObject } from '$lib/server/documents/dicom/pdf-object.ts';
import { srObject, type EvidenceInstance } from '$lib/server/documents/dicom/sr-object.ts';
import { renderReportPdf, type PdfOptions } from '$lib/server/documents/pdf/report-pdf.ts';
import { echoStudy, shortPlan } from '$lib/server/seed/synth/echo-study.ts';
import { demoStudies } from '$lib/server/seed/studies.ts';
import { normalHeart } from '$lib/server/seed/synth/values.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Entries } from '$lib/worksheet/entry.ts';
import { corpusFile, corpusFiles, itWithCorpus } from '../../support/corpus.ts';
import { buildVersion, srInput, versionHeader, versionUids } from '../../support/version.ts';
import { buildEntries, worksheet } from '../../support/worksheet.ts';

const run = promisify(execFile);
const has = (tool: string) => spawnSync('which', [tool]).status === 0;
const hasDicomTools = has('dciodvfy') && has('dsrdump');
const hasPdfTools = has('qpdf') && has('pdfinfo') && has('pdftotext');

const folder = mkdtempSync(join(tmpdir(), 'readroom-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function written(bytes: Uint8Array, ending: string): string {
	const path = join(folder, `${++files}.${ending}`);
	writeFileSync(path, bytes);
	return path;
}

/** Error lines of `dciodvfy`. */
async function errorsOf(bytes: Uint8Array): Promise<string[]> {
	const { stderr } = await run('dciodvfy', [written(bytes, 'dcm')]).catch(
		(e: { stderr: string }) => e
	);
	return stderr.split('\n').filter((line) => line.startsWith('Error'));
}
const dumps = (bytes: Uint8Array) => spawnSync('dsrdump', [written(bytes, 'dcm')]).status;

const pdfOf = (content: VersionContent, options: Partial<PdfOptions> = {}) =>
	renderReportPdf(content, { paper: 'a4', images: new Map(), ...options });
async function pagesOf(pdf: Uint8Array): Promise<string[]> {
	const { stdout } = await run('pdftotext', ['-layout', written(pdf, 'pdf'), '-']);
	return stdout.split('\f').slice(0, -1);
}

const sheet = worksheet('adult-tte');
const carotid = worksheet('carotid-duplex');

/** A value in every field that takes a number, each another one. */
function everyNumber(of: ResolvedWorksheet): Entries {
	const numbers = of.sections
		.flatMap((section) => section.fields)
		.filter(({ kind, measurementId, computed }) => kind === 'number' && measurementId && !computed);
	return buildEntries(Object.fromEntries(numbers.map(({ id }, i) => [id, 1 + i / 16])));
}

/** Every number of an exported report, by the field that our own reader puts it into. */
function readBack(bytes: Uint8Array, of: ResolvedWorksheet): Record<string, number[]> {
	const document = readSr(parsePart10(bytes).dataset);
	const fields = indexFields(of);
	const back: Record<string, number[]> = {};
	for (const observation of observations(document)) {
		if (observation.item.valueType !== 'NUM') continue;
		const found = match(observation);
		const place = found.kind === 'matched' ? fields.find(found.match) : null;
		const reading =
			found.kind === 'matched' && place
				? readReading(document, observation, found.match, place, [])
				: null;
		const key = reading?.fieldId ?? `nowhere: ${observation.concept} (${found.kind})`;
		(back[key] ??= []).push(typeof reading?.value === 'number' ? reading.value : Number.NaN);
	}
	return back;
}

/** What a version says in numbers, each once. */
function numbersOf({ body }: VersionContent): Record<string, number[]> {
	return Object.fromEntries(
		Object.entries(body.evaluation.values).flatMap(([field, { value }]) =>
			typeof value === 'number' ? [[field, [value]]] : []
		)
	);
}
/** As it leaves: a result of a formula has ten decimals, and twelve digits when it is read. */
const asSent = (values: Record<string, number[]>) =>
	Object.fromEntries(
		Object.entries(values).map(([field, list]) => [
			field,
			list.map((n) => Number(roundHalfUp(n, 10).toPrecision(12)))
		])
	);

function fromMachine(objects: Uint8Array[]): {
	content: VersionContent;
	evidence: EvidenceInstance[];
} {
	const datasets = objects.map((bytes) => parsePart10(bytes).dataset);
	const isReport = (dataset: DicomJson) => text(dataset, tags.Modality) === 'SR';
	const { entries } = populate({
		worksheet: sheet,
		documents: datasets.filter(isReport).map((dataset) => readSr(dataset)),
		headers: [],
		patient: null,
		at: '2026-03-12T09:00:00.000Z'
	});
	const evidence = datasets.map((dataset) => ({
		studyUid: text(dataset, tags.StudyInstanceUID),
		seriesUid: text(dataset, tags.SeriesInstanceUID),
		sopInstanceUid: text(dataset, tags.SOPInstanceUID),
		sopClassUid: text(dataset, tags.SOPClassUID),
		frames: Number(text(dataset, tags.NumberOfFrames) || '1')
	}));
	const first = evidence[0]!;
	const keyImages = evidence
		.filter(({ sopClassUid }) => !sopClassUid.includes('.88.'))
		.slice(0, 2)
		.map(({ frames: _, ...image }) => ({ ...image, frame: 1, caption: 'Apical four chamber' }));
	const content = buildVersion(sheet, entries, { state: { keyImages } });
	content.body.studies[0]!.studyUid = first.studyUid;
	return { content, evidence };
}
const srOf = ({ content, evidence }: ReturnType<typeof fromMachine>) =>
	srObject(
		srInput(content, sheet, evidence, {
			header: versionHeader({ studyInstanceUid: evidence[0]?.studyUid ?? '' })
		})
	);

describe.skipIf(!hasDicomTools)('the exported structured report', () => {
	const expectValid = async (made: ReturnType<typeof fromMachine>) => {
		const bytes = srOf(made);
		expect(await errorsOf(bytes)).toEqual([]);
		expect(dumps(bytes)).toBe(0);
		const said = numbersOf(made.content);
		expect(Object.keys(said).length).toBeGreaterThan(25);
		expect(readBack(bytes, sheet)).toEqual(asSent(said));
	};

	it('of a drawn study is valid, and every number comes back into its field', async () => {
		const [study] = demoStudies(new Date('2026-03-12T12:00:00Z'), 'Europe/Berlin');
		const plan = { ...shortPlan, framesPerLoop: 2 };
		await expectValid(fromMachine(await echoStudy(study!.scanned, normalHeart, plan)));
	}, 120_000);

	itWithCorpus(
		'of a complete machine study is valid, and every number comes back into its field',
		async () => {
			const paths = corpusFiles('synthetic/tte-20260312');
			await expectValid(fromMachine(paths.map((path) => corpusFile(path))));
		},
		120_000
	);

	it.each([
		['adult echo', sheet],
		['carotid duplex', carotid]
	])(
		'of a completely filled %s sheet brings every number back, sides and vessels too',
		async (_, of) => {
			const entries = everyNumber(of);
			const content = buildVersion(of, entries);
			const bytes = srObject(srInput(content, of));
			expect(await errorsOf(bytes)).toEqual([]);
			expect(dumps(bytes)).toBe(0);
			const back = readBack(bytes, of);
			expect(back).toEqual(asSent(numbersOf(content)));
		}
	);

	it('is the same bytes for the same version', () => {
		const content = buildVersion(sheet, everyNumber(sheet));
		const [a, b] = [srObject(srInput(content, sheet)), srObject(srInput(content, sheet))];
		expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
	});

	it('never fills a field when it comes back to us', () => {
		const content = buildVersion(sheet, everyNumber(sheet));
		const document = readSr(parsePart10(srObject(srInput(content, sheet))).dataset);
		const at = '2026-03-12T09:00:00.000Z';
		const made = populate({
			worksheet: sheet,
			documents: [document],
			headers: [],
			patient: null,
			at
		});
		expect(made.entries).toEqual({});
	});

	it('holds names of any script and hostile texts, valid, with nothing cut off', async () => {
		for (const name of ['Παπαδόπουλος^Γιώργος', 'Иванова^Мария', 'Yamada^Tarou=山田^太郎']) {
			const content = buildVersion(sheet, everyNumber(sheet), {
				state: { conclusion: hostile.join('\n'), comments: 'x'.repeat(10_000) }
			});
			// ASCII where it is long: dciodvfy counts the bytes of a text, PS3.5 its characters.
			content.body.practice.name = `Praxis \u0007 A\\B ${'n'.repeat(80)}`;
			content.body.order = {
				accession: 'A',
				procedure: `Echo\\Doppler\u0000\u001b[31m ${'n'.repeat(80)}`,
				indication: '\u0001\\'.repeat(50),
				referrer: ''
			};
			const procedure = content.body.order.procedure;
			const header = versionHeader({ patientName: name });
			const bytes = srObject(srInput(content, sheet, [], { header, procedure }));
			expect(await errorsOf(bytes)).toEqual([]);
			expect(dumps(bytes)).toBe(0);
			const { dataset } = parsePart10(bytes);
			expect(JSON.stringify(dataset[tags.PatientName])).toContain(name.split('=').at(-1));
			expect(JSON.stringify(dataset)).toContain('x'.repeat(10_000));
		}
	});
});

/** What no generator may follow, open or choke on (F3). */
const hostile = [
	'file:///etc/passwd',
	'http://127.0.0.1/',
	'data:text/html,<script>alert(1)</script>',
	'%PDF-1.7 endobj stream \\) (unbalanced',
	'a\u0000b\u0007c\u001b[31md\u007f',
	'\ud800 lone surrogate, \u202e turned, \ufeff hidden',
	'=cmd|calc!A1'
];

describe.skipIf(!hasPdfTools)('the PDF', () => {
	const full = () => buildVersion(sheet, everyNumber(sheet));
	const expectSound = async (pdf: Uint8Array, name: string) => {
		const path = written(pdf, 'pdf');
		await run('qpdf', ['--check', path]);
		const { stdout } = await run('pdfinfo', [path]);
		expect(stdout).toMatch(/Tagged:\s+yes/);
		const pages = await pagesOf(pdf);
		expect(pages.length).toBe(Number(/Pages:\s+(\d+)/.exec(stdout)?.[1]));
		// Marks of direction are how pdftotext shows it, no part of the text.
		for (const page of pages) expect(page.replace(/[\u202a-\u202e]/g, '')).toContain(name);
		return pages;
	};

	it('is sound and tagged, and every page names the patient', async () => {
		const pages = await expectSound(await pdfOf(full()), 'Marta Lindqvist');
		expect(pages.length).toBeGreaterThan(1);
		expect(pages.join()).toContain('Signed electronically by Ada Reader, MD');
	});

	it('is the same bytes for the same content', async () => {
		const content = full();
		const [a, b] = [await pdfOf(content), await pdfOf(content)];
		expect(Buffer.from(a).equals(Buffer.from(b))).toBe(true);
	});

	it('is valid as an encapsulated object, and comes out of it as it went in', async () => {
		const content = full();
		const pdf = await pdfOf(content);
		const bytes = pdfObject({ content, header: versionHeader(), uids: versionUids, pdf });
		if (hasDicomTools) expect(await errorsOf(bytes)).toEqual([]);
		expect(Buffer.from(bytes).indexOf(Buffer.from(pdf))).toBeGreaterThan(0);
	});

	it.each([
		['Ærøskøbing^Zoë', 'Zoë Ærøskøbing'],
		['Παπαδόπουλος^Γιώργος', 'Γιώργος Παπαδόπουλος'],
		['Иванова^Мария', 'Мария Иванова'],
		['Yamada^Tarou=山田^太郎', '山田 太郎'],
		['Wang^Xiaoming=邓^轻云', '邓 轻云'],
		['Hong^Gildong=洪^吉洞', '洪 吉洞'],
		['홍^길동', '길동 홍'],
		['العلي^أحمد', 'أحمد العلي'],
		['כהן^דוד', 'דוד כהן']
	])('prints the name %s', async (name, printed) => {
		const content = full();
		content.body.patient.name = name;
		await expectSound(await pdfOf(content), printed);
	});

	it('prints hostile texts as texts and opens nothing', async () => {
		const content = buildVersion(sheet, everyNumber(sheet), {
			state: { conclusion: hostile.join('\n'), comments: hostile.join('\n') }
		});
		content.body.practice.footer = hostile[0]!;
		content.body.practice.letterhead = [...hostile];
		const pdf = await pdfOf(content);
		const pages = await expectSound(pdf, 'Marta Lindqvist');
		expect(pages.join()).toContain('file:///etc/passwd');
		expect(pages.join()).not.toContain('root:');
		const flat = execFileSync('qpdf', [
			'--qdf',
			'--object-streams=disable',
			written(pdf, 'pdf'),
			'-'
		]);
		for (const key of ['/URI', '/JavaScript', '/Launch', '/GoToR', '/EmbeddedFile'])
			expect(flat.includes(key)).toBe(false);
	});

	it.each(['words '.repeat(1_700), 'x'.repeat(10_000), '山'.repeat(3_000)])(
		'carries a text of ten thousand characters over pages that all name the patient',
		async (long) => {
			const content = buildVersion(sheet, {}, { state: { conclusion: long, comments: long } });
			content.body.order!.indication = long;
			const pages = await expectSound(await pdfOf(content), 'Marta Lindqvist');
			const letters = (words: string) => words.replace(/[^x山d]/g, '').length;
			// Nothing is lost below an edge: each text three times, and what the page itself says.
			expect(letters(pages.join(''))).toBeGreaterThanOrEqual(3 * letters(long));
		}
	);

	it('has a glyph for every sign that a range, a unit or a sentence uses', async () => {
		const conclusion = 'EF ≥ 55 %, e′ ≤ 7 cm/s, 3 × 4 cm², Δ −2 °, µ ± 1, → 5–8 g/m²·⁷ ≈ 1 ½';
		const content = buildVersion(sheet, everyNumber(sheet), { state: { conclusion } });
		const pages = await pagesOf(await pdfOf(content));
		expect(pages.join()).not.toContain('?');
		expect(pages.join()).toContain('≥ 55 %');
	});

	it('keeps a whole table of measurements, over as many pages as it needs', async () => {
		const content = full();
		const values = content.body.sections.flatMap((section) => section.values);
		content.body.sections = [{ ...content.body.sections[0]!, values: [...values, ...values] }];
		const printed = (await pagesOf(await pdfOf(content))).join();
		const numbers = values.filter(({ unit }) => unit === 'mmHg');
		expect(printed.split('mmHg').length - 1).toBeGreaterThanOrEqual(2 * numbers.length);
	});

	it('carries the mark of a copy on every page', async () => {
		const copyMark = 'Copy for Dr Eva Holm, link 4711, 2026-03-12 10:30 UTC';
		const pages = await pagesOf(await pdfOf(full(), { copyMark }));
		for (const page of pages) expect(page).toContain(copyMark);
	});

	it('says on its first page that a newer version exists', async () => {
		const superseded = 'Superseded: version 2 was signed on 13 March 2026';
		const [first] = await pagesOf(await pdfOf(full(), { superseded }));
		expect(first).toContain(superseded);
	});

	it('says when a key image could not be had', async () => {
		const keyImages = [
			{
				studyUid: '1.2.3',
				seriesUid: '1.2.3.1',
				sopInstanceUid: '1.2.3.1.1',
				sopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
				frame: 3,
				caption: 'Apical four chamber'
			}
		];
		const content = buildVersion(sheet, {}, { state: { keyImages } });
		const pages = await pagesOf(await pdfOf(content));
		expect(pages.join().replace(/\s+/g, ' ')).toContain('could not be fetched at signing');
	});
});
