import { createHmac } from 'node:crypto';

/** An event as it is hashed. `at` in ISO with milliseconds, so that it reads back as the same text. */
export interface ChainedEvent {
	practiceId: string;
	sequence: number;
	at: Date;
	actor: string;
	roles: readonly string[];
	action: string;
	dicomCode: string | null;
	object: string | null;
	outcome: string;
	address: string;
	device: string;
	detail: Record<string, unknown>;
	previousHash: string;
}

/** The hash before the first event. */
export const genesis = '';

/** HMAC-SHA256 over the event and the hash before it; hex. The key is not in the database (M4). */
export function chainHash(key: string, e: ChainedEvent): string {
	const text = canonical([
		e.practiceId,
		e.sequence,
		e.at.toISOString(),
		e.actor,
		e.roles,
		e.action,
		e.dicomCode,
		e.object,
		e.outcome,
		e.address,
		e.device,
		e.detail,
		e.previousHash
	]);
	return createHmac('sha256', key).update(text).digest('hex');
}

/** JSON with sorted keys: jsonb gives keys back in another order than they came. */
function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value && typeof value === 'object') {
		const pairs = Object.entries(value)
			.filter(([, v]) => v !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`);
		return `{${pairs.join(',')}}`;
	}
	return JSON.stringify(value) ?? 'null';
}
