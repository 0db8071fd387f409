import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { context, reportFailure, type CliContext } from './context.ts';

/** A file of a command exports `register`, which adds it to the program. */
interface CommandFile {
	register(program: Command, context: CliContext): void;
}

const files = ['import', 'populate', 'worksheets', 'export', 'user', 'token', 'machine', 'audit'];

const root = process.env.READROOM_ROOT ?? process.cwd();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	version: string;
};

const program = new Command('readroom')
	.description('The reading room at the command line. DATA_DIR or DATABASE_URL says which.')
	.version(version)
	.showHelpAfterError();

for (const name of files) {
	const path = new URL(`./${name}.ts`, import.meta.url);
	if (existsSync(path)) ((await import(path.href)) as CommandFile).register(program, context);
}

// A reader that stops reading, as `head` does, is no failure.
process.stdout.on('error', (e: NodeJS.ErrnoException) => {
	if (e.code === 'EPIPE') process.exit(0);
	throw e;
});

try {
	await program.parseAsync();
} catch (e) {
	await reportFailure(e);
}
