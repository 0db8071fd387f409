import type { Cookies } from '@sveltejs/kit';

const base = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** `__Host-` needs https; on plain http the plain name, so that a LAN without TLS still signs in. */
export const sessionCookieName = (secure: boolean) => (secure ? '__Host-readroom' : 'readroom');

export function setSessionCookie(cookies: Cookies, url: URL, value: string): void {
	const secure = url.protocol === 'https:';
	cookies.set(sessionCookieName(secure), value, { ...base, secure });
}

export function clearSessionCookie(cookies: Cookies, url: URL): void {
	const secure = url.protocol === 'https:';
	cookies.delete(sessionCookieName(secure), { ...base, secure });
}

export const readSessionCookie = (cookies: Pick<Cookies, 'get'>, url: URL): string | undefined =>
	cookies.get(sessionCookieName(url.protocol === 'https:'));
