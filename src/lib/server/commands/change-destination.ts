import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import type { DestinationId, PracticeId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/client.ts';
import { destinations } from '../db/schema/practices.ts';
import { checkedAddress } from '../destinations/address.ts';
import { connectTo, contextOf, type DestinationRow } from '../destinations/connect.ts';
import { tryConnection, type ConnectionFinding } from '../destinations/try-connection.ts';
import { seal } from '../secrets/seal.ts';
import type { Services } from '../services.ts';
import type { Administrator } from './change-person.ts';

/** What would end a header early, or is no character of one. */
const printable = /^[\x20-\x7e\u00a0-\u{10ffff}]*$/u;
const part = z.string().min(1).max(500).regex(printable);

export const credentialSchema = z.discriminatedUnion('kind', [
	/** The one that is stored; not when the address names another server. */
	z.strictObject({ kind: z.literal('keep') }),
	z.strictObject({ kind: z.literal('none') }),
	z.strictObject({ kind: z.literal('password'), user: part, password: part }),
	z.strictObject({ kind: z.literal('token'), token: part.regex(/^[\x21-\x7e]+$/) })
]);
export type Credential = z.output<typeof credentialSchema>;

export interface DestinationInput {
	name: string;
	url: string;
	credential: Credential;
}

function headerOf(credential: Credential): string | null {
	switch (credential.kind) {
		case 'keep':
		case 'none':
			return null;
		case 'password': {
			if (credential.user.includes(':')) {
				throw new DomainError('invalid_input', 'A user name cannot have a colon in it.');
			}
			const pair = Buffer.from(`${credential.user}:${credential.password}`);
			return `Basic ${pair.toString('base64')}`;
		}
		case 'token':
			return `Bearer ${credential.token}`;
	}
}

function sealed({ env }: Services, id: DestinationId, credential: Credential): string | null {
	const header = headerOf(credential);
	return header === null ? null : seal(env.SECRETS_KEY, contextOf(id), header);
}

const hostOf = (url: string) => new URL(url).host;
const taken = (e: unknown) =>
	isUniqueViolation(e) ? new DomainError('conflict', 'There is a destination of this name.') : e;

/** Reports that are signed from now on also go there. */
export async function addDestination(
	services: Services,
	actor: Administrator,
	input: DestinationInput,
	steppedUp: boolean
): Promise<{ id: DestinationId }> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	const url = checkedAddress(input.url, services.env.ARCHIVE_ALLOW_HOSTS);
	if (input.credential.kind === 'keep') throw new DomainError('invalid_input');
	const id = services.newId() as DestinationId;
	const credential = sealed(services, id, input.credential);
	try {
		return await inTransaction(services.db, async (tx) => {
			const createdAt = services.clock();
			await tx
				.insert(destinations)
				.values({ id, practiceId, name: input.name, url, credential, createdAt });
			await services.audit.record(tx, actor, {
				action: 'destination.added',
				object: `destination:${id}`,
				detail: { host: hostOf(url), credential: credential !== null }
			});
			return { id };
		});
	} catch (e) {
		throw taken(e);
	}
}

export async function changeDestination(
	services: Services,
	actor: Administrator,
	input: DestinationInput & { id: DestinationId },
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	const url = checkedAddress(input.url, services.env.ARCHIVE_ALLOW_HOSTS);
	const { id } = input;
	try {
		await inTransaction(services.db, async (tx) => {
			const before = await destinationOf(tx, practiceId, id);
			const kept = input.credential.kind === 'keep';
			// Otherwise whoever may set the address could have the credential sent to a server of theirs.
			if (kept && before.credential && new URL(before.url).origin !== new URL(url).origin) {
				throw new DomainError('invalid_input', 'Another server: enter its credential as well.');
			}
			const credential = kept ? before.credential : sealed(services, id, input.credential);
			await tx
				.update(destinations)
				.set({ name: input.name, url, credential })
				.where(eq(destinations.id, id));
			await services.audit.record(tx, actor, {
				action: 'destination.changed',
				object: `destination:${id}`,
				detail: { host: hostOf(url), credential: credential !== null }
			});
		});
	} catch (e) {
		throw taken(e);
	}
}

export function setDestinationDisabled(
	services: Services,
	actor: Administrator,
	{ id, disabled }: { id: DestinationId; disabled: boolean },
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	return inTransaction(services.db, async (tx) => {
		await destinationOf(tx, practiceId, id);
		await tx
			.update(destinations)
			.set({ disabledAt: disabled ? services.clock() : null })
			.where(eq(destinations.id, id));
		await services.audit.record(tx, actor, {
			action: disabled ? 'destination.disabled' : 'destination.enabled',
			object: `destination:${id}`,
			detail: {}
		});
	});
}

/** Knocks at a destination as it is stored, with its credential. */
export async function testDestination(
	services: Services,
	actor: Administrator,
	id: DestinationId,
	steppedUp: boolean
): Promise<{ finding: ConnectionFinding }> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	const row = await inTransaction(services.db, (tx) => destinationOf(tx, practiceId, id));
	const finding = await tryConnection(connectTo(services, row));
	await inTransaction(services.db, (tx) =>
		services.audit.record(tx, actor, {
			action: 'destination.tested',
			object: `destination:${id}`,
			outcome: finding === 'works' ? 'success' : 'failure',
			detail: { host: hostOf(row.url), answer: finding }
		})
	);
	return { finding };
}

async function destinationOf(
	tx: Tx,
	practiceId: PracticeId,
	id: DestinationId
): Promise<DestinationRow> {
	const [row] = await tx
		.select()
		.from(destinations)
		.where(and(eq(destinations.practiceId, practiceId), eq(destinations.id, id)));
	if (!row) throw new DomainError('not_found');
	return row;
}
