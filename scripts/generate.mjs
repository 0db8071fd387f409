// What other tools need before they can read `src/`: compiled messages and SvelteKit's types.
import { compile } from '@inlang/paraglide-js';
import { run } from './run.mjs';

// The same options as in `vite.config.ts`.
await compile({
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
	emitTsDeclarations: true
});

const { status, output } = await run('svelte-kit', ['sync'], { quiet: true });
if (status !== 0) {
	console.error(output);
	process.exit(1);
}
// The message compiler keeps a worker open.
process.exit(0);
