import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { PracticeId } from '$lib/ids.ts';
import { openThings } from '$lib/server/access-registry.ts';
import { actorOfSession } from '$lib/server/auth/actors.ts';
import { changePassword } from '$lib/server/auth/change-password.ts';
import { endOwnSession, listOwnSessions } from '$lib/server/auth/own-sessions.ts';
import { hashPassword } from '$lib/server/auth/password.ts';
import { createSession, validateSession } from '$lib/server/auth/sessions.ts';
import { minutes } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

const now = 'seven slow boats at dawn';
const next = 'a heron waits below the weir';

let test: TestServices;
let practiceId: PracticeId;
let person: UserActor;
let hash: string;

beforeAll(async () => {
	test = await createTestServices();
	practiceId = await buildPractice(test.services);
	hash = await hashPassword(now);
});
beforeEach(async () => {
	const roles = ['physician' as const];
	person = await buildPerson(test.services, { practiceId, roles, passwordHash: hash });
});

const begin = async () => {
	const { db } = test.services;
	const made = await createSession(db, test.services, { userId: person.userId, practiceId });
	const judged = await actorOfSession(test.services, made.value);
	return { ...made, actor: judged!.actor };
};
const isLive = async (value: string) =>
	(await validateSession(test.services.db, test.services, value)) !== null;
const prove = (password: string) => ({ kind: 'password' as const, password });

describe('one’s own password', () => {
	it('changes with the present one; other sessions end, this one goes on under a new value', async () => {
		const here = await begin();
		const there = await begin();
		let cut = 0;
		openThings.add({ keys: [`session:${there.session.id}`], close: () => void cut++ });
		const input = { proof: prove(now), password: next };
		const value = await changePassword(test.services, here.actor, input);
		expect(await isLive(value)).toBe(true);
		expect(await isLive(here.value)).toBe(false);
		expect(await isLive(there.value)).toBe(false);
		expect(cut).toBe(1);
		const again = changePassword(test.services, here.actor, input);
		await expect(again).rejects.toMatchObject({ code: 'reauthentication_failed' });
	});

	it('stays when the present one is wrong, or the new one is easy to guess', async () => {
		const here = await begin();
		const wrong = { proof: prove('not this one at all'), password: next };
		await expect(changePassword(test.services, here.actor, wrong)).rejects.toMatchObject({
			code: 'reauthentication_failed'
		});
		for (const password of ['short', 'password password', 'aaaaaaaaaaaaaaaaaaa']) {
			const poor = changePassword(test.services, here.actor, { proof: prove(now), password });
			await expect(poor).rejects.toMatchObject({ code: 'invalid_input' });
		}
		expect(await isLive(here.value)).toBe(true);
	});
});

describe('one’s own sessions', () => {
	it('are listed without what opens them, and without those that ended', async () => {
		const old = await begin();
		test.time.advance(minutes(16));
		const here = await begin();
		const there = await begin();
		const list = await listOwnSessions(test.services, here.actor);
		expect(list.map(({ id }) => id).sort()).toEqual([here.session.id, there.session.id].sort());
		expect(list.filter(({ isThis }) => isThis).map(({ id }) => id)).toEqual([here.session.id]);
		expect(list.map(({ id }) => id)).not.toContain(old.session.id);
		expect(Object.keys(list[0] ?? {}).sort()).toEqual([
			'address',
			'createdAt',
			'device',
			'id',
			'isThis',
			'lastActiveAt'
		]);
	});

	it('end one by one, elsewhere, with what is open on them; those of others do not exist', async () => {
		const here = await begin();
		const there = await begin();
		await endOwnSession(test.services, here.actor, there.session.id);
		expect(await isLive(there.value)).toBe(false);
		const self = endOwnSession(test.services, here.actor, here.session.id);
		await expect(self).rejects.toMatchObject({ code: 'conflict' });
		const first = here;
		person = await buildPerson(test.services, { practiceId, roles: ['physician'] });
		const other = await begin();
		const foreign = endOwnSession(test.services, first.actor, other.session.id);
		await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
		expect(await isLive(other.value)).toBe(true);
	});
});
