import { desc } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { PracticeId } from '$lib/ids.ts';
import {
	addMachine,
	changeMachine,
	setMachineDisabled
} from '$lib/server/commands/change-machine.ts';
import { auditEvents } from '$lib/server/db/schema/index.ts';
import { listMachines } from '$lib/server/queries/list-machines.ts';
import { createTestArchives } from '../../support/archives.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

let test: TestServices;
let practiceId: PracticeId;
let admin: UserActor;
let stranger: UserActor;

beforeAll(async () => {
	const archives = createTestArchives();
	test = await createTestServices({ archives: archives.port });
	practiceId = await buildPractice(test.services);
	admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
	const other = await buildPractice(test.services);
	stranger = await buildPerson(test.services, { practiceId: other, roles: ['admin'] });
	await archives.addEmbedded(test.services, practiceId);
	await archives.addEmbedded(test.services, other);
});

const machine = (aeTitle: string, address: string | null = null) => ({
	aeTitle,
	address,
	name: ''
});
const codeOf = (work: Promise<unknown>) =>
	work.then(
		() => 'done',
		(e: { code?: string }) => e.code
	);

describe('the list of machines', () => {
	it.each(['', '   ', 'SEVENTEEN_LETTERS', 'BACK\\SLASH', 'TAB\tBED', 'Ä', 'A\0'])(
		'refuses %j as an AE title',
		async (aeTitle) => {
			const added = addMachine(test.services, admin, machine(aeTitle), true);
			expect(await codeOf(added)).toBe('invalid_input');
		}
	);

	it.each(['10.0.0', 'room2.local', '10.0.0.7/24', '::1%lo x'])(
		'refuses %j as an address',
		async (address) => {
			const added = addMachine(test.services, admin, machine('X', address), true);
			expect(await codeOf(added)).toBe('invalid_input');
		}
	);

	it('keeps one title for one machine, whichever practice has it', async () => {
		await addMachine(test.services, admin, machine('ONE'), true);
		const again = addMachine(test.services, stranger, machine(' ONE '), true);
		expect(await codeOf(again)).toBe('conflict');
	});

	it('asks for a fresh proof before anything changes', async () => {
		const added = addMachine(test.services, admin, machine('LATE'), false);
		await expect(added).rejects.toMatchObject({ code: 'reauthentication_required' });
		expect((await listMachines(test.services.db, practiceId)).map((x) => x.aeTitle)).not.toContain(
			'LATE'
		);
	});

	it('does not know the machines of another practice', async () => {
		const { id } = await addMachine(test.services, admin, machine('MINE'), true);
		const change = changeMachine(test.services, stranger, { id, ...machine('HIS') }, true);
		expect(await codeOf(change)).toBe('not_found');
		const disable = setMachineDisabled(test.services, stranger, { id, disabled: true }, true);
		expect(await codeOf(disable)).toBe('not_found');
	});

	it('writes each change down', async () => {
		const { id } = await addMachine(test.services, admin, machine('SEEN', '10.0.0.7'), true);
		await changeMachine(test.services, admin, { id, ...machine('SEEN2', '::1') }, true);
		await setMachineDisabled(test.services, admin, { id, disabled: true }, true);
		const events = await test.services.db
			.select()
			.from(auditEvents)
			.orderBy(desc(auditEvents.sequence))
			.limit(3);
		expect(events.map(({ action, object }) => [action, object])).toEqual([
			['machine.disabled', `machine:${id}`],
			['machine.changed', `machine:${id}`],
			['machine.added', `machine:${id}`]
		]);
		expect(events[1]?.detail).toEqual({ aeTitle: 'SEEN2', address: '::1' });
	});
});
