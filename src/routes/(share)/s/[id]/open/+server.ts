import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import type { GrantId } from '$lib/ids.ts';
import { grantCookieName } from '$lib/server/auth/grant-cookie.ts';
import { openGrant } from '$lib/server/commands/open-grant.ts';
import { packedJson } from '$lib/server/grants/packed-json.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { shareHeaders } from '$lib/server/grants/visitor.ts';
import { route } from '$lib/server/hooks/door.ts';
import type { RequestHandler } from './$types';

const body = z.strictObject({
	secret: z.string().max(100),
	passcode: z.string().max(100).nullable()
});

/** The deliberate act: secret and passcode against a cookie that is good for this link alone (C2). */
export const POST: RequestHandler = route(async ({ params, request, locals, cookies, url }) => {
	const parsed = body.safeParse(await request.json().catch(() => null));
	if (!parsed.success) throw new DomainError('invalid_input');
	const id = params.id as GrantId;
	const opened = await openGrant(locals.services, { id, ...parsed.data });
	const secure = url.protocol === 'https:';
	cookies.set(grantCookieName(id, secure), opened.cookie, {
		path: '/',
		httpOnly: true,
		sameSite: 'strict',
		secure,
		expires: opened.expiresAt
	});
	return packedJson(request, await sharedView(locals.services, opened.actor), shareHeaders);
});
