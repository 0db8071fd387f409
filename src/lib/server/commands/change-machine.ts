import { isIP } from 'node:net';
import { and, asc, eq } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId } from '$lib/ids.ts';
import { requireRight } from '../access/require.ts';
import { inTransaction, isUniqueViolation, type Tx } from '../db/client.ts';
import { archives, modalities } from '../db/schema/practices.ts';
import type { Services } from '../services.ts';
import type { Administrator } from './change-person.ts';

export interface MachineInput {
	aeTitle: string;
	name: string;
	/** Only from this address; null: from any. */
	address: string | null;
}

/** PS3.5 6.2, VR AE: at most 16 printable characters, no backslash; spaces around it mean nothing. */
const aeTitlePattern = /^[\x21-\x5b\x5d-\x7e](?:[\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?$/;

function checked({ aeTitle, name, address }: MachineInput): MachineInput {
	const title = aeTitle.trim();
	if (!aeTitlePattern.test(title)) {
		throw new DomainError(
			'invalid_input',
			'An AE title has 1 to 16 letters, digits or signs, and no backslash.'
		);
	}
	const from = address?.trim() || null;
	if (from !== null && isIP(from) === 0) {
		throw new DomainError('invalid_input', 'Write the address as numbers, like 10.0.0.7.');
	}
	return { aeTitle: title, name: name.trim(), address: from };
}

const taken = (e: unknown) =>
	isUniqueViolation(e)
		? new DomainError('conflict', 'This AE title is on the list of this server already.')
		: e;

/** Puts a machine on the allow list; what it sends goes into the practice's archive. */
export async function addMachine(
	services: Services,
	actor: Administrator,
	input: MachineInput,
	steppedUp: boolean
): Promise<{ id: string }> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	const machine = checked(input);
	const id = services.newId();
	try {
		return await inTransaction(services.db, async (tx) => {
			const archiveId = await archiveOf(tx, practiceId);
			const createdAt = services.clock();
			await tx.insert(modalities).values({ id, practiceId, archiveId, ...machine, createdAt });
			await services.audit.record(tx, actor, {
				action: 'machine.added',
				object: `machine:${id}`,
				detail: { aeTitle: machine.aeTitle, address: machine.address }
			});
			return { id };
		});
	} catch (e) {
		throw taken(e);
	}
}

async function archiveOf(tx: Tx, practiceId: PracticeId): Promise<ArchiveId> {
	const [row] = await tx
		.select({ id: archives.id })
		.from(archives)
		.where(eq(archives.practiceId, practiceId))
		.orderBy(asc(archives.createdAt))
		.limit(1);
	if (!row) throw new DomainError('conflict', 'This practice has no archive yet.');
	return row.id;
}

export async function changeMachine(
	services: Services,
	actor: Administrator,
	input: MachineInput & { id: string },
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	const machine = checked(input);
	try {
		await inTransaction(services.db, async (tx) => {
			const changed = await tx
				.update(modalities)
				.set(machine)
				.where(and(eq(modalities.practiceId, practiceId), eq(modalities.id, input.id)))
				.returning({ id: modalities.id });
			if (changed.length === 0) throw new DomainError('not_found');
			await services.audit.record(tx, actor, {
				action: 'machine.changed',
				object: `machine:${input.id}`,
				detail: { aeTitle: machine.aeTitle, address: machine.address }
			});
		});
	} catch (e) {
		throw taken(e);
	}
}

/** A disabled machine is refused from its next object on, also on a connection that is open. */
export function setMachineDisabled(
	services: Services,
	actor: Administrator,
	{ id, disabled }: { id: string; disabled: boolean },
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	requireRight(actor, 'archive.configure', { practiceId, steppedUp });
	return inTransaction(services.db, async (tx) => {
		const changed = await tx
			.update(modalities)
			.set({ disabledAt: disabled ? services.clock() : null })
			.where(and(eq(modalities.practiceId, practiceId), eq(modalities.id, id)))
			.returning({ id: modalities.id });
		if (changed.length === 0) throw new DomainError('not_found');
		await services.audit.record(tx, actor, {
			action: disabled ? 'machine.disabled' : 'machine.enabled',
			object: `machine:${id}`,
			detail: {}
		});
	});
}
