import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { MacroId, PresetId } from '$lib/ids.ts';
import type { CarryOffer } from '$lib/report/carry.ts';
import type { Macro } from '$lib/report/macro.ts';
import type { PresetContent } from '$lib/report/preset.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import { context } from '../../report/carried-report.ts';

const macro = (abbreviation: string, body: string): Macro => ({
	id: abbreviation as MacroId,
	owner: { kind: 'person' },
	abbreviation,
	title: `About ${abbreviation}`,
	body
});
const prior: CarryOffer = {
	studyUid: '1.2.3',
	date: '2025-03-02',
	labels: {},
	fields: [
		{ field: 'mv.structure', value: 'calcified' },
		{ field: 'av.structure', value: 'thickened' }
	],
	sentences: [{ id: null, section: 'mv', text: 'Chordae look elongated.' }],
	conclusion: ['Stable.']
};
const content: PresetContent = {
	schema: 1,
	fields: [
		{ field: 'mv.structure', value: 'prosthesis' },
		{ field: 'av.structure', value: 'thickened' }
	],
	sentences: [{ id: null, section: 'mv', text: 'Ring well seated.' }],
	conclusion: ['Normal function of the prosthesis.']
};

let count = 0;
async function open(
	rights = { values: true, proposeOnly: false, interpretation: true },
	carry: CarryOffer | null = prior
) {
	const view = { ownerName: '', mayChange: true };
	const sheet = new WorksheetSession({
		doc: new Y.Doc(),
		context,
		rights: () => rights,
		userId: 'ann',
		clock: () => new Date('2026-03-12T10:00:00Z'),
		newId: () => `id-${(count += 1)}`,
		texts: {
			macros: async () => ({
				owners: [],
				macros: [
					{ ...macro('ef', 'EF {lvef_visual}, GLS {lv_gls}.'), ...view, applies: true },
					{ ...macro('other', 'Not mine.'), ...view, applies: false }
				]
			}),
			presets: async () => ({ owners: [], presets: [] }),
			savePreset: async () => {},
			carry: async () => carry
		}
	});
	await sheet.texts.load();
	return sheet;
}
const preset = { id: 'p' as PresetId, title: 'AVR', content };

describe('carrying forward in a sheet', () => {
	it('marks every line with its date until a person confirms it, in one step of undo', async () => {
		const sheet = await open();
		sheet.texts.carryForward();
		expect(sheet.rows.get('mv.structure')?.entry?.source).toEqual({
			kind: 'prior',
			studyUid: '1.2.3',
			date: '2025-03-02',
			confirmed: false
		});
		expect(sheet.texts.unconfirmed).toHaveLength(4);
		expect(sheet.conclusionLines.map(({ text, carried }) => [text, carried?.confirmed])).toEqual([
			['Stable.', false]
		]);
		expect(sheet.body().impression).toContain('Stable.');
		sheet.undo();
		expect(sheet.texts.unconfirmed).toEqual([]);
		expect(sheet.rows.get('mv.structure')?.entry).toBeNull();
	});

	it('lists what stays out because a person answered', async () => {
		const sheet = await open();
		sheet.set('mv.structure', 'normal');
		sheet.texts.carryForward();
		expect(sheet.rows.get('mv.structure')?.entry?.value).toBe('normal');
		expect(sheet.note?.left).toEqual(['Mitral valve: Structure: answered already']);
	});

	it('says so when there is nothing more, and writes nothing', async () => {
		const sheet = await open();
		sheet.texts.carryForward();
		sheet.texts.carryForward();
		expect(sheet.note).toMatchObject({ title: 'Nothing more to carry from 2025-03-02', lines: [] });
		expect(sheet.texts.unconfirmed).toHaveLength(4);
	});

	it('takes one section alone, and counts what a section could take', async () => {
		const sheet = await open();
		expect(['mv', 'av', 'lv'].map((id) => sheet.texts.carryable(id))).toEqual([2, 1, 0]);
		sheet.texts.carryForward('mv');
		expect(sheet.texts.carryable('mv')).toBe(0);
		expect(sheet.rows.get('av.structure')?.entry).toBeNull();
		expect(sheet.texts.unconfirmedIn('mv')).toHaveLength(2);
	});

	it('keeps after confirming that it was carried, and forgets it when it is changed', async () => {
		const sheet = await open();
		sheet.texts.carryForward();
		sheet.texts.confirmField('mv.structure');
		expect(sheet.texts.carriedIn('mv.structure')).toMatchObject({ confirmed: true });
		expect(sheet.rows.get('mv.structure')?.entry?.by).toBe('ann');
		sheet.set('av.structure', 'normal');
		expect(sheet.texts.carriedIn('av.structure')).toBeNull();
		expect(sheet.body().carried?.map(({ id, confirmed }) => [id, confirmed])).toContainEqual([
			'mv.structure',
			true
		]);
	});

	it('confirms a section at once, and undoes that at once', async () => {
		const sheet = await open();
		sheet.texts.carryForward();
		sheet.texts.confirmSection('mv');
		expect(sheet.texts.unconfirmed).toHaveLength(2);
		sheet.undo();
		expect(sheet.texts.unconfirmed).toHaveLength(4);
	});

	it('forgets that a sentence was carried once it is reworded', async () => {
		const sheet = await open();
		sheet.texts.carryForward();
		const line = () =>
			sheet.sections.find(({ id }) => id === 'mv')!.statements.find(({ own }) => own)!;
		sheet.decide(line().id, 'mv', 'own', 'Chordae are elongated.');
		expect(line()).toMatchObject({ text: 'Chordae are elongated.', carried: null });
	});

	it('is nothing for who may not write', async () => {
		const sheet = await open({ values: true, proposeOnly: true, interpretation: false });
		sheet.texts.carryForward();
		expect(sheet.texts.carryable('mv')).toBe(0);
		expect(sheet.rows.get('mv.structure')?.entry).toBeNull();
	});
});

