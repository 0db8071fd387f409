import { InvalidArgumentError, type Command } from 'commander';
import { tokenScopes, type TokenScope } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { createToken } from '$lib/server/commands/change-token.ts';
import { operator, type CliContext } from './context.ts';
import { findPractice } from './practice.ts';
import { findUser } from './user.ts';

interface CreateOptions {
	user: string;
	name: string;
	scope: string[];
	days: number;
	practice?: string;
}

/** `readroom token create` */
export function register(program: Command, { withServices }: CliContext): void {
	program
		.command('token')
		.description('tokens for programs')
		.command('create')
		.description('print a new token; it is shown once, here')
		.requiredOption('--user <email>', 'whose rights it has, at most')
		.requiredOption('--name <text>', 'what it is for')
		.requiredOption('--scope <scope...>', tokenScopes.join(', '))
		.option('--days <n>', 'valid for so long, at most 365', days, 90)
		.option('--practice <id or name>', 'where there is more than one')
		.action((options: CreateOptions) =>
			withServices(async (services) => {
				const practiceId = await findPractice(services, options.practice);
				const { value, expiresAt } = await createToken(services, operator(practiceId), {
					userId: await findUser(services, options.user),
					name: options.name,
					scopes: options.scope.map(parseScope),
					days: options.days
				});
				console.log(value);
				console.error(`Good until ${expiresAt.toISOString()}.`);
			})
		);
}

function days(text: string): number {
	const n = Number(text);
	if (Number.isInteger(n) && n >= 1 && n <= 365) return n;
	throw new InvalidArgumentError('a whole number from 1 to 365');
}

function parseScope(text: string): TokenScope {
	const scope = tokenScopes.find((known) => known === text);
	if (scope) return scope;
	throw new DomainError(
		'invalid_input',
		`${text} is no scope; there are ${tokenScopes.join(', ')}`
	);
}
