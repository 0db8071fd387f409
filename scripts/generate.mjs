// What other tools need before they can read `src/`: compiled messages and SvelteKit's types.
import { run } from './run.mjs';

for (const [command, args] of [
	[
		'paraglide-js',
		['compile', '--project', './project.inlang', '--outdir', './src/lib/paraglide', '--emit-ts-declarations', '--silent']
	],
	['svelte-kit', ['sync']]
]) {
	const { status, output } = await run(command, args, { quiet: true });
	if (status !== 0) {
		console.error(output);
		process.exit(1);
	}
}
