import type { Handle } from '@sveltejs/kit';
import { paraglideMiddleware } from '$lib/paraglide/server.js';
import { isTheme, themeCookie, themeOf } from '$lib/ui/theme.ts';

/** Doors of programs: no words in them, and their bodies must not be copied. */
const machine = /^\/(api|dicom-web|fhir)(\/|$)/;

/** Fills what `app.html` leaves open: the language of this request and the theme of this place. */
export const resolveDocument: Handle = ({ event, resolve }) => {
	const { pathname } = event.url;
	if (machine.test(pathname)) return resolve(event);
	const cookie = event.cookies.get(themeCookie);
	const theme = themeOf(pathname, isTheme(cookie) ? cookie : null);
	return paraglideMiddleware(event.request, ({ locale }) =>
		resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', locale).replace('%theme%', theme)
		})
	);
};
