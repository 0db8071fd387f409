import type { Handle } from '@sveltejs/kit';
import { paraglideMiddleware } from '$lib/paraglide/server.js';

/** Outside the reading room it is light: what visitors, patients and administrators see. */
const light = /^\/(s|my|admin|sign-in|sign-out|welcome)(\/|$)/;

/** Doors of programs: no words in them, and their bodies must not be copied. */
const machine = /^\/(api|dicom-web|fhir)(\/|$)/;

/** Fills what `app.html` leaves open: the language of this request and the theme of this place. */
export const resolveDocument: Handle = ({ event, resolve }) =>
	machine.test(event.url.pathname)
		? resolve(event)
		: paraglideMiddleware(event.request, ({ locale }) =>
				resolve(event, {
					transformPageChunk: ({ html }) =>
						html
							.replace('%lang%', locale)
							.replace('%theme%', light.test(event.url.pathname) ? 'light' : 'dark')
				})
			);
