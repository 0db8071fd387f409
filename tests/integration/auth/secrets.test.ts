import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import type { PracticeId, UserId } from '$lib/ids.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { actorOfBearer } from '$lib/server/auth/actors.ts';
import { firstAdminPath, foundPractice } from '$lib/server/auth/first-admin.ts';
import { acceptInvitation } from '$lib/server/auth/invitations.ts';
import { validateSession } from '$lib/server/auth/sessions.ts';
import { signInByPassword } from '$lib/server/auth/sign-in.ts';
import {
	addPerson,
	changeRoles,
	disablePerson,
	invitePerson
} from '$lib/server/commands/change-person.ts';
import { createToken, revokeToken } from '$lib/server/commands/change-token.ts';
import { days } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

const password = 'violet kettles orbit slowly';
const codeOf = (e: unknown) => (e instanceof DomainError ? e.code : String(e));
const split = (path: string) => {
	const [, id = '', secret = ''] = /^\/welcome\/([^#]+)#(.+)$/.exec(path) ?? [];
	return { id, secret };
};

describe('one-time links', () => {
	let test: TestServices;
	let practiceId: PracticeId;
	let admin: UserActor;

	beforeAll(async () => {
		test = await createTestServices();
	});

	it('make the first administrator of an empty installation, once', async () => {
		const { services } = test;
		const replaced = split((await firstAdminPath(services)) ?? '');
		const link = split((await firstAdminPath(services)) ?? '');
		const form = {
			practiceName: 'North Clinic',
			timeZone: 'Europe/Berlin',
			name: 'Ada Admin',
			email: 'ada@example.org',
			password
		};
		expect(await foundPractice(services, { ...form, ...replaced }).catch(codeOf)).toBe('not_found');
		expect(
			await foundPractice(services, { ...form, ...link, password: 'north clinic 2026' }).catch(
				codeOf
			)
		).toBe('invalid_input');
		const { actor, value } = await foundPractice(services, { ...form, ...link });
		expect(actor.roles).toEqual(['admin']);
		expect(await validateSession(services.db, services, value)).not.toBeNull();
		expect(await foundPractice(services, { ...form, ...link }).catch(codeOf)).toBe('not_found');
		expect(await firstAdminPath(services)).toBeNull();
		admin = actor;
		practiceId = actor.practiceId;
	});

	const invite = (email: string) =>
		addPerson(
			test.services,
			admin,
			{
				email,
				name: 'Kim Ito',
				credentials: 'MD',
				roles: ['physician'],
				licensed: false,
				patientId: null
			},
			true
		);

	it('let an invited person choose a password, once and in time', async () => {
		const { path } = await invite('kim@example.org');
		const link = split(path);
		const accept = (secret = link.secret) =>
			acceptInvitation(test.services, { ...link, secret, password }).catch(codeOf);
		expect(await accept('A'.repeat(43))).toBe('not_found');
		const both = await Promise.all([accept(), accept()]);
		expect(both.filter((answer) => answer === 'not_found')).toHaveLength(1);
		const late = split((await invite('late@example.org')).path);
		test.time.advance(days(7));
		expect(await acceptInvitation(test.services, { ...late, password }).catch(codeOf)).toBe(
			'not_found'
		);
	});

	it('reset a password: the old one and every open session are dead', async () => {
		const { services } = test;
		const before = await signInByPassword(services, { email: 'kim@example.org', password });
		const { path } = await invitePerson(services, admin, before.actor.userId, true);
		const fresh = 'a lantern under seven hills';
		await acceptInvitation(services, { ...split(path), password: fresh });
		expect(await validateSession(services.db, services, before.value)).toBeNull();
		expect(
			await signInByPassword(services, { email: 'kim@example.org', password }).catch(codeOf)
		).toBe('not_signed_in');
		expect(
			await signInByPassword(services, { email: 'kim@example.org', password: fresh })
		).toHaveProperty('value');
	});

	it('are made by nobody who was not asked again, nor for oneself, nor for another practice', async () => {
		const { services } = test;
		const other = await buildPractice(services);
		const foreign = await buildPerson(services, { practiceId: other, roles: ['physician'] });
		const sonographer = await buildPerson(services, { practiceId, roles: ['sonographer'] });
		const target = await buildPerson(services, { practiceId, roles: ['fellow'] });
		const change = (by: UserActor, userId: UserId, steppedUp = true) =>
			changeRoles(services, by, { userId, roles: ['physician'], licensed: false }, steppedUp).then(
				() => 'done',
				codeOf
			);
		expect(await change(admin, target.userId, false)).toBe('reauthentication_required');
		expect(await change(admin, admin.userId)).toBe('not_allowed');
		expect(await change(sonographer, target.userId)).toBe('not_allowed');
		const missing = 'no-such-person' as UserId;
		expect(await change(admin, foreign.userId)).toBe(await change(admin, missing));
		expect(await change(admin, missing)).toBe('not_found');
		expect(
			await disablePerson(services, admin, { userId: foreign.userId }, true).catch(codeOf)
		).toBe('not_found');
		expect(await change(admin, target.userId)).toBe('done');
	});

	it('and sessions and tokens leave nothing in the database that opens anything', async () => {
		const { services, database } = test;
		const { value: session } = await signInByPassword(services, {
			email: 'ada@example.org',
			password
		});
		const { value: token } = await createToken(services, admin, {
			userId: admin.userId,
			name: 'viewer',
			scopes: ['dicom:read'],
			days: 1
		});
		const { path } = await invite('dump@example.org');
		const dump = await dumpOf(database.db);
		for (const secret of [session, token, split(path).secret, password]) {
			const last = secret.split('.').at(-1) ?? '';
			expect(last.length).toBeGreaterThan(20);
			expect(dump).not.toContain(last);
			expect(test.logged.join('\n')).not.toContain(last);
		}
		// What stands there instead does not sign in either.
		const [, hash = ''] = /"secret_hash":"([0-9a-f]{64})"/.exec(dump) ?? [];
		const [id = ''] = session.split('.');
		expect(await validateSession(services.db, services, `${id}.${hash.slice(0, 43)}`)).toBeNull();
	});
});

async function dumpOf(db: TestServices['services']['db']): Promise<string> {
	const tables = await db.execute<{ name: string }>(
		sql`select table_name as name from information_schema.tables where table_schema = 'public'`
	);
	const parts: string[] = [];
	for (const { name } of tables.rows) {
		const { rows } = await db.execute(
			sql`select to_json(t)::text as row from ${sql.identifier(name)} t`
		);
		parts.push(name, ...rows.map((row) => String(row.row)));
	}
	return parts.join('\n');
}

describe('a token', () => {
	let test: TestServices;
	let actor: UserActor;
	beforeAll(async () => {
		test = await createTestServices();
		const practiceId = await buildPractice(test.services);
		actor = await buildPerson(test.services, { practiceId, roles: ['physician'] });
	});
	const make = () =>
		createToken(test.services, actor, {
			userId: actor.userId,
			name: 'viewer',
			scopes: ['dicom:read'],
			days: 1
		});
	const judge = (header: string) => actorOfBearer(test.services, header);

	it('names its user, with its scopes, until it ends', async () => {
		const { value } = await make();
		expect(await judge(`Bearer ${value}`)).toMatchObject({
			userId: actor.userId,
			scopes: ['dicom:read']
		});
		for (const wrong of [
			value,
			`bearer ${value}`,
			`Bearer ${value}x`,
			`Bearer  ${value}`,
			'Bearer'
		]) {
			expect(await judge(wrong), wrong).toBeNull();
		}
		test.time.advance(days(1));
		expect(await judge(`Bearer ${value}`)).toBeNull();
	});

	it('is dead when it is revoked, and when its user is disabled', async () => {
		const { value, id } = await make();
		await revokeToken(test.services, actor, id);
		expect(await judge(`Bearer ${value}`)).toBeNull();
		const again = await make();
		const admin = await buildPerson(test.services, {
			practiceId: actor.practiceId,
			roles: ['admin']
		});
		await disablePerson(test.services, admin, { userId: actor.userId }, true);
		expect(await judge(`Bearer ${again.value}`)).toBeNull();
	});

	it('is made for oneself alone, and revoked by its user alone', async () => {
		const one = await buildPerson(test.services, {
			practiceId: actor.practiceId,
			roles: ['physician']
		});
		const two = await buildPerson(test.services, {
			practiceId: actor.practiceId,
			roles: ['physician']
		});
		const parts = { name: 'x', scopes: ['dicom:read' as const], days: 1 };
		expect(
			await createToken(test.services, one, { ...parts, userId: two.userId }).catch(codeOf)
		).toBe('not_allowed');
		const { id } = await createToken(test.services, two, { ...parts, userId: two.userId });
		expect(await revokeToken(test.services, one, id).catch(codeOf)).toBe('not_allowed');
		expect(await revokeToken(test.services, one, 'missing').catch(codeOf)).toBe('not_found');
	});
});
