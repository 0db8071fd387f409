import type { DestinationId } from '$lib/ids.ts';
import { CircuitBreaker } from '../archive/circuit-breaker.ts';
import { ArchiveHttp } from '../archive/http-client.ts';
import type { destinations } from '../db/schema/practices.ts';
import { unseal } from '../secrets/seal.ts';
import type { Services } from '../services.ts';
import { isNamed } from './address.ts';

export type DestinationRow = typeof destinations.$inferSelect;

/** Also the name under which the sealed credential opens, so that it opens in its own row alone. */
export const contextOf = (id: DestinationId) => `destination:${id}`;

/** One client for each destination as it is set now, so that its breaker remembers. */
const clients = new Map<DestinationId, { key: string; http: ArchiveHttp }>();

export function connectTo({ env }: Pick<Services, 'env'>, row: DestinationRow): ArchiveHttp {
	const key = `${row.url} ${row.credential ?? ''}`;
	const known = clients.get(row.id);
	if (known?.key === key) return known.http;
	known?.http.close();
	const http = new ArchiveHttp({
		baseUrl: row.url,
		authorization:
			row.credential === null ? null : unseal(env.SECRETS_KEY, contextOf(row.id), row.credential),
		innerAllowed: isNamed(new URL(row.url), env.ARCHIVE_ALLOW_HOSTS),
		breaker: new CircuitBreaker()
	});
	clients.set(row.id, { key, http });
	return http;
}
