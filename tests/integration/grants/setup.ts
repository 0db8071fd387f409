import type { Cookies, RequestEvent } from '@sveltejs/kit';
import type { Actor, GrantActor } from '$lib/access/actor.ts';
import type { GrantSwitches } from '$lib/access/grant.ts';
import { DomainError } from '$lib/errors.ts';
import { grantCookieName } from '$lib/server/auth/grant-cookie.ts';
import {
	createGrant,
	type CreatedGrant,
	type CreateGrant
} from '$lib/server/commands/create-grant.ts';
import { openGrant } from '$lib/server/commands/open-grant.ts';
import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import { identify } from '$lib/server/hooks/identify.ts';
import type { Services } from '$lib/server/services.ts';
import { days } from '../../support/clock.ts';
import type { ReportingPractice, SignedStudy } from '../../support/signed-report.ts';

type Parts = Partial<Omit<CreateGrant, 'reportId' | 'switches'>> & {
	switches?: Partial<GrantSwitches>;
	by?: ReportingPractice['physician'];
	origin?: string;
};

/** A link for seven days that opens pictures and report. */
export function share(
	services: Services,
	practice: ReportingPractice,
	{ reportId }: Pick<SignedStudy, 'reportId'>,
	{ switches, by, origin, ...parts }: Parts = {}
): Promise<CreatedGrant> {
	return createGrant(
		services,
		by ?? practice.physician,
		{
			reportId,
			recipient: 'Dr Eva Holm',
			message: '',
			passcode: null,
			expiresAt: new Date(services.clock().getTime() + days(7)),
			maxOpenings: null,
			instanceUids: null,
			switches: {
				images: true,
				report: true,
				download: true,
				measure: false,
				newerVersions: false,
				...switches
			},
			...parts
		},
		origin
	);
}

/** Made and opened. */
export async function opened(
	services: Services,
	practice: ReportingPractice,
	study: Pick<SignedStudy, 'reportId'>,
	parts: Parts = {}
): Promise<GrantActor> {
	const link = await share(services, practice, study, parts);
	const passcode = parts.passcode ?? null;
	return (await openGrant(services, { ...link, passcode })).actor;
}

/** The code of the error, or `ok`. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'ok',
		(e: unknown) => (e instanceof DomainError ? e.code : String(e))
	);

export async function dicomWeb(
	services: Services,
	actor: Actor,
	path: string,
	headers: Record<string, string> = {}
): Promise<Response> {
	const root = actor.kind === 'grant' ? `/s/${actor.grantId}/dicom-web` : '/dicom-web';
	const request = new Request(`http://localhost${root}/${path}`, { headers });
	return handleDicomWeb(services, async () => actor, request);
}

export async function dicomStatus(
	services: Services,
	actor: Actor,
	path: string,
	headers: Record<string, string> = {}
): Promise<number> {
	const response = await dicomWeb(services, actor, path, headers);
	await response.arrayBuffer();
	return response.status;
}

/** A browser without a page: a jar of cookies before the routes' own functions. */
export class Visitor {
	readonly jar = new Map<string, string>();
	readonly set: { name: string; value: string; options: Record<string, unknown> }[] = [];
	readonly services: Services;
	readonly origin: string;

	constructor(services: Services, origin = 'https://echo.example.org') {
		this.services = services;
		this.origin = origin;
	}

	/** As `handle` does it: identifies by path and cookies, then lets the route answer. */
	async ask(
		handler: unknown,
		id: string,
		door: string,
		init: RequestInit = {}
	): Promise<{ response: Response; actor: Actor }> {
		const url = new URL(`${this.origin}/s/${id}/${door}`);
		const request = new Request(url, init);
		const cookies = {
			get: (name: string) => this.jar.get(name),
			set: (name: string, value: string, options: Record<string, unknown>) => {
				this.jar.set(name, value);
				this.set.push({ name, value, options });
			}
		} as unknown as Cookies;
		const { actor, session } = await identify(this.services, {
			url,
			headers: request.headers,
			cookies
		});
		const event = {
			url,
			request,
			cookies,
			params: { id, path: door.replace(/^(dicom-web|scale)\//, '') },
			route: { id: `/(share)/s/[id]/${door}` },
			locals: { services: this.services, actor, session, practice: null, requestId: 'test' }
		} as unknown as RequestEvent;
		const response = await (handler as (event: RequestEvent) => Promise<Response>)(event);
		return { response, actor };
	}

	cookieOf(id: string): string | undefined {
		return this.jar.get(grantCookieName(id, this.origin.startsWith('https:')));
	}
}
