/**
 * The page that tests and benches draw forms on: the sheet of the reading room and nothing around
 * it, no server, no viewer. It is built by `tests/forms/build.mjs` and is no part of the product.
 */
import '../../../src/app.css';
import { flushSync, mount, unmount } from 'svelte';
import * as Y from 'yjs';
import { sampleContext } from '$lib/worksheet/ui/authoring/sample-context.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { afterPaint } from '$lib/ui/after-paint.ts';
import { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import { fill, priorsFor, type Filling } from './fill.ts';
import FormPage from './FormPage.svelte';
import { gapsIn } from './gaps.ts';
import { overflowsIn } from './overflow.ts';

export interface Drawing {
	worksheet: ResolvedWorksheet;
	filling: Filling;
	/** What the room gives to the sheet. */
	pane: Pane;
}
export interface Pane {
	width: number;
	height: number;
}

function sheetOf({ worksheet, filling }: Drawing): WorksheetSession {
	const doc = new Y.Doc();
	fill(doc, worksheet, filling);
	const context = sampleContext(worksheet, { sex: 'female', ageYears: 62 });
	let count = 0;
	return new WorksheetSession({
		afterPaint,
		doc,
		context: { ...context, priors: filling === 'empty' ? {} : priorsFor(worksheet) },
		rights: () => ({ values: true, proposeOnly: false, interpretation: true }),
		userId: 'ann',
		clock: () => new Date('2026-03-12T10:00:00Z'),
		newId: () => `id-${(count += 1)}`
	});
}

function draw(drawing: Drawing) {
	const sheet = sheetOf(drawing);
	for (const { id, folded } of sheet.sections) if (folded.length > 0) sheet.toggle(id);
	const target = document.createElement('div');
	resize(target, drawing.pane);
	document.body.append(target);
	const form = mount(FormPage, { target, props: { sheet } });
	flushSync();
	return {
		sheet,
		target,
		remove() {
			void unmount(form);
			target.remove();
			sheet.destroy();
		}
	};
}

function resize(target: HTMLElement, { width, height }: Pane): void {
	target.style.width = `${width}px`;
	target.style.height = `${height}px`;
}

/** Also what is out of sight, which the sheet leaves alone. */
const everythingLaidOut = new CSSStyleSheet();
everythingLaidOut.replaceSync('* { content-visibility: visible !important }');

/** What is wrong with a form, drawn with everything in it unfolded, in one pane after the other. */
async function judge(drawing: Omit<Drawing, 'pane'>, panes: readonly Pane[]): Promise<string[]> {
	const [first] = panes;
	if (!first) return ['there is no pane'];
	const { sheet, target, remove } = draw({ ...drawing, pane: first });
	document.adoptedStyleSheets = [everythingLaidOut];
	try {
		const problems = [];
		for (const pane of panes) {
			resize(target, pane);
			// A table learns its width only after it was laid out.
			await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
			flushSync();
			for (const fold of target.querySelectorAll('details')) fold.open = true;
			const found = [...gapsIn(target, sheet), ...overflowsIn(target)];
			problems.push(...found.map((problem) => `${pane.width} px: ${problem}`));
		}
		return [...new Set(problems)];
	} finally {
		remove();
	}
}

const forms = { judge, draw };
export type Forms = typeof forms;
Object.assign(window, { forms });
