import type { Command } from 'commander';
import { eq } from 'drizzle-orm';
import { roles, type Role } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { PatientId } from '$lib/ids.ts';
import { foldEmail } from '$lib/server/auth/sign-in.ts';
import { addPerson, disablePerson } from '$lib/server/commands/change-person.ts';
import { users } from '$lib/server/db/schema/people.ts';
import type { Services } from '$lib/server/services.ts';
import { operator, type CliContext } from './context.ts';
import { findPractice } from './practice.ts';

interface AddOptions {
	name: string;
	role: string[];
	credentials: string;
	licensed: boolean;
	patient?: string;
	practice?: string;
}

/** `readroom user add|disable` */
export function register(program: Command, { withServices }: CliContext): void {
	const user = program.command('user').description('accounts');

	user
		.command('add <email>')
		.description('add a person and print the one-time link by which they choose a password')
		.requiredOption('--name <name>', 'as printed under a signature')
		.requiredOption('--role <role...>', roles.join(', '))
		.option('--credentials <text>', 'printed after the name', '')
		.option('--licensed', 'a fellow who is a licensed physician', false)
		.option('--patient <id>', 'for the role patient: whose record is theirs')
		.option('--practice <id or name>', 'where there is more than one')
		.action((email: string, options: AddOptions) =>
			withServices(async (services) => {
				const practiceId = await findPractice(services, options.practice);
				const { path, expiresAt } = await addPerson(
					services,
					operator(practiceId),
					{
						email,
						name: options.name,
						credentials: options.credentials,
						roles: options.role.map(parseRole),
						licensed: options.licensed,
						patientId: (options.patient ?? null) as PatientId | null
					},
					false
				);
				const { ORIGIN, HOST, PORT } = services.env;
				const host = HOST === '127.0.0.1' ? 'localhost' : HOST;
				console.log(`${ORIGIN ?? `http://${host}:${PORT}`}${path}`);
				console.error(`Good once, until ${expiresAt.toISOString()}.`);
			})
		);

	user
		.command('disable <email>')
		.description('close an account; all its sessions end')
		.option('--reason <text>')
		.option('--practice <id or name>', 'where there is more than one')
		.action((email: string, options: { reason?: string; practice?: string }) =>
			withServices(async (services) => {
				const practiceId = await findPractice(services, options.practice);
				const userId = await findUser(services, email);
				await disablePerson(
					services,
					operator(practiceId),
					{ userId, reason: options.reason },
					false
				);
				console.log(`${email} is disabled.`);
			})
		);
}

function parseRole(text: string): Role {
	const role = roles.find((known) => known === text);
	if (!role)
		throw new DomainError('invalid_input', `${text} is no role; there are ${roles.join(', ')}`);
	return role;
}

export async function findUser({ db }: Services, email: string) {
	const [row] = await db
		.select({ id: users.id })
		.from(users)
		.where(eq(users.email, foldEmail(email)));
	if (!row) throw new DomainError('not_found', `there is no account ${email}`);
	return row.id;
}
