/**
 * A signed report as PDF against two bare PDFKit documents with the same texts, fonts and picture:
 * one that draws each text at its place (`placed`), one that lets all of it run down the page
 * (`running`). Neither tags, measures nor breaks pages. `npm run bench -- pdf`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import { renderReportPdf } from '../src/lib/server/documents/pdf/report-pdf.ts';
import { inBlocks, median, ratioOf, report, unrest } from './support/blocks.mjs';

const most = 3;
const content = JSON.parse(
	readFileSync(join(import.meta.dirname, 'fixtures/signed-version.json'), 'utf8')
);
const images = new Map();
for (const { sopInstanceUid, frame } of content.body.keyImages) {
	images.set(`${sopInstanceUid}/${frame ?? 1}`, await picture());
}

const calls = await recorded();
const times = await inBlocks(
	{
		report: () => renderReportPdf(content, { paper: 'a4', images }),
		placed: () => bare(placed),
		running: () => bare(running)
	},
	{ blocks: 20, warmUp: 5 }
);
const shown = (name) => `${name} ${median(times[name]).toFixed(1)} ms`;
console.log(
	`${['report', 'placed', 'running'].map(shown).join(', ')}; ${calls.texts.length} texts, ` +
		`${calls.fonts.size} fonts, ${calls.pages} pages; control ×${unrest(times).toFixed(2)}`
);
report(
	[
		['texts at their places', times.placed],
		['running text', times.running]
	].map(([words, under]) => {
		const ratio = ratioOf(times.report, under);
		return {
			name: `PDF of a signed report over bare PDFKit, ${words}`,
			value: `${ratio.toFixed(2)}×`,
			target: `≤ ${most}×`,
			met: ratio <= most
		};
	})
);

/** Noise, as ultrasound is: 1024 × 768. */
function picture() {
	const noise = { type: 'gaussian', mean: 90, sigma: 40 };
	return sharp({ create: { width: 1024, height: 768, channels: 3, background: '#000', noise } })
		.jpeg()
		.toBuffer();
}

/** What a report asks PDFKit to draw: texts with font, size and place, fonts, pictures. */
async function recorded() {
	const { text, image, registerFont } = PDFDocument.prototype;
	const seen = { texts: [], images: [], fonts: new Map(), pages: 1 };
	const pageOf = (doc) => doc._pageBuffer.indexOf(doc.page);
	PDFDocument.prototype.registerFont = function (key, font) {
		seen.fonts.set(key, font);
		return registerFont.apply(this, arguments);
	};
	PDFDocument.prototype.text = function (value, x, y, options) {
		const follows = typeof x !== 'number';
		seen.texts.push({
			page: pageOf(this),
			font: this._font.name && nameOf(this),
			size: this._fontSize,
			value,
			place: follows ? null : [x, y],
			options: follows ? x : options
		});
		return text.apply(this, arguments);
	};
	PDFDocument.prototype.image = function (...args) {
		seen.images.push({ page: pageOf(this), args });
		return image.apply(this, args);
	};
	/** The key under which the current font is registered. */
	const nameOf = (doc) =>
		[...seen.fonts].find(([key]) => doc._fontFamilies[key] === doc._font)?.[0];
	await renderReportPdf(content, { paper: 'a4', images });
	Object.assign(PDFDocument.prototype, { text, image, registerFont });
	seen.pages = 1 + Math.max(...seen.texts.map(({ page }) => page));
	if (seen.texts.some(({ font }) => !font)) throw new Error('a text without a font');
	return seen;
}

/** A document without tags, in the same fonts. */
async function bare(draw) {
	const doc = new PDFDocument({ size: 'A4', margin: 0, font: null, bufferPages: true });
	const chunks = [];
	const finished = new Promise((done) => doc.on('end', done));
	doc.on('data', (chunk) => chunks.push(chunk));
	for (const [key, font] of calls.fonts) doc.registerFont(key, font);
	draw(doc);
	doc.end();
	await finished;
	return Buffer.concat(chunks);
}

function placed(doc) {
	for (let page = 1; page < calls.pages; page++) doc.addPage();
	let current = -1;
	const turnTo = (page) => {
		if (page !== current) doc.switchToPage((current = page));
	};
	for (const { page, font, size, value, place, options } of calls.texts) {
		turnTo(page);
		doc.font(font, size);
		if (place) doc.text(value, ...place, options);
		else doc.text(value, options);
	}
	for (const { page, args } of calls.images) {
		turnTo(page);
		doc.image(...args);
	}
}

/** Each font once, its texts as lines. */
function running(doc) {
	for (const [key] of calls.fonts) {
		const lines = calls.texts.filter(({ font }) => font === key).map(({ value }) => value);
		doc.font(key, 9.5).text(lines.join('\n'));
	}
	for (const { args } of calls.images) doc.image(args[0], 0, 0, args[3]);
}