describe('a preset in a sheet', () => {
	it('marks what it set until somebody touches it, in one step of undo', async () => {
		const sheet = await open();
		sheet.texts.applyPreset(preset);
		expect(sheet.assertedBy('mv.structure')?.mark).toContain('AVR');
		const line = sheet.sections
			.find(({ id }) => id === 'mv')
			?.statements.find(({ text }) => text === 'Ring well seated.');
		expect(line).toMatchObject({ byOneClick: true, preset: 'AVR' });
		expect(sheet.note?.lines).toHaveLength(4);
		sheet.set('mv.structure', 'repaired');
		expect(sheet.assertedBy('mv.structure')).toBeNull();
		sheet.undo();
		sheet.undo();
		expect(sheet.rows.get('av.structure')?.entry).toBeNull();
		expect(sheet.conclusionLines).toEqual([]);
	});

	it('is made of what stands in the sheet, without its numbers', async () => {
		const sheet = await open();
		sheet.set('mv.structure', 'prosthesis');
		sheet.set('lvidd', 4.9);
		sheet.addOwn('mv', 'Mean gradient 4 mmHg.');
		expect(sheet.texts.presetable()).toEqual({
			fields: [{ field: 'mv.structure', value: 'prosthesis' }],
			sentences: [{ id: null, section: 'mv', text: 'Mean gradient ▢ mmHg.' }],
			conclusion: []
		});
	});
});

describe('a macro in a text', () => {
	async function box() {
		const sheet = await open();
		const text = document.createElement('textarea');
		document.body.append(text);
		text.addEventListener('input', () => sheet.write(conclusionText, text.value));
		const detach = sheet.texts.typing.attach(text);
		const type = (value: string, at = value.length) => {
			text.value = value;
			text.setSelectionRange(at, at);
			text.dispatchEvent(new InputEvent('input'));
			flushSync();
		};
		const press = (key: string) => {
			const event = new KeyboardEvent('keydown', { key, cancelable: true, bubbles: true });
			text.dispatchEvent(event);
			flushSync();
			return event.defaultPrevented;
		};
		return { sheet, text, type, press, detach };
	}

	it('is filled in when a space follows its abbreviation, with the first open place selected', async () => {
		const { sheet, text, type, press } = await box();
		sheet.set('lvef_visual', 55);
		type('Fine. .ef');
		expect(press(' ')).toBe(true);
		expect(text.value).toBe('Fine. EF 55 %, GLS ▢.');
		expect([text.selectionStart, text.selectionEnd]).toEqual([19, 20]);
		expect(sheet.conclusion).toBe(text.value);
		expect(sheet.leftovers.map(({ kind }) => kind)).toEqual(['placeholder']);
	});

	it('is one step of undo', async () => {
		const { sheet, type, press } = await box();
		type('.ef');
		press(' ');
		sheet.undo();
		expect(sheet.conclusion).toBe('.ef');
	});

	it('leaves other words, and other people’s macros, alone', async () => {
		const { text, type, press } = await box();
		for (const words of ['.other', '.nothing', 'ef', 'x.ef']) {
			type(words);
			expect(press(' ')).toBe(false);
			expect(text.value).toBe(words);
		}
	});

	it('is found after a stroke, and chosen by key', async () => {
		const { sheet, text, type, press } = await box();
		type('See /e');
		expect(sheet.texts.typing.matches.map(({ abbreviation }) => abbreviation)).toEqual(['ef']);
		expect(press('Enter')).toBe(true);
		expect(text.value).toBe('See EF ▢, GLS ▢.');
		expect(sheet.texts.typing.menu).toBeNull();
	});

	it('closes its list with Escape and keeps what was typed', async () => {
		const { sheet, text, type, press } = await box();
		type('/e');
		expect(press('Escape')).toBe(true);
		expect([text.value, sheet.texts.typing.menu]).toEqual(['/e', null]);
		expect(press('Escape')).toBe(false);
	});

	it('lets Tab go from one open place to the next, and out when none is left', async () => {
		const { text, type, press } = await box();
		type('a ▢ b ▢', 0);
		expect(press('Tab')).toBe(true);
		expect(text.selectionStart).toBe(2);
		expect(press('Tab')).toBe(true);
		expect(text.selectionStart).toBe(6);
		type('none', 0);
		expect(press('Tab')).toBe(false);
	});
});
