import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PracticeId } from '$lib/ids.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { openThings } from '$lib/server/access-registry.ts';
import { actorOfSession } from '$lib/server/auth/actors.ts';
import {
	createSession,
	renewSession,
	touchSession,
	validateSession
} from '$lib/server/auth/sessions.ts';
import { signOut } from '$lib/server/auth/sign-out.ts';
import { changeRoles, disablePerson } from '$lib/server/commands/change-person.ts';
import { hours, minutes } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

describe('a session', () => {
	let test: TestServices;
	let practiceId: PracticeId;
	let person: UserActor;

	beforeAll(async () => {
		test = await createTestServices();
		practiceId = await buildPractice(test.services);
	});
	beforeEach(async () => {
		person = await buildPerson(test.services, { practiceId, roles: ['physician'] });
	});

	const begin = () =>
		createSession(test.services.db, test.services, { userId: person.userId, practiceId });
	const judge = (value: string) => validateSession(test.services.db, test.services, value);
	const touch = (id: string) => touchSession(test.services.db, test.services, id, 15);

	it('ends after 15 minutes without activity, however often it is looked at', async () => {
		const { value, session } = await begin();
		for (let minute = 0; minute < 14; minute++) {
			test.time.advance(minutes(1));
			expect(await judge(value)).toMatchObject({ id: session.id });
		}
		test.time.advance(minutes(1));
		expect(await judge(value)).toBeNull();
	});

	it('goes on with activity, and ends after 12 hours whatever is done', async () => {
		const { value, session } = await begin();
		for (let passed = 0; passed < 12 * 60 - 10; passed += 10) {
			test.time.advance(minutes(10));
			await touch(session.id);
			expect(await judge(value), `${passed} min`).not.toBeNull();
		}
		test.time.advance(minutes(10));
		await touch(session.id);
		expect(await judge(value)).toBeNull();
	});

	it('is not revived by activity after its end, nor by a clock set back', async () => {
		const { value, session } = await begin();
		test.time.advance(minutes(16));
		await touch(session.id);
		expect(await judge(value)).toBeNull();
		test.time.advance(-minutes(16));
		expect(await judge(value)).toBeNull();
	});

	it('keeps to the limits of its practice', async () => {
		const strict = await buildPractice(test.services, undefined, {
			sessions: { idleMinutes: 5, absoluteHours: 1 }
		});
		const someone = await buildPerson(test.services, { practiceId: strict, roles: ['admin'] });
		const { value } = await createSession(test.services.db, test.services, {
			userId: someone.userId,
			practiceId: strict
		});
		test.time.advance(minutes(5));
		expect(await judge(value)).toBeNull();
	});

	it('is opened by its whole value and by nothing that the database holds', async () => {
		const { value, session } = await begin();
		const row = await test.services.db.query.sessions.findFirst({
			where: (r, { eq }) => eq(r.id, session.id)
		});
		expect(JSON.stringify(row)).not.toContain(value.split('.')[1]);
		for (const wrong of [
			session.id,
			`${session.id}.${row?.secretHash.slice(0, 43)}`,
			`${session.id}.${'A'.repeat(43)}`,
			value.slice(0, -1),
			`${value}x`,
			''
		]) {
			expect(await judge(wrong), wrong).toBeNull();
		}
		expect(await judge(value)).not.toBeNull();
	});

	it('has a new value after its person proved again who they are; the old one is dead', async () => {
		const { value, session } = await begin();
		const renewed = await renewSession(test.services.db, test.services, session.id, {
			secondFactor: true
		});
		expect(renewed).not.toBe(value);
		expect(await judge(value)).toBeNull();
		expect(await judge(renewed)).toMatchObject({ id: session.id });
	});

	it('ends at sign-out together with what is open on it', async () => {
		const { value, session } = await begin();
		const closed: number[] = [];
		openThings.add({ keys: [`session:${session.id}`], close: (code) => void closed.push(code) });
		await signOut(test.services, { ...person, sessionId: session.id });
		expect(await judge(value)).toBeNull();
		expect(closed).toEqual([4401]);
	});

	it.each([
		[
			'the account is disabled',
			(admin: UserActor) => disablePerson(test.services, admin, { userId: person.userId }, true)
		],
		[
			'the roles change',
			(admin: UserActor) =>
				changeRoles(
					test.services,
					admin,
					{ userId: person.userId, roles: ['fellow'], licensed: false },
					true
				)
		]
	])('ends in every browser when %s', async (_, change) => {
		const admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
		const values = [(await begin()).value, (await begin()).value];
		const closed: string[] = [];
		openThings.add({ keys: [`user:${person.userId}`], close: (_, why) => void closed.push(why) });
		await change(admin);
		for (const value of values) expect(await judge(value)).toBeNull();
		expect(closed).toHaveLength(1);
	});

	it('knows roles as they stand now', async () => {
		const { value } = await begin();
		expect((await actorOfSession(test.services, value))?.actor.roles).toEqual(['physician']);
		test.time.advance(hours(0));
	});
});
