import type { Command } from 'commander';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId } from '$lib/ids.ts';
import { addMachine, setMachineDisabled } from '$lib/server/commands/change-machine.ts';
import { listMachines } from '$lib/server/queries/list-machines.ts';
import type { Services } from '$lib/server/services.ts';
import { operator, type CliContext } from './context.ts';
import { findPractice } from './practice.ts';

const where = ['--practice <id or name>', 'where there is more than one'] as const;

/** `readroom machine add|list|disable|enable` */
export function register(program: Command, { withServices }: CliContext): void {
	const machine = program
		.command('machine')
		.description('machines that may store by DICOM, by AE title');

	machine
		.command('add <aeTitle>')
		.description('put a machine on the allow list')
		.option('--name <text>', 'what people call it', '')
		.option('--address <ip>', 'accept it from this address alone')
		.option(...where)
		.action((aeTitle: string, options: { name: string; address?: string; practice?: string }) =>
			withServices(async (services) => {
				const practiceId = await findPractice(services, options.practice);
				const { name, address } = options;
				const input = { aeTitle, name, address: address ?? null };
				await addMachine(services, operator(practiceId), input, false);
				console.log(`${aeTitle} may store now.`);
				const { DIMSE_PORT, DIMSE_AE_TITLE } = services.env;
				if (DIMSE_PORT === undefined) {
					console.error('No door is open yet: set DIMSE_PORT where the server starts.');
				} else console.error(`It calls ${DIMSE_AE_TITLE} on port ${DIMSE_PORT}.`);
			})
		);

	machine
		.command('list')
		.description('print the allow list')
		.option(...where)
		.action((options: { practice?: string }) =>
			withServices(async (services) => {
				const practiceId = await findPractice(services, options.practice);
				const machines = await listMachines(services.db, practiceId);
				if (machines.length === 0) console.error('There is no machine on the list.');
				for (const { aeTitle, address, disabledAt, lastHeardAt, name } of machines) {
					const state = disabledAt ? 'disabled' : 'enabled';
					const heard = lastHeardAt?.toISOString() ?? 'never heard from';
					console.log([aeTitle, state, address ?? 'any address', heard, name].join('\t'));
				}
			})
		);

	const switching = (verb: 'disable' | 'enable', description: string, done: string) =>
		machine
			.command(`${verb} <aeTitle>`)
			.description(description)
			.option(...where)
			.action((aeTitle: string, options: { practice?: string }) =>
				withServices(async (services) => {
					const practiceId = await findPractice(services, options.practice);
					const id = await findMachine(services, practiceId, aeTitle);
					const disabled = verb === 'disable';
					await setMachineDisabled(services, operator(practiceId), { id, disabled }, false);
					console.log(`${aeTitle} ${done}.`);
				})
			);
	switching('disable', 'refuse a machine from now on; its studies stay', 'is refused now');
	switching('enable', 'accept a disabled machine again', 'may store again');
}

async function findMachine({ db }: Services, practiceId: PracticeId, aeTitle: string) {
	const machines = await listMachines(db, practiceId);
	const found = machines.find((machine) => machine.aeTitle === aeTitle.trim());
	if (!found) throw new DomainError('not_found', `there is no machine ${aeTitle} on the list`);
	return found.id;
}
