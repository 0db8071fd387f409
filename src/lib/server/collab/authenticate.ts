import type { IncomingMessage } from 'node:http';
import { can } from '$lib/access/policy.ts';
import type { UserActor } from '$lib/access/actor.ts';
import { addressParams } from '$lib/collab/wire.ts';
import type { ReportId } from '$lib/ids.ts';
import { sessionCookieName } from '../auth/cookies.ts';
import { readCookie } from '../auth/read-cookie.ts';
import { deviceOf, type RequestContext } from '../request-context.ts';
import { subjectOf } from './judge-change.ts';
import type { LiveMachine } from './machine.ts';
import { findReport, type ReportFacts } from './persist.ts';

export interface Admitted {
	actor: UserActor;
	/** The session cookie's value. */
	session: string;
	report: ReportFacts;
	/** Milliseconds, when session and right were looked at. */
	judgedAt: number;
	/** What the client holds; null when it did not say. */
	generation: number | null;
	acks: boolean;
	request: RequestContext;
}

export interface LiveAddress {
	reportId: ReportId;
	generation: number | null;
	acks: boolean;
}

/** `/ws/<report id>?g=<generation>`, decoded nowhere: an id needs no escapes. */
export function parseAddress(url: string): LiveAddress | null {
	const match = /^\/ws\/([A-Za-z0-9][A-Za-z0-9_-]{0,99})(?:\?(.{0,200}))?$/.exec(url);
	if (!match?.[1]) return null;
	const params = new URLSearchParams(match[2] ?? '');
	const generation = params.get(addressParams.generation);
	return {
		reportId: match[1] as ReportId,
		generation: generation !== null && /^\d{1,9}$/.test(generation) ? Number(generation) : null,
		acks: params.get(addressParams.acks) === '1'
	};
}

/**
 * Judges an upgrade before anything is made for it (K1): origin, address, session, right. Unknown,
 * foreign and forbidden documents get one answer (B3).
 * @returns an HTTP status to refuse with.
 */
export async function judgeUpgrade(
	machine: LiveMachine,
	req: IncomingMessage
): Promise<Admitted | 400 | 401 | 403 | 404> {
	if (!isOwnOrigin(machine, req)) return 403;
	const address = parseAddress(req.url ?? '');
	if (!address) return 404;
	const judgedAt = machine.clock().getTime();
	const session = readCookie(req, sessionCookieName(isSecure(machine, req)));
	const actor = session ? await machine.judgeSession(session) : null;
	if (!session || !actor) return 401;
	const report = await findReport(machine.db, address.reportId);
	if (!report || !can(actor, 'report.read-draft', subjectOf(report))) return 404;
	const { generation, acks } = address;
	return { actor, session, report, judgedAt, generation, acks, request: contextOf(machine, req) };
}

/** A browser always says where a socket's page came from; whoever says nothing is no browser. */
function isOwnOrigin(machine: LiveMachine, req: IncomingMessage): boolean {
	const { origin } = req.headers;
	if (!origin || !URL.canParse(origin)) return false;
	if (machine.env.ORIGIN) return origin === new URL(machine.env.ORIGIN).origin;
	const url = new URL(origin);
	const host = forwarded(machine, req, 'x-forwarded-host') ?? req.headers.host;
	const scheme = isSecure(machine, req) ? 'https:' : 'http:';
	return url.protocol === scheme && url.host === host;
}

function isSecure(machine: LiveMachine, req: IncomingMessage): boolean {
	const proto = forwarded(machine, req, 'x-forwarded-proto');
	if (proto !== null) return proto === 'https';
	if (machine.env.ORIGIN) return machine.env.ORIGIN.startsWith('https:');
	return 'encrypted' in req.socket && req.socket.encrypted === true;
}

/** Proxy headers count only behind a configured proxy (G6). */
function forwarded(machine: LiveMachine, req: IncomingMessage, name: string): string | null {
	const value = machine.env.TRUST_PROXY ? req.headers[name] : undefined;
	return typeof value === 'string' && value !== ''
		? (value.split(',').at(-1)?.trim() ?? null)
		: null;
}

function contextOf(machine: LiveMachine, req: IncomingMessage): RequestContext {
	return {
		requestId: machine.newId(),
		address: forwarded(machine, req, 'x-forwarded-for') ?? req.socket.remoteAddress ?? '',
		device: deviceOf(req.headers['user-agent'] ?? null),
		origin: req.headers.origin ?? ''
	};
}
