import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { Services } from '../services.ts';
import type { AccessRegistry } from '../access-registry.ts';
import type { FanOut } from './fan-out.ts';
import type { LiveLimits } from './limits.ts';

/** Judges the value of a session cookie as it stands now; looking is not activity (A3). */
export type JudgeSession = (value: string) => Promise<UserActor | null>;

/** What live documents need of the machine. */
export interface LiveMachine extends Pick<
	Services,
	'env' | 'db' | 'clock' | 'newId' | 'log' | 'audit'
> {
	judgeSession: JudgeSession;
	registry: AccessRegistry;
	fanOut: FanOut;
	limits: LiveLimits;
}

/** Ends the work on one message and closes its socket; nothing of it was kept. */
export class Refusal extends Error {
	readonly code: number;
	readonly reason: string;

	/** `reason` reaches the client: at most 123 bytes, no ids, no values. */
	constructor(code: number, reason: string) {
		super(`refused with ${code}: ${reason}`);
		this.name = 'Refusal';
		this.code = code;
		this.reason = reason;
	}
}

/** Tries again after each wait when the database is away; a refusal is final. */
export async function withRetries<T>(machine: LiveMachine, work: () => Promise<T>): Promise<T> {
	for (const waitMs of machine.limits.retryMs) {
		try {
			return await work();
		} catch (e) {
			if (e instanceof Refusal || e instanceof DomainError) throw e;
			machine.log.warn({ err: messageOf(e) }, 'live document: the database did not take it, again');
			await new Promise((done) => setTimeout(done, waitMs));
		}
	}
	return work();
}

/** Our own words of an error; a driver's message may quote values. */
export function messageOf(error: unknown): string {
	if (!(error instanceof Error)) return 'unknown';
	const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
	return `${error.name}${code}`;
}
