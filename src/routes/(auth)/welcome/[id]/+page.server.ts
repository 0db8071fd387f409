import { fail, redirect } from '@sveltejs/kit';
import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import { setSessionCookie } from '$lib/server/auth/cookies.ts';
import { foundPractice } from '$lib/server/auth/first-admin.ts';
import { acceptInvitation } from '$lib/server/auth/invitations.ts';
import { isFirstAdminLink } from '$lib/server/auth/first-admin.ts';
import { publicError } from '$lib/server/error-table.ts';
import type { Actions, PageServerLoad } from './$types';

/** Looking at a link changes nothing and says nothing about whose it is (C2). */
export const load: PageServerLoad = async ({ params, locals }) => ({
	foundsPractice: await isFirstAdminLink(locals.services, params.id)
});

const password = z
	.object({ secret: z.string().max(64), password: z.string().max(1000), repeat: z.string() })
	.refine((form) => form.password === form.repeat, 'The two passwords differ.');
const timeZone = z.string().refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone));
const practice = z.object({
	practiceName: z.string().trim().min(1).max(120),
	timeZone: z.literal('UTC').or(timeZone),
	name: z.string().trim().min(1).max(120),
	email: z.email().max(200)
});

export const actions: Actions = {
	/** An invitation or a reset: choose a password. */
	accept: (event) =>
		answer(event, password, ({ locals, params }, form) =>
			acceptInvitation(locals.services, { id: params.id, ...form })
		),
	/** The very first link: found the practice as well. */
	found: (event) =>
		answer(event, password.and(practice), ({ locals, params }, form) =>
			foundPractice(locals.services, { id: params.id, ...form })
		)
};

type Event = Parameters<Actions[string]>[0];

async function answer<S extends z.ZodType>(
	event: Event,
	schema: S,
	act: (event: Event, form: z.output<S>) => Promise<{ value: string }>
) {
	const { request, cookies, url } = event;
	const form = schema.safeParse(Object.fromEntries(await request.formData()));
	if (!form.success) {
		const [issue] = form.error.issues;
		return fail(400, {
			message: issue?.code === 'custom' ? issue.message : 'Fill in every field.'
		});
	}
	try {
		setSessionCookie(cookies, url, (await act(event, form.data)).value);
	} catch (e) {
		if (!(e instanceof DomainError)) throw e;
		const { status, message, detail } = publicError(e);
		return fail(status, { message: detail ?? message });
	}
	redirect(303, '/');
}
