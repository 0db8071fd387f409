import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PracticeId } from '$lib/ids.ts';
import { DomainError } from '$lib/errors.ts';
import { takeAttempt } from '$lib/server/auth/attempts.ts';
import { hashPassword } from '$lib/server/auth/password.ts';
import { signInByPassword, type SignIn } from '$lib/server/auth/sign-in.ts';
import { createSession, validateSession } from '$lib/server/auth/sessions.ts';
import { inRequest } from '$lib/server/request-context.ts';
import { hours, minutes } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

const password = 'violet kettles orbit slowly';

describe('signing in by password', () => {
	let test: TestServices;
	let practiceId: PracticeId;
	let passwordHash: string;
	let email: string;

	beforeAll(async () => {
		test = await createTestServices();
		practiceId = await buildPractice(test.services);
		passwordHash = await hashPassword(password);
	});
	beforeEach(async () => {
		email = `${test.services.newId()}@example.org`;
		await buildPerson(test.services, { practiceId, roles: ['physician'], email, passwordHash });
		test.time.advance(hours(24));
	});

	const from = <T>(address: string, work: () => Promise<T>) =>
		inRequest({ requestId: '', address, device: '', origin: 'http://localhost' }, work);
	const tryIn = (parts: Partial<SignIn> = {}, address = '10.0.0.1') =>
		from(address, () => signInByPassword(test.services, { email, password, ...parts })).then(
			(signedIn) => signedIn,
			(e: unknown) => {
				if (e instanceof DomainError) return e.code;
				throw e;
			}
		);

	it('takes the name in any case, and makes a session', async () => {
		const signedIn = await tryIn({ email: ` ${email.toUpperCase()} ` });
		if (typeof signedIn === 'string') throw new Error(signedIn);
		expect(await validateSession(test.services.db, test.services, signedIn.value)).not.toBeNull();
	});

	it('never adopts a value that the browser had, and ends that session', async () => {
		const person = await buildPerson(test.services, { practiceId, roles: ['fellow'] });
		const before = await createSession(test.services.db, test.services, {
			userId: person.userId,
			practiceId
		});
		const signedIn = await tryIn({ formerSessionId: before.session.id });
		if (typeof signedIn === 'string') throw new Error(signedIn);
		expect(signedIn.value).not.toBe(before.value);
		expect(await validateSession(test.services.db, test.services, before.value)).toBeNull();
	});

	it('answers an unknown name, a wrong password and a closed account alike', async () => {
		const { users } = await import('$lib/server/db/schema/index.ts');
		const { eq } = await import('drizzle-orm');
		const closed = `closed-${email}`;
		await buildPerson(test.services, {
			practiceId,
			roles: ['fellow'],
			email: closed,
			passwordHash
		});
		await test.services.db
			.update(users)
			.set({ disabledAt: test.services.clock() })
			.where(eq(users.email, closed));
		const answers = await Promise.all([
			tryIn({ email: 'nobody@example.org' }),
			tryIn({ password: 'wrong wrong wrong wrong' }),
			tryIn({ email: closed })
		]);
		expect(answers).toEqual(['not_signed_in', 'not_signed_in', 'not_signed_in']);
	});

	it('waits longer after each failure, for known and unknown names the same', async () => {
		const waits = async (name: string, address: string) => {
			const taken: string[] = [];
			for (let n = 0; n < 6; n++) {
				taken.push(String(await tryIn({ email: name, password: 'wrong' }, address)));
				test.time.advance(1500);
			}
			return taken;
		};
		const known = await waits(email, '10.0.1.1');
		expect(known).toContain('too_many');
		expect(await waits('unknown@example.org', '10.0.1.2')).toEqual(known);
	});

	it('verifies at most 100 of 300 guesses from 60 addresses, and the known device gets in', async () => {
		const first = await tryIn();
		if (typeof first === 'string') throw new Error(first);
		const deviceMark = first.deviceMark ?? undefined;
		// The counting alone: what it lets through would be verified, at a fifth of a second each.
		let verified = 0;
		for (let n = 0; n < 300; n++) {
			test.time.advance(minutes(16));
			await takeAttempt(test.services, 'account', email).then(
				() => verified++,
				(e: DomainError) => expect(e.code).toBe('too_many')
			);
		}
		expect(verified).toBe(100);
		// Locked from everywhere else, also for the right password …
		expect(await tryIn({}, '10.2.0.1')).toBe('too_many');
		// … but not from a browser that signed in before.
		expect(await tryIn({ deviceMark }, '10.2.0.2')).toMatchObject({ deviceMark: null });
	});

	it('counts guesses made at the same moment', async () => {
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, n) => tryIn({ password: `guess ${n}` }, `10.3.0.${n}`))
		);
		expect(answers.filter((answer) => answer === 'not_signed_in').length).toBeLessThanOrEqual(3);
	});

	it('lets a whole clinic sign in from one address, and still slows its guesses', async () => {
		const clinic = '10.5.0.1';
		for (let n = 0; n < 30; n++) expect(await tryIn({}, clinic)).toHaveProperty('value');
		const guesses: unknown[] = [];
		for (let n = 0; n < 30; n++) {
			guesses.push(await tryIn({ email: `nobody-${n}@example.org`, password: 'wrong' }, clinic));
			// One account of one's own does not wipe them out.
			if (n === 15) await tryIn({}, clinic);
		}
		expect(guesses.filter((answer) => answer === 'not_signed_in').length).toBeLessThanOrEqual(21);
		expect(guesses.at(-1)).toBe('too_many');
	});

	it('does not take the device mark of another account', async () => {
		const other = `other-${email}`;
		await buildPerson(test.services, { practiceId, roles: ['fellow'], email: other, passwordHash });
		const signedIn = await tryIn({ email: other });
		if (typeof signedIn === 'string') throw new Error(signedIn);
		for (let n = 0; n < 5; n++) await tryIn({ password: 'wrong' }, `10.4.0.${n}`);
		const answer = await tryIn({ deviceMark: signedIn.deviceMark ?? '' }, '10.4.1.1');
		expect(answer).toBe('too_many');
	});

	it('says so in the log of the practice, without the name that was tried', async () => {
		await tryIn({ email: 'marta.secret@example.org', password: 'wrong' });
		await tryIn({ password: 'wrong' });
		const rows = await test.services.db.query.auditEvents.findMany({
			where: (row, { eq }) => eq(row.action, 'session.sign-in-failed')
		});
		expect(rows.map((row) => row.detail)).toContainEqual({ reason: 'unknown name' });
		expect(rows.map((row) => row.detail)).toContainEqual({ reason: 'wrong password' });
		expect(JSON.stringify(rows) + test.logged.join()).not.toContain('marta.secret');
	});
});
