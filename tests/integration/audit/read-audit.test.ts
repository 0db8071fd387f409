import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { UserId } from '$lib/ids.ts';
import { readAudit } from '$lib/server/audit/read-audit.ts';
import { inTransaction } from '$lib/server/db/client.ts';
import { openTestDatabase } from '../../support/database.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

describe('reading the audit log', () => {
	let test: TestServices;
	let admin: UserActor;
	let reader: UserActor;
	let stranger: UserActor;

	beforeAll(async () => {
		test = await createTestServices({}, await openTestDatabase());
		const practiceId = await buildPractice(test.services);
		admin = await buildPerson(test.services, { practiceId, roles: ['admin'], name: 'Aino' });
		reader = await buildPerson(test.services, { practiceId, roles: ['physician'], name: 'Ingrid' });
		stranger = await buildPerson(test.services, {
			practiceId: await buildPractice(test.services),
			roles: ['physician'],
			name: 'Olof'
		});
		await inTransaction(test.services.db, async (tx) => {
			const { audit } = test.services;
			await audit.record(tx, reader, {
				action: 'study.searched',
				detail: { door: 'list', results: 2 }
			});
			await audit.record(
				tx,
				{ kind: 'job', name: 'outbox', practiceId, onBehalfOf: reader.userId },
				{
					action: 'export.delivered',
					object: 'version:1',
					detail: { kind: 'sr', destination: 'd' }
				}
			);
			await audit.record(tx, admin, {
				action: 'user.disabled',
				object: `user:${stranger.userId}`,
				detail: {}
			});
			await audit.record(tx, admin, {
				action: 'user.enabled',
				object: `user:${'nobody-knows' as UserId}`,
				detail: {}
			});
		});
	});
	const read = (actions: string[]) => readAudit(test.services, admin, { limit: 50, actions });

	it('names the practice’s people, also where the server acted for them', async () => {
		const events = await read(['study.searched', 'export.delivered']);
		expect(events.map(({ actor, actorName }) => [actor, actorName])).toEqual([
			[`job:outbox:user:${reader.userId}`, 'Ingrid'],
			[`user:${reader.userId}`, 'Ingrid']
		]);
	});

	it('leaves people of other practices, and unknown ones, as ids', async () => {
		const events = await read(['user.disabled', 'user.enabled']);
		expect(events.map(({ objectName }) => objectName)).toEqual([null, null]);
		expect(events[1]?.object).toBe(`user:${stranger.userId}`);
	});

	it('shows nothing when no action is like what was typed', async () => {
		expect(await read([])).toEqual([]);
	});
});
