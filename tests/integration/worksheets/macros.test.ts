import { and, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { MacroId, PracticeId, ReadingGroupId } from '$lib/ids.ts';
import type { MacroFields } from '$lib/report/macro.ts';
import type { PresetContent } from '$lib/report/preset.ts';
import type { TextFile } from '$lib/report/text-file.ts';
import type { TextOwner } from '$lib/report/text-owner.ts';
import { deleteGroup, saveGroup } from '$lib/server/commands/change-group.ts';
import {
	deleteMacro,
	deletePreset,
	saveMacro,
	savePreset
} from '$lib/server/commands/change-macro.ts';
import { importTexts } from '$lib/server/commands/import-texts.ts';
import { auditEvents, presets } from '$lib/server/db/schema/index.ts';
import { listGroups } from '$lib/server/queries/list-groups.ts';
import { listMacros, listPresets } from '$lib/server/queries/list-macros.ts';
import type { Services } from '$lib/server/services.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices } from '../../support/services.ts';

let services: Services;
let practiceId: PracticeId;
let admin: UserActor;
let reader: UserActor;
let colleague: UserActor;
let fellow: UserActor;
let stranger: UserActor;

beforeAll(async () => {
	({ services } = await createTestServices());
});
beforeEach(async () => {
	practiceId = await buildPractice(services);
	admin = await buildPerson(services, { practiceId, roles: ['admin'] });
	reader = await buildPerson(services, { practiceId, roles: ['physician'] });
	colleague = await buildPerson(services, { practiceId, roles: ['physician'] });
	fellow = await buildPerson(services, { practiceId, roles: ['fellow'] });
	const other = await buildPractice(services);
	stranger = await buildPerson(services, { practiceId: other, roles: ['admin', 'physician'] });
});

const own: TextOwner = { kind: 'person' };
const practice: TextOwner = { kind: 'practice' };
const text = (abbreviation: string, body = 'No pericardial effusion.'): MacroFields => ({
	abbreviation,
	title: `About ${abbreviation}`,
	body
});
const save = (
	actor: UserActor,
	owner: TextOwner,
	fields: MacroFields,
	id: MacroId | null = null
) => saveMacro(services, actor, { id, owner, ...fields });
const seen = async (actor: UserActor) =>
	(await listMacros(services, actor)).macros.map(({ abbreviation, owner, applies, mayChange }) => [
		abbreviation,
		owner.kind,
		applies,
		mayChange
	]);
async function group(members: UserActor[], name = 'Echo readers'): Promise<TextOwner> {
	const { id } = await saveGroup(services, admin, {
		id: null,
		name,
		members: members.map(({ userId }) => userId)
	});
	return { kind: 'group', groupId: id };
}

describe('a macro', () => {
	it('of a person is there for that person alone', async () => {
		const { id } = await save(reader, own, text('npe'));
		expect(await seen(reader)).toEqual([['npe', 'person', true, true]]);
		expect(await seen(colleague)).toEqual([]);
		expect(await seen(admin)).toEqual([]);
		await expect(save(colleague, own, text('npe'), id)).rejects.toMatchObject({
			code: 'not_found'
		});
		await expect(deleteMacro(services, admin, { id })).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('of a reading group is there for its members, and changed by its physicians', async () => {
		const echo = await group([reader, fellow]);
		await save(reader, echo, text('npe'));
		expect(await seen(reader)).toEqual([['npe', 'group', true, true]]);
		expect(await seen(fellow)).toEqual([['npe', 'group', true, false]]);
		expect(await seen(colleague)).toEqual([]);
		// Who administers the practice manages it without using it.
		expect(await seen(admin)).toEqual([['npe', 'group', false, true]]);
		await expect(save(fellow, echo, text('x'))).rejects.toMatchObject({ code: 'not_allowed' });
		await expect(save(colleague, echo, text('x'))).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('of the practice is there for everybody and changed by its administrators', async () => {
		await save(admin, practice, text('npe'));
		expect(await seen(fellow)).toEqual([['npe', 'practice', true, false]]);
		await expect(save(reader, practice, text('x'))).rejects.toMatchObject({ code: 'not_allowed' });
	});

	it('moves to another owner only with the right to both', async () => {
		const { id } = await save(reader, own, text('npe'));
		await expect(save(reader, practice, text('npe'), id)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		const echo = await group([reader]);
		await save(reader, echo, text('npe'), id);
		expect(await seen(reader)).toEqual([['npe', 'group', true, true]]);
	});

	it('has one abbreviation an owner, the same again with another owner', async () => {
		await save(reader, own, text('npe'));
		await save(colleague, own, text('npe'));
		await expect(save(reader, own, text('npe'))).rejects.toMatchObject({ code: 'conflict' });
		await save(admin, practice, text('npe'));
		await expect(save(admin, practice, text('npe'))).rejects.toMatchObject({ code: 'conflict' });
	});

	it('does not exist for another practice', async () => {
		const { id } = await save(admin, practice, text('npe'));
		expect(await seen(stranger)).toEqual([]);
		await expect(deleteMacro(services, stranger, { id })).rejects.toMatchObject({
			code: 'not_found'
		});
		const foreign = { kind: 'group', groupId: 'nowhere' as ReadingGroupId } as const;
		await expect(save(reader, foreign, text('x'))).rejects.toMatchObject({ code: 'not_found' });
	});

	it('is changed and deleted with an event that does not hold its text', async () => {
		const { id } = await save(reader, own, text('npe'));
		await save(reader, own, text('npe', 'None.'), id);
		await deleteMacro(services, reader, { id });
		const events = await services.db
			.select()
			.from(auditEvents)
			.where(
				and(eq(auditEvents.practiceId, practiceId), eq(auditEvents.object, `macro:${id}`))
			)
			.orderBy(auditEvents.sequence);
		expect(events.map(({ action, detail }) => [action, detail])).toEqual([
			['macro.saved', { owner: 'person', created: true }],
			['macro.saved', { owner: 'person', created: false }],
			['macro.deleted', { owner: 'person' }]
		]);
	});

	it('may be kept where the person may change, and nowhere else', async () => {
		await group([reader, fellow]);
		const kinds = async (actor: UserActor) =>
			(await listMacros(services, actor)).owners.map(({ owner, name }) => [owner.kind, name]);
		expect(await kinds(reader)).toEqual([
			['person', ''],
			['group', 'Echo readers']
		]);
		expect(await kinds(fellow)).toEqual([['person', '']]);
		expect((await kinds(admin)).map(([kind]) => kind)).toEqual(['person', 'group', 'practice']);
	});
});

describe('a preset', () => {
	const content: PresetContent = {
		schema: 1,
		fields: [{ field: 'mv.structure', value: 'normal' }],
		sentences: [{ id: null, section: 'mv', text: 'Ring well seated.' }],
		conclusion: ['Normal function of the prosthesis.']
	};
	const keep = (actor: UserActor, owner: TextOwner, title = 'Normal AVR') =>
		savePreset(services, actor, { id: null, owner, worksheetId: 'adult-tte', title, content });

	it('belongs to one worksheet, and to somebody as a macro does', async () => {
		const { id } = await keep(reader, own);
		const of = async (actor: UserActor, worksheet: string | null) =>
			(await listPresets(services, actor, worksheet)).presets.map(({ title }) => title);
		expect(await of(reader, 'adult-tte')).toEqual(['Normal AVR']);
		expect(await of(reader, 'carotid-duplex')).toEqual([]);
		expect(await of(reader, null)).toEqual(['Normal AVR']);
		expect(await of(colleague, null)).toEqual([]);
		await expect(keep(reader, practice)).rejects.toMatchObject({ code: 'not_allowed' });
		await expect(keep(reader, own)).rejects.toMatchObject({ code: 'conflict' });
		await deletePreset(services, reader, { id });
		expect(await of(reader, null)).toEqual([]);
	});

	it('that this version cannot read is left out of the list', async () => {
		const { id } = await keep(reader, own);
		await services.db
			.update(presets)
			.set({ content: { schema: 9 } as never })
			.where(eq(presets.id, id));
		expect((await listPresets(services, reader, null)).presets).toEqual([]);
	});
});

describe('a file of macros and presets', () => {
	const file: TextFile = {
		format: 'readroom-texts',
		version: 1,
		macros: [text('npe'), text('ef', 'EF {lvef}.')],
		presets: [
			{
				worksheetId: 'adult-tte',
				title: 'Normal AVR',
				content: { schema: 1, fields: [], sentences: [], conclusion: ['Normal.'] }
			}
		]
	};

	it('is kept for an owner as a whole, and changes nothing that is there', async () => {
		await save(reader, own, text('npe', 'My own words.'));
		expect(await importTexts(services, reader, { owner: own, file })).toEqual({
			macros: 1,
			presets: 1,
			skipped: ['.npe']
		});
		const { macros } = await listMacros(services, reader);
		expect(macros.map(({ abbreviation, body }) => [abbreviation, body])).toEqual([
			['ef', 'EF {lvef}.'],
			['npe', 'My own words.']
		]);
		const again = await importTexts(services, reader, { owner: own, file });
		expect(again).toEqual({ macros: 0, presets: 0, skipped: ['.npe', '.ef', 'Normal AVR'] });
	});

	it('needs the right to the owner, and leaves nothing behind when it is too much', async () => {
		const give = (owner: TextOwner, given = file) =>
			importTexts(services, reader, { owner, file: given });
		await expect(give(practice)).rejects.toMatchObject({ code: 'not_allowed' });
		const nowhere = { kind: 'group', groupId: 'x' as ReadingGroupId } as const;
		await expect(give(nowhere)).rejects.toMatchObject({ code: 'not_found' });
		await save(reader, own, text('one'));
		const macros = Array.from({ length: 300 }, (_, i) => text(`m${i}`));
		await expect(give(own, { ...file, macros })).rejects.toMatchObject({ code: 'too_many' });
		expect(await seen(reader)).toHaveLength(1);
	});
});

describe('a reading group', () => {
	it('is made by an administrator, of people of the practice', async () => {
		await expect(
			saveGroup(services, reader, { id: null, name: 'x', members: [] })
		).rejects.toMatchObject({ code: 'not_allowed' });
		await expect(group([stranger])).rejects.toMatchObject({ code: 'not_found' });
		await group([reader]);
		await expect(group([fellow])).rejects.toMatchObject({ code: 'conflict' });
		const { groups, people } = await listGroups(services, admin);
		expect(groups).toMatchObject([{ name: 'Echo readers', members: [reader.userId] }]);
		expect(people.map(({ id }) => id)).not.toContain(admin.userId);
	});

	it('takes its texts away from who leaves it, and does not go before them', async () => {
		const echo = await group([reader, fellow]);
		if (echo.kind !== 'group') throw new Error('no group');
		const { id } = await save(reader, echo, text('npe'));
		await saveGroup(services, admin, {
			id: echo.groupId,
			name: 'Echo',
			members: [reader.userId]
		});
		expect(await seen(fellow)).toEqual([]);
		const gone = () => deleteGroup(services, admin, { id: echo.groupId });
		await expect(gone()).rejects.toMatchObject({ code: 'conflict' });
		await deleteMacro(services, reader, { id });
		await gone();
		expect((await listGroups(services, admin)).groups).toEqual([]);
	});
});
