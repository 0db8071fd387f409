import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId } from '$lib/ids.ts';
import { beginPasskeySignIn, signInByPasskey } from '$lib/server/auth/passkey-sign-in.ts';
import { hashPassword } from '$lib/server/auth/password.ts';
import {
	createSigningChallenge,
	proveForSigning,
	type Proof,
	type SigningSubject
} from '$lib/server/auth/reauthenticate.ts';
import { passkeys } from '$lib/server/db/schema/index.ts';
import { inRequest } from '$lib/server/request-context.ts';
import { minutes } from '../../support/clock.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

const origin = 'https://echo.example.org';
const password = 'violet kettles orbit slowly';
const subject = (more: Partial<SigningSubject> = {}): SigningSubject => ({
	reportId: 'report-1',
	bodyHash: 'a'.repeat(64),
	meaning: 'final',
	...more
});

/** An authenticator in software: answers challenges as a security key does. */
class SoftKey {
	readonly id = randomBytes(16).toString('base64url');
	readonly privateKey: KeyObject;
	readonly cose: Uint8Array;
	#counter = 0;

	constructor() {
		const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		this.privateKey = privateKey;
		const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
		// COSE_Key: kty EC2, alg ES256, crv P-256, x, y (RFC 9053).
		this.cose = new Uint8Array(
			Buffer.concat([
				Buffer.from('a5010203262001215820', 'hex'),
				Buffer.from(x, 'base64url'),
				Buffer.from('225820', 'hex'),
				Buffer.from(y, 'base64url')
			])
		);
	}

