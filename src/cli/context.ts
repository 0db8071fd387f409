import { DomainError } from '$lib/errors.ts';
import type { PracticeId } from '$lib/ids.ts';
import type { Services } from '$lib/server/services.ts';

/** What a command gets beside its arguments. */
export interface CliContext {
	/** Opens the data folder or database of the environment, works, and closes it again. */
	withServices(work: (services: Services) => Promise<void>): Promise<void>;
}

/** Loaded when a command needs it: commands on files alone start faster without. */
export const context: CliContext = {
	async withServices(work) {
		const [{ openServices }, { readEnv }] = await Promise.all([
			import('$lib/server/start.ts'),
			import('$lib/server/env.ts')
		]);
		const env = readEnv({ LOG_LEVEL: 'error', ...process.env });
		const running = await openServices({ env });
		try {
			await work(running.services);
		} finally {
			await running.close();
		}
	}
};

/** The operator at the machine: work of the system itself, named in the log. */
export const operator = (practiceId: PracticeId) =>
	({ kind: 'job', name: 'cli', practiceId, onBehalfOf: null }) as const;

/** What went wrong and what to do, in one line; the exit code says that it did. */
export async function reportFailure(error: unknown): Promise<void> {
	process.exitCode = 1;
	if (error instanceof DomainError) {
		const { errorTable } = await import('$lib/server/error-table.ts');
		console.error(`readroom: ${error.detail ?? errorTable[error.code].words}`);
	} else if (error instanceof Error) {
		console.error(`readroom: ${error.message}`);
	} else {
		console.error('readroom: something went wrong');
	}
}
