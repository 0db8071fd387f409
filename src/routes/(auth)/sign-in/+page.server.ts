import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import { setSessionCookie } from '$lib/server/auth/cookies.ts';
import { readDeviceMark, setDeviceMark } from '$lib/server/auth/known-device.ts';
import { safeTarget } from '$lib/server/auth/safe-target.ts';
import { signInByPassword } from '$lib/server/auth/sign-in.ts';
import { publicError } from '$lib/server/error-table.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
	if (locals.actor.kind === 'user') redirect(303, safeTarget(url.searchParams.get('to')));
};

const schema = z.object({ email: z.string().max(200), password: z.string().max(1000) });

export const actions: Actions = {
	default: async ({ request, locals, cookies, url }) => {
		const form = schema.safeParse(Object.fromEntries(await request.formData()));
		if (!form.success) return fail(400, { email: '', message: 'Fill in both fields.' });
		try {
			const { value, deviceMark } = await signInByPassword(locals.services, {
				...form.data,
				deviceMark: readDeviceMark(cookies, url),
				formerSessionId: locals.session?.id
			});
			setSessionCookie(cookies, url, value);
			if (deviceMark) setDeviceMark(cookies, url, deviceMark);
		} catch (e) {
			if (!(e instanceof DomainError)) throw e;
			const { status, message, detail } = publicError(e);
			return fail(status, { email: form.data.email, message: detail ?? message });
		}
		redirect(303, safeTarget(url.searchParams.get('to')));
	}
};
