import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readCookie } from '../auth/read-cookie.ts';
import { recentIdentity } from '../hooks/identify.ts';
import { setSecurityHeaders } from '../hooks/security-headers.ts';
import { addressOf, originOf } from '../hooks/where-from.ts';
import { deviceOf, inRequest } from '../request-context.ts';
import type { Services } from '../services.ts';
import type { DoorRequest } from './answer.ts';
import { answerDicomWeb } from './handle.ts';
import { sendAnswer } from './send.ts';

const ours = /^(?:\/s\/[\w-]{1,64})?\/dicom-web\//;

/**
 * What is read through `/dicom-web`, straight from Node's server: the same identity, rights, audit and
 * headers as through the framework's route, without copying every byte into web streams. False when
 * the request is for the framework: everything that changes something, and people who open an
 * address as a page, which is activity.
 */
export function createNodeDoor(
	services: () => Promise<Services>,
	variables: Record<string, string | undefined>,
	identity: typeof recentIdentity = recentIdentity
): (req: IncomingMessage, res: ServerResponse) => boolean {
	return (req, res) => {
		const target = req.url ?? '';
		if (req.method !== 'GET' || !ours.test(target)) return false;
		if (req.headers['sec-fetch-mode'] === 'navigate' || hasBody(req)) return false;
		const [origin, address] = [originOf(req, variables), addressOf(req, variables)];
		const url = origin !== null && URL.parse(origin + target);
		if (!url || origin === null || address === null) return false;
		const context = {
			requestId: randomUUID().slice(0, 8),
			address,
			device: deviceOf(req.headers['user-agent'] ?? null),
			origin
		};
		const left = new AbortController();
		res.on('close', () => {
			if (!res.writableFinished) left.abort();
		});
		// A connection that breaks is no error of ours.
		res.on('error', () => {});
		void inRequest(context, async () => {
			try {
				const asked = { url, signal: left.signal, identity };
				await exchange(await services(), req, res, asked);
			} catch {
				// What was foreseen is an answer already; this is a connection that can only be cut.
				res.destroy();
			}
		});
		return true;
	};
}

const hasBody = (req: IncomingMessage) =>
	req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

interface Asked {
	url: URL;
	/** Aborted when the client leaves. */
	signal: AbortSignal;
	identity: typeof recentIdentity;
}

async function exchange(
	services: Services,
	req: IncomingMessage,
	res: ServerResponse,
	{ url, signal, identity }: Asked
): Promise<void> {
	const request: DoorRequest = {
		method: 'GET',
		headers: { get: (name) => headerOf(req, name) },
		signal,
		body: null
	};
	const cookies = { get: (name: string) => readCookie(req, name) ?? undefined };
	const identify = identity(services, { url, headers: request.headers, cookies });
	const answer = await answerDicomWeb(services, identify, request, { url, sentTarget: req.url });
	setSecurityHeaders(headersOf(answer.headers), url);
	await sendAnswer(answer, res);
}

function headerOf(req: IncomingMessage, name: string): string | null {
	const value = req.headers[name.toLowerCase()];
	return Array.isArray(value) ? value.join(', ') : (value ?? null);
}

const headersOf = (headers: Record<string, string>) => ({
	get: (name: string) => headers[name] ?? null,
	has: (name: string) => name in headers,
	set: (name: string, value: string) => {
		headers[name] = value;
	}
});
