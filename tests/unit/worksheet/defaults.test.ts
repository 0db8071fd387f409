import { describe, expect, it } from 'vitest';
import { accreditationOf } from '$lib/worksheet/accreditation.ts';
import { defaultsOf } from '$lib/worksheet/defaults.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Entries, Entry, EntryValue } from '$lib/worksheet/entry.ts';
import { evaluate } from '$lib/worksheet/evaluate.ts';
import { oneClickNormal } from '$lib/worksheet/one-click-normal.ts';
import { buildEntry, buildMachineEntry, woman, worksheet } from '../../support/worksheet.ts';

const byDefault = (value: EntryValue): Entry =>
	buildEntry(value, { id: 'default', by: null, source: { kind: 'default' } });
const sheet = worksheet();
const read = (entries: Entries, of: ResolvedWorksheet = sheet) => evaluate(of, entries, woman);

/** The adult echocardiogram with one field changed. */
function changed(id: string, parts: object): ResolvedWorksheet {
	const sections = sheet.sections.map((section) => ({
		...section,
		fields: section.fields.map((field) => (field.id === id ? { ...field, ...parts } : field))
	}));
	return { ...sheet, sections };
}

describe('a default', () => {
	it('Z1: is what a field of the sheet names', () => {
		expect(defaultsOf(sheet)).toEqual({});
		expect(defaultsOf(changed('mv.structure', { default: 'normal' }))).toEqual({
			'mv.structure': 'normal'
		});
	});

	it('Z1: stands where nothing else does, and says that it is one', () => {
		expect(read({ 'mv.structure': [byDefault('thickened')] }).values['mv.structure']).toMatchObject(
			{ value: 'thickened', from: 'default', entryId: 'default' }
		);
	});

	it.each([
		['a person', buildEntry('normal')],
		['a machine', buildMachineEntry('normal')]
	])('Z1: gives way to %s without a conflict, whichever came first', (_, other) => {
		for (const entries of [
			[byDefault('thickened'), other],
			[other, byDefault('thickened')]
		]) {
			const { values, conflicts } = read({ 'mv.structure': entries });
			expect(values['mv.structure']).toMatchObject({ value: 'normal', from: 'entry' });
			expect(conflicts).toEqual([]);
		}
	});

	it('Z1: gives way to "not well seen"', () => {
		const unseen = buildEntry(null, { status: 'not_well_seen' });
		const { values, unseen: listed } = read({ 'mv.structure': [byDefault('normal'), unseen] });
		expect(values['mv.structure']).toBeUndefined();
		expect(listed).toEqual(['mv.structure']);
	});

	it('Z1: does not count while its field is hidden', () => {
		const hidden = changed('mv.structure', { visibleWhen: 'av.structure == "normal"' });
		const entries = { 'mv.structure': [byDefault('normal')] };
		expect(read(entries, hidden).values['mv.structure']).toBeUndefined();
		const shown = { ...entries, 'av.structure': [buildEntry('normal')] };
		expect(read(shown, hidden).values['mv.structure']?.value).toBe('normal');
	});

	it('Z2: is nothing that was seen: one-click normal asserts what it would without it', () => {
		const press = (entries: Entries, views: string[]) =>
			oneClickNormal(sheet, read(entries), { views });
		for (const views of [[], ['PLAX']])
			for (const value of ['normal', 'thickened'])
				expect(press({ 'mv.structure': [byDefault(value)] }, views)).toEqual(press({}, views));
	});

	it('Z2: does not answer what is required before signing', () => {
		const asked = changed('mv.structure', { requiredBeforeSign: true });
		const found = read({ 'mv.structure': [byDefault('normal')] }, asked).findings;
		expect(found).toContainEqual(
			expect.objectContaining({ kind: 'required', field: 'mv.structure', blocks: true })
		);
	});

	it('Z2: holds no element that an accrediting body asks for', () => {
		const fields = sheet.sections.flatMap((section) => section.fields);
		const filled = fields.flatMap(({ id, kind, options }) =>
			kind === 'coded' && options[0] ? [[id, [byDefault(options[0].code)]] as const] : []
		);
		const missing = (entries: Entries) =>
			accreditationOf(sheet, read(entries)).map((state) => state.missing.map(({ id }) => id));
		const answered = filled.map(([id, [entry]]) => [id, [buildEntry(entry!.value)]] as const);
		expect(missing(Object.fromEntries(filled))).toEqual(missing({}));
		expect(missing(Object.fromEntries(answered))).not.toEqual(missing({}));
	});
});
