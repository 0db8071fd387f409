import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cookies } from '@sveltejs/kit';
import type { UserId } from '$lib/ids.ts';
import type { Env } from '../env.ts';
import { newPublicId } from './secret.ts';

/**
 * A browser that has signed in to an account before is known to it: wrong tries from elsewhere do
 * not lock it out (A8). The mark opens nothing, and nothing is stored about it here.
 */
const name = (secure: boolean) => (secure ? '__Host-readroom-device' : 'readroom-device');
const yearSeconds = 365 * 24 * 3600;

const markOf = (env: Env, deviceId: string, userId: UserId) =>
	createHmac('sha256', env.AUDIT_KEY).update(`device:${deviceId}:${userId}`).digest('base64url');

/** The device's id, if it bears a mark of this account; else null. */
export function knownDevice(env: Env, mark: string | undefined, userId: UserId): string | null {
	const [deviceId = '', given = ''] = (mark ?? '').split('.');
	const right = Buffer.from(markOf(env, deviceId, userId));
	const offered = Buffer.from(given);
	return right.length === offered.length && timingSafeEqual(right, offered) ? deviceId : null;
}

export function newDeviceMark(env: Env, userId: UserId): string {
	const deviceId = newPublicId();
	return `${deviceId}.${markOf(env, deviceId, userId)}`;
}

export const readDeviceMark = (cookies: Cookies, url: URL) =>
	cookies.get(name(url.protocol === 'https:'));

export function setDeviceMark(cookies: Cookies, url: URL, mark: string): void {
	const secure = url.protocol === 'https:';
	cookies.set(name(secure), mark, {
		path: '/',
		httpOnly: true,
		sameSite: 'strict',
		secure,
		maxAge: yearSeconds
	});
}
