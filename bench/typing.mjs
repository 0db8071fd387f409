/**
 * A key pressed in the adult echo, 330 numbers with all their rules and every section unfolded,
 * against a bare HTML form of 300 inputs: from the key to the frame that shows it, in one Chromium
 * whose processor is slowed four times, at sixty frames a second. `npm run bench -- typing`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorksheetFiles } from '../src/lib/server/worksheets/library.ts';
import { readLibrary } from '../src/lib/worksheet/read-library.ts';
import { resolveWorksheet } from '../src/lib/worksheet/resolve.ts';
import { buildFormPage, openChromium, openFormPage } from '../tests/forms/form-page.ts';
import { inBlocks, median, ratioOf, report, unrest } from './support/blocks.mjs';

const most = 2;
const slowed = 4;
const { library } = readLibrary(readWorksheetFiles(join(import.meta.dirname, '../worksheets')));
const worksheet = resolveWorksheet(library, 'adult-tte');
const numbers = worksheet.sections.flatMap(({ fields }) => fields.filter(isNumber)).length;

const folder = process.env.FORM_PAGE ?? mkdtempSync(join(tmpdir(), 'readroom-typing-'));
if (!process.env.FORM_PAGE) await buildFormPage(folder);
const browser = await openChromium();
const viewport = { width: 1440, height: 900 };
const sheet = await typist(async (page) => {
	await page.evaluate(
		(worksheet) =>
			forms.draw({ worksheet, filling: 'usual', pane: { width: 560, height: 760 } }) && null,
		worksheet
	);
}, 'input[data-value]:not([readonly]):not([type=date])');
const bare = await typist(async (page) => {
	await page.evaluate(drawBareForm);
}, 'input');

try {
	const times = await inBlocks(
		{
			'sheet, digit': sheet.digit,
			'bare, digit': bare.digit,
			'sheet, Enter': sheet.enter,
			'bare, Enter': bare.enter
		},
		{ blocks: Number(process.env.BLOCKS ?? 20), warmUp: Number(process.env.WARM ?? 4) }
	);
	const shown = (name) => `${name} ${median(times[name]).toFixed(1)} ms`;
	const names = ['sheet, digit', 'bare, digit', 'sheet, Enter', 'bare, Enter'];
	console.log(
		`${names.map(shown).join(', ')}; ${numbers} numbers; control ×${unrest(times).toFixed(2)}`
	);
	report(
		[
			['a digit', 'digit'],
			['Enter, which evaluates', 'Enter']
		].map(([words, key]) => {
			const ratio = ratioOf(times[`sheet, ${key}`], times[`bare, ${key}`]);
			return {
				name: `typing in a sheet of ${numbers} numbers over a bare form, ${words}`,
				value: `${ratio.toFixed(2)}×`,
				target: `≤ ${most}×`,
				met: ratio <= most
			};
		})
	);
} finally {
	await browser.close();
	if (!process.env.FORM_PAGE) rmSync(folder, { recursive: true, force: true });
}

function isNumber(field) {
	return field.kind === 'number';
}

/** A page with somebody who types in it, from one input to the next. */
async function typist(draw, inputs) {
	const page = await openFormPage(browser, folder, { viewport });
	await draw(page);
	const devtools = await page.context().newCDPSession(page);
	await page.evaluate(watchPaints);
	await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowed });
	let turn = -1;
	/** Goes to the next input and selects what is in it; answers with it. */
	async function next() {
		await page.bringToFront();
		turn += 1;
		return page.evaluate(
			({ inputs, turn }) => {
				const all = document.querySelectorAll(inputs);
				const input = all[turn % all.length];
				input.focus();
				input.select();
				return { id: input.id, value: input.value };
			},
			{ inputs, turn }
		);
	}

	/** The milliseconds from the key to the frame after it. */
	async function press(key, code, virtual) {
		const facts = { key, code, windowsVirtualKeyCode: virtual };
		const text = key === 'Enter' ? '\r' : key;
		await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', ...facts, text });
		const passed = await page.evaluate(() => window.painted);
		await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...facts });
		return passed;
	}
	/** Of the same length, the last digit moved on. */
	const another = (value) =>
		(value || '5').replace(/\d(?=\D*$)/, (digit) => String((Number(digit) % 9) + 1));
	const digitKey = (digit) => press(digit, `Digit${digit}`, digit.charCodeAt(0));

	return {
		async digit() {
			await next();
			const passed = [];
			for (const digit of '123') passed.push(await digitKey(digit));
			// What was typed is taken back, so that the next task begins where this one did.
			await page.keyboard.press('Escape');
			return passed.reduce((a, b) => a + b, 0) / passed.length;
		},
		async enter() {
			const { id, value } = await next();
			await devtools.send('Input.insertText', { text: another(value) });
			const passed = await press('Enter', 'Enter', 13);
			const after = await page.evaluate(() => document.activeElement.id);
			if (after === id || after === '') throw new Error(`Enter did not leave ${id}`);
			return passed;
		}
	};
}

/** In the page: `painted` tells of the last key how long it took until its frame was handed over. */
function watchPaints() {
	const afterFrame = (done) =>
		requestAnimationFrame(() => {
			const after = new MessageChannel();
			after.port1.onmessage = done;
			after.port2.postMessage(null);
		});
	const watch = ({ timeStamp }) => {
		window.painted = new Promise((done) => afterFrame(() => done(performance.now() - timeStamp)));
	};
	addEventListener('keydown', watch, { capture: true });
}

/** In the page: 300 labelled inputs, and Enter that goes to the next. */
function drawBareForm() {
	const form = document.createElement('form');
	form.style.cssText = 'height: 760px; overflow-y: auto';
	const inputs = Array.from({ length: 300 }, (_, index) => {
		const row = document.createElement('p');
		const label = document.createElement('label');
		const input = document.createElement('input');
		input.id = `input-${index}`;
		input.value = `${(index * 7) % 100}.5`;
		label.append(`Field ${index} `, input);
		row.append(label);
		form.append(row);
		return input;
	});
	document.body.append(form);
	form.addEventListener('keydown', (event) => {
		if (event.key !== 'Enter') return;
		event.preventDefault();
		const next = inputs[inputs.indexOf(event.target) + 1];
		next?.focus();
		next?.select();
	});
}
