export const themes = ['dark', 'light'] as const;
export type Theme = (typeof themes)[number];

/** The cookie that the server reads for the first paint; it says nothing about anybody. */
export const themeCookie = 'theme';

export const isTheme = (text: string | undefined): text is Theme =>
	themes.some((theme) => theme === text);

/** What the document shows now; dark where there is none (on the server). */
export function readTheme(): Theme {
	const shown = globalThis.document?.documentElement.dataset.theme;
	return isTheme(shown) ? shown : 'dark';
}

export function setTheme(theme: Theme): void {
	document.documentElement.dataset.theme = theme;
	document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
