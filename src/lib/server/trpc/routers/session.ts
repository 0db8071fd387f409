import { z } from 'zod';
import type { Cookies } from '@sveltejs/kit';
import { DomainError } from '$lib/errors.ts';
import { changePassword } from '../../auth/change-password.ts';
import { clearSessionCookie, setSessionCookie } from '../../auth/cookies.ts';
import { setDeviceMark } from '../../auth/known-device.ts';
import { endOwnSession, listOwnSessions } from '../../auth/own-sessions.ts';
import { beginPasskeySignIn, signInByPasskey } from '../../auth/passkey-sign-in.ts';
import {
	assertionSchema,
	attestationSchema,
	beginRegistration,
	finishRegistration,
	listPasskeys,
	removePasskey
} from '../../auth/passkeys.ts';
import { loadPreferences, preferencesSchema, savePreferences } from '../../auth/preferences.ts';
import { createStepUpChallenge, proofSchema } from '../../auth/reauthenticate.ts';
import { touchSession } from '../../auth/sessions.ts';
import { signOut } from '../../auth/sign-out.ts';
import { isSteppedUp, stepUp } from '../../auth/step-up.ts';
import type { Context } from '../context.ts';
import { memberProcedure, publicProcedure, router } from '../procedures.ts';

const own = memberProcedure('self.manage');

/** Cookies exist only on a request. */
function cookiesOf({ event }: Context): { cookies: Cookies; url: URL } {
	if (!event) throw new DomainError('unsupported');
	return { cookies: event.cookies, url: event.url };
}

/** Who is signed in, and what is theirs. Signing in by password is a form of the sign-in page. */
export const sessionRouter = router({
	/** Null when nobody is. Asking is not activity. */
	me: publicProcedure.query(async ({ ctx }) => {
		const { actor, practice, session, services } = ctx;
		if (actor.kind !== 'user' || !practice || !session) return null;
		return {
			userId: actor.userId,
			name: actor.name,
			roles: [...actor.roles],
			licensed: actor.licensed,
			practice: { id: practice.id, name: practice.name, timeZone: practice.timeZone },
			/** When the session ends unless something is done, and when it ends whatever is done. */
			idleUntil: session.expiresAt,
			absoluteUntil: session.absoluteExpiresAt,
			steppedUp: await isSteppedUp(services, session),
			/** Administrators see a banner: this database does not survive a power cut (N10). */
			onEmbeddedDatabase: actor.roles.includes('admin') && !services.env.DATABASE_URL
		};
	}),

	/** A person pressed a key or touched something: once a minute is enough (A3). */
	touch: own.mutation(async ({ ctx }) => {
		const { idleMinutes } = ctx.practice.settings.sessions;
		const { db } = ctx.services;
		return { idleUntil: await touchSession(db, ctx.services, ctx.actor.sessionId, idleMinutes) };
	}),

	signOut: own.mutation(async ({ ctx }) => {
		await signOut(ctx.services, ctx.actor);
		if (ctx.event) clearSessionCookie(ctx.event.cookies, ctx.event.url);
	}),

	passkeySignInOptions: publicProcedure.mutation(({ ctx }) => beginPasskeySignIn(ctx.services)),

	passkeySignIn: publicProcedure
		.input(z.strictObject({ challengeId: z.string().max(64), response: assertionSchema }))
		.mutation(async ({ ctx, input }) => {
			const { cookies, url } = cookiesOf(ctx);
			const formerSessionId = ctx.session?.id;
			const { value, deviceMark } = await signInByPasskey(ctx.services, {
				...input,
				formerSessionId
			});
			setSessionCookie(cookies, url, value);
			if (deviceMark) setDeviceMark(cookies, url, deviceMark);
		}),

	stepUpOptions: own.mutation(({ ctx }) => createStepUpChallenge(ctx.services, ctx.actor)),

	/** Confirms again who it is; opens for ten minutes what needs that. */
	stepUp: own.input(z.strictObject({ proof: proofSchema })).mutation(async ({ ctx, input }) => {
		const { cookies, url } = cookiesOf(ctx);
		setSessionCookie(cookies, url, await stepUp(ctx.services, ctx.actor, input.proof));
	}),

	passkeys: own.query(({ ctx }) => listPasskeys(ctx.services.db, ctx.actor.userId)),

	addPasskeyOptions: own.mutation(async ({ ctx }) => {
		if (!(await isSteppedUp(ctx.services, ctx.session))) {
			throw new DomainError('reauthentication_required');
		}
		return beginRegistration(ctx.services, ctx.actor);
	}),

	addPasskey: own
		.input(
			z.strictObject({
				challengeId: z.string().max(64),
				name: z.string().trim().min(1).max(60),
				response: attestationSchema
			})
		)
		.mutation(({ ctx, input }) => finishRegistration(ctx.services, ctx.actor, input)),

	removePasskey: own
		.input(z.strictObject({ id: z.string().max(1024) }))
		.mutation(async ({ ctx, input }) => {
			if (!(await isSteppedUp(ctx.services, ctx.session))) {
				throw new DomainError('reauthentication_required');
			}
			await removePasskey(ctx.services, ctx.actor, input.id);
		}),

	/** A new password of one's own; the other sessions end, and this one gets a new value. */
	changePassword: own
		.input(z.strictObject({ proof: proofSchema, password: z.string().min(1).max(1000) }))
		.mutation(async ({ ctx, input }) => {
			const { cookies, url } = cookiesOf(ctx);
			setSessionCookie(cookies, url, await changePassword(ctx.services, ctx.actor, input));
		}),

	list: own.query(({ ctx }) => listOwnSessions(ctx.services, ctx.actor)),

	end: own
		.input(z.strictObject({ id: z.string().max(64) }))
		.mutation(({ ctx, input }) => endOwnSession(ctx.services, ctx.actor, input.id)),

	preferences: own.query(({ ctx }) => loadPreferences(ctx.services.db, ctx.actor)),

	savePreferences: own
		.input(preferencesSchema)
		.mutation(({ ctx, input }) => savePreferences(ctx.services.db, ctx.actor, input))
});
