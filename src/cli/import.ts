import type { Command } from 'commander';
import { DomainError } from '$lib/errors.ts';
import { operator, type CliContext } from './context.ts';
import { findFiles, readGroups } from './import-files.ts';
import { sendGroup } from './import-remote.ts';
import { ImportTally, terminalScreen } from './import-tally.ts';
import { findPractice } from './practice.ts';

interface ImportOptions {
	practice?: string;
	server?: string;
	token?: string;
}

/** What became of one object. */
type Line = { status: 'stored' | 'duplicate' } | { status: 'rejected'; reason: string };
type Receive = (objects: Uint8Array[]) => Promise<readonly Line[]>;

/** `readroom import <paths…>`: files and folders into the archive, with a reason for each refusal. */
export function register(program: Command, context: CliContext): void {
	program
		.command('import <paths...>')
		.description('store DICOM files and folders, and list what was refused and why')
		.option('--practice <id or name>', 'where there is more than one')
		.option('--server <url>', 'send to a running server instead of opening the data folder')
		.option('--token <token>', 'for --server; its scope is dicom:store')
		.action(async (paths: string[], options: ImportOptions) => {
			const files = findFiles(paths);
			if (!files.length)
				throw new DomainError('invalid_input', 'There is no file under these paths.');
			if (options.server !== undefined || options.token !== undefined) {
				const { server, token = process.env.READROOM_TOKEN } = options;
				if (!server || !token) {
					throw new DomainError('invalid_input', '--server and --token belong together.');
				}
				return run(files, (objects) => sendGroup({ server, token }, objects));
			}
			await here(context, options, files);
		});
}

/** Into the data folder or database of the environment, by this process. */
async function here(context: CliContext, options: ImportOptions, files: string[]): Promise<void> {
	const [{ receiveObjects }, { arrivalsSettled }] = await Promise.all([
		import('$lib/server/commands/receive-objects.ts'),
		import('$lib/server/arrival/after-arrival.ts')
	]);
	try {
		await context.withServices(async (services) => {
			const actor = operator(await findPractice(services, options.practice));
			await run(files, async (objects) => {
				const { outcomes } = await receiveObjects(services, actor, { objects, origin: 'import' });
				return outcomes;
			});
			await arrivalsSettled();
		});
	} catch (error) {
		if (!(error instanceof Error && error.name === 'FolderLockedError')) throw error;
		throw new DomainError(
			'conflict',
			'A server is running on this data folder. Send the files to it instead: ' +
				'readroom import --server http://127.0.0.1:3000 --token TOKEN PATHS ' +
				'(make a token with "readroom token create" while it is stopped, or in its ' +
				'administration), or stop it and try again.',
			{ cause: error }
		);
	}
}

async function run(files: string[], receive: Receive): Promise<void> {
	const tally = new ImportTally(files.length, terminalScreen());
	try {
		for await (const { paths, objects } of readGroups(files, (p, r) => tally.reject(p, r))) {
			const lines = await receive(objects);
			paths.forEach((path, i) => {
				const line = lines[i];
				if (line && line.status !== 'rejected') tally.add(line.status);
				else tally.reject(path, line?.reason ?? 'Nothing is known of what became of it.');
			});
		}
	} finally {
		// Also when it ends early: what is in is in.
		tally.summarise();
	}
	process.exitCode = tally.exitCode;
}
