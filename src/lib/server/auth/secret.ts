import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, base64url: 43 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** A public name of 128 random bits for something whose secret is kept apart. */
export const newPublicId = (): string => randomBytes(16).toString('base64url');

/** SHA-256, hex. Fit for random secrets only; a password needs `password.ts`. */
export const hashSecret = (secret: string): string =>
	createHash('sha256').update(secret).digest('hex');

/** Compares in constant time. */
export function matchesHash(secret: string, hash: string): boolean {
	const given = Buffer.from(hashSecret(secret), 'hex');
	const stored = Buffer.from(hash, 'hex');
	return given.length === stored.length && timingSafeEqual(given, stored);
}

export interface SplitSecret {
	id: string;
	secret: string;
}

const pattern = /^([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/;

/** `id.secret`, as cookies, tokens and one-time links carry it; null for anything else. */
export function splitSecret(value: string | null | undefined): SplitSecret | null {
	const match = pattern.exec(value ?? '');
	return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : null;
}
