// Fills a folder with the demo's data: `node tests/e2e/seed.mjs FOLDER`.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export function seed(folder) {
	const { status } = spawnSync(
		join(root, 'node_modules/.bin/node'),
		[
			'--disable-warning=ExperimentalWarning',
			'--import',
			join(root, 'scripts/ts-hooks.mjs'),
			join(root, 'src/lib/server/seed/main.ts')
		],
		{
			cwd: root,
			env: { ...process.env, READROOM_ROOT: root, DATA_DIR: folder, EMBEDDED_DB: 'accept' },
			stdio: ['ignore', 'inherit', 'inherit']
		}
	);
	return status ?? 1;
}

if (import.meta.main) process.exit(seed(resolve(process.argv[2] ?? '')));
