// Builds the page of `tests/forms/page` as the product is built; the folder is the argument.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { join, resolve } from 'node:path';
import { build } from 'vite';

// From the root, so that the same class names are found as for the product.
const root = resolve(import.meta.dirname, '../..');
await build({
	configFile: false,
	root,
	publicDir: false,
	logLevel: 'error',
	plugins: [tailwindcss(), svelte({ configFile: false, compilerOptions: { runes: true } })],
	resolve: { alias: { $lib: join(root, 'src/lib') } },
	build: {
		outDir: resolve(process.argv[2]),
		emptyOutDir: true,
		chunkSizeWarningLimit: 5000,
		rolldownOptions: { input: join(import.meta.dirname, 'page/index.html') }
	}
});