	answer(
		challenge: string,
		at = origin,
		flags = 0x05
	): Extract<Proof, { kind: 'passkey' }>['response'] {
		const clientDataJSON = Buffer.from(
			JSON.stringify({ type: 'webauthn.get', challenge, origin: at, crossOrigin: false })
		);
		const counter = Buffer.alloc(4);
		counter.writeUInt32BE(++this.#counter);
		const rpIdHash = createHash('sha256').update(new URL(at).hostname).digest();
		// Flags: user present 0x01, user verified 0x04.
		const authenticatorData = Buffer.concat([rpIdHash, Buffer.from([flags]), counter]);
		const clientHash = createHash('sha256').update(clientDataJSON).digest();
		const signature = sign(
			'sha256',
			Buffer.concat([authenticatorData, clientHash]),
			this.privateKey
		);
		return {
			id: this.id,
			rawId: this.id,
			type: 'public-key',
			response: {
				clientDataJSON: clientDataJSON.toString('base64url'),
				authenticatorData: authenticatorData.toString('base64url'),
				signature: signature.toString('base64url')
			},
			clientExtensionResults: {}
		};
	}
}

describe('proving who signs', () => {
	let test: TestServices;
	let practiceId: PracticeId;
	let passwordHash: string;
	let signer: UserActor;
	let key: SoftKey;

	beforeAll(async () => {
		test = await createTestServices();
		practiceId = await buildPractice(test.services);
		passwordHash = await hashPassword(password);
	});
	const person = async () => {
		const actor = await buildPerson(test.services, {
			practiceId,
			roles: ['physician'],
			passwordHash
		});
		const own = new SoftKey();
		await test.services.db.insert(passkeys).values({
			id: own.id,
			userId: actor.userId,
			publicKey: own.cose,
			counter: 0,
			transports: [],
			name: 'key',
			createdAt: test.services.clock()
		});
		return { actor, key: own };
	};
	beforeEach(async () => {
		({ actor: signer, key } = await person());
	});

	const here = <T>(work: () => Promise<T>) =>
		inRequest({ requestId: '', address: '', device: '', origin }, work);
	const begin = (subjects: SigningSubject[], actor = signer) =>
		here(() => createSigningChallenge(test.services, actor, subjects));
	const prove = (proof: Proof, subjects: SigningSubject[], actor = signer) =>
		here(() => proveForSigning(test.services, actor, proof, subjects)).catch((e: unknown) => {
			if (e instanceof DomainError) return e.code;
			throw e;
		});
	const passkey = async (subjects: SigningSubject[], by = key): Promise<Proof> => {
		const { challengeId, options } = await begin(subjects);
		return { kind: 'passkey', challengeId, response: by.answer(options.challenge) };
	};

	it('takes the right password, and no other', async () => {
		expect(await prove({ kind: 'password', password }, [subject()])).toBe('password');
		expect(await prove({ kind: 'password', password: `${password} ` }, [subject()])).toBe(
			'reauthentication_failed'
		);
	});

	it('takes a passkey over exactly these contents', async () => {
		expect(await prove(await passkey([subject()]), [subject()])).toBe('passkey');
	});

	it('takes one passkey proof for a list of which this is one', async () => {
		const listed = [subject(), subject({ reportId: 'report-2', bodyHash: 'b'.repeat(64) })];
		expect(await prove(await passkey(listed), [listed[1]!])).toBe('passkey');
	});

	it.each([
		['another report', subject({ reportId: 'report-9' })],
		['another content', subject({ bodyHash: 'c'.repeat(64) })],
		['another meaning', subject({ meaning: 'preliminary' })]
	])('refuses a proof that was given for %s', async (_, other) => {
		expect(await prove(await passkey([subject()]), [other])).toBe('reauthentication_failed');
		expect(await prove(await passkey([subject()]), [subject(), other])).toBe(
			'reauthentication_failed'
		);
	});

	it('refuses a proof the second time', async () => {
		const proof = await passkey([subject()]);
		expect(await prove(proof, [subject()])).toBe('passkey');
		expect(await prove(proof, [subject()])).toBe('reauthentication_failed');
	});

	it('lets one of two equal proofs at the same moment through', async () => {
		const proof = await passkey([subject()]);
		const answers = await Promise.all([prove(proof, [subject()]), prove(proof, [subject()])]);
		expect(answers.sort()).toEqual(['passkey', 'reauthentication_failed']);
	});

	it('refuses a proof that is two minutes old', async () => {
		const proof = await passkey([subject()]);
		test.time.advance(minutes(2));
		expect(await prove(proof, [subject()])).toBe('reauthentication_failed');
	});

	it('refuses the proof of another person, and another person’s key', async () => {
		const other = await person();
		expect(await prove(await passkey([subject()]), [subject()], other.actor)).toBe(
			'reauthentication_failed'
		);
		expect(await prove(await passkey([subject()], other.key), [subject()])).toBe(
			'reauthentication_failed'
		);
	});

	it('refuses an answer for another site, and one without the person verified', async () => {
		for (const answer of [
			(c: string) => key.answer(c, 'https://evil.example'),
			(c: string) => key.answer(c, origin, 0x01)
		]) {
			const { challengeId, options } = await begin([subject()]);
			const proof: Proof = { kind: 'passkey', challengeId, response: answer(options.challenge) };
			expect(await prove(proof, [subject()])).toBe('reauthentication_failed');
		}
	});

	it('refuses a challenge that was made for signing in', async () => {
		const { challengeId, options } = await here(() => beginPasskeySignIn(test.services));
		const proof: Proof = { kind: 'passkey', challengeId, response: key.answer(options.challenge) };
		expect(await prove(proof, [subject()])).toBe('reauthentication_failed');
	});

	it('slows down guessing in an open session, and witnesses every failure', async () => {
		const answers = [];
		for (let n = 0; n < 7; n++) {
			answers.push(await prove({ kind: 'password', password: `guess ${n}` }, [subject()]));
		}
		expect(answers.slice(0, 5)).toEqual(Array(5).fill('reauthentication_failed'));
		expect(answers.slice(5)).toEqual(['too_many', 'too_many']);
		const failures = await test.services.db.query.auditEvents.findMany({
			where: (row, { and, eq }) =>
				and(
					eq(row.actor, `user:${signer.userId}`),
					eq(row.action, 'session.reauthentication-failed')
				)
		});
		expect(failures).toHaveLength(5);
	});

	it('signs a person in by passkey, with the second factor given', async () => {
		const { challengeId, options } = await here(() => beginPasskeySignIn(test.services));
		const signedIn = await here(() =>
			signInByPasskey(test.services, { challengeId, response: key.answer(options.challenge) })
		);
		expect(signedIn.actor.userId).toBe(signer.userId);
		const row = await test.services.db.query.sessions.findFirst({
			where: (r, { eq }) => eq(r.id, signedIn.actor.sessionId)
		});
		expect(row?.secondFactorAt).toEqual(test.services.clock());
	});
});
