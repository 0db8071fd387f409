export const themes = ['dark', 'light'] as const;
export type Theme = (typeof themes)[number];

/** The cookie that the server reads for the first paint; it says nothing about anybody. */
export const themeCookie = 'theme';

export const isTheme = (text: string | undefined): text is Theme =>
	themes.some((theme) => theme === text);

/** Where images are read it is dark, whatever anybody likes. */
const dark = /^\/studies(\/|$)/;
/** Where people choose: the list, which is read beside the images. */
const chosen = /^\/$/;

/** The theme of a place: dark for reading, light for referrers, patients, reports and settings. */
export function themeOf(pathname: string, liked: Theme | null): Theme {
	if (dark.test(pathname) || pathname.startsWith('/dev/')) return 'dark';
	return chosen.test(pathname) ? (liked ?? 'dark') : 'light';
}

/** What this person chose for the list; dark where nothing is known. */
export function likedTheme(): Theme {
	const found = /(?:^|; )theme=(\w+)/.exec(globalThis.document?.cookie ?? '')?.[1];
	return isTheme(found) ? found : 'dark';
}

export function likeTheme(theme: Theme): void {
	document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
