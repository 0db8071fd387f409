import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '$lib/server/auth/password.ts';
import { passwordFault } from '$lib/server/auth/password-policy.ts';
import { commonWords } from '$lib/server/auth/common-passwords.ts';
import { safeTarget } from '$lib/server/auth/safe-target.ts';

describe('a new password', () => {
	it.each([
		['14 characters', 'x7Kq2Lm9Pz4Wt8', 'too_short'],
		['15 characters', 'x7Kq2Lm9Pz4Wt8v', null],
		['a sentence with spaces', 'violet kettles orbit slowly', null],
		['128 characters', 'q7Zm kettle '.repeat(2) + 'vR3x&'.repeat(20) + 'uYt!', null],
		['1001 characters', 'abcdefghijk'.repeat(91), 'too_long'],
		['emoji, counted as people count', '🦊🐢🦉🐝🦋🐙🦀🐡🐬🦭🦔🦇🦥🦦🦨', null],
		['14 emoji', '🦊🐢🦉🐝🦋🐙🦀🐡🐬🦭🦔🦇🦥🦦', 'too_short'],
		['letters of another script', 'жёлтые чайники летят', null],
		['one character', 'aaaaaaaaaaaaaaaa', 'repetitive'],
		['one piece again and again', 'kx7!kx7!kx7!kx7!kx7!', 'repetitive'],
		['a known word twice', 'passwordpassword1', 'common'],
		['the usual swaps', 'P@ssw0rdP@ssw0rd', 'common'],
		['a run of keys', 'qwertyuiopasdfgh', 'common'],
		['digits in order', '123456789012345', 'common'],
		['a known word and a run', 'sunshine12345678', 'common'],
		['columns of keys', '1qaz2wsx3edc4rfv', 'common'],
		['the trade', 'echocardiography2026', 'context'],
		['the practice', 'NorthClinic-2026!', 'context'],
		['the person', 'marta.lindqvist.1963', 'context']
	])('of %s', (_, password, fault) => {
		const about = ['North Clinic', 'Marta Lindqvist', 'marta.lindqvist@example.org'];
		expect(passwordFault(password, about)).toBe(fault);
	});

	it('is refused when it is any known word, stretched to length', () => {
		for (const word of commonWords) {
			expect(passwordFault(word.padEnd(15, '123456789012345')), word).not.toBeNull();
		}
	});
});

describe('a stored password', () => {
	it('is verified whole: what differs after 72 bytes differs', async () => {
		const long = 'kettle orbit '.repeat(8);
		const stored = await hashPassword(`${long}A`);
		expect(await verifyPassword(stored, `${long}A`)).toBe(true);
		expect(await verifyPassword(stored, `${long}B`)).toBe(false);
		expect(await verifyPassword(stored, long)).toBe(false);
	});

	it('is argon2id at the cost that was decided', async () => {
		expect(await hashPassword('x')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	});

	it('is the same however the accents were typed', async () => {
		const stored = await hashPassword('caf\u00e9 au lait noir');
		expect(await verifyPassword(stored, 'cafe\u0301 au lait noir')).toBe(true);
	});

	it('does not fit anybody who has none', async () => {
		expect(await verifyPassword(null, '')).toBe(false);
	});
});

describe('where to go after signing in', () => {
	it.each([
		['/studies/1.2.3?x=1', '/studies/1.2.3?x=1'],
		['//evil.example', '/'],
		['/\\evil.example', '/'],
		['https://evil.example', '/'],
		['/ok\\..', '/'],
		['javascript:alert(1)', '/'],
		['/sign-out', '/'],
		[null, '/']
	])('from %s is %s', (to, expected) => {
		expect(safeTarget(to)).toBe(expected);
	});
});
