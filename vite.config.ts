import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { svelteTesting } from '@testing-library/svelte/vite';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Takes `/ws/` upgrades in development; `server.js` does it in production. */
const liveDocuments = (): Plugin => ({
	name: 'live-documents',
	apply: 'serve',
	configureServer(server) {
		// What is developed against may be lost with the power.
		if (!process.env.DATABASE_URL) process.env.EMBEDDED_DB ||= 'accept';
		server.httpServer?.on('upgrade', async (req, socket, head) => {
			if (!req.url?.startsWith('/ws/')) return; // Vite's own HMR socket
			try {
				// `ssrLoadModule` shares the app's module graph; the environments runner makes second copies.
				const m = (await server.ssrLoadModule(
					'/src/lib/server/collab/upgrade.ts'
				)) as typeof import('./src/lib/server/collab/upgrade.ts');
				if (!m.handleUpgrade(req, socket, head)) socket.destroy();
			} catch (e) {
				server.config.logger.error(String(e));
				socket.destroy();
			}
		});
	}
});

/**
 * What every page needs, and the whole page of a share link, stand in one file of some 45 KiB: forty
 * small ones cost a visitor on a slow line more than the few bytes that they save. Only names what
 * draws in little else; `bench/share-page.mjs` counts.
 */
const oneBase = (): Plugin => ({
	name: 'one-base',
	apply: 'build',
	enforce: 'post',
	config: (config) =>
		config.build?.ssr
			? {}
			: {
					build: {
						rolldownOptions: {
							output: {
								codeSplitting: {
									groups: [
										{
											name: 'base',
											test: /node_modules\/(svelte|@sveltejs\/kit|esm-env|clsx|devalue)\/|generated\/client(-optimized)?\/(app|matchers)\.js|preload-helper|\/paraglide\/runtime|src\/routes\/(\+layout|\+error|\(share\))|src\/lib\/share\/|src\/lib\/viewer\/ui\/KeyLoop/
										}
									]
								}
							}
						}
					}
				}
});

const codecs = [
	'pako',
	'comlink',
	'@cornerstonejs/jpeg-lossless-decoder-js',
	'@cornerstonejs/codec-charls/decodewasmjs',
	'@cornerstonejs/codec-openjpeg/decodewasmjs',
	'@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
	'@cornerstonejs/codec-openjph/wasmjs',
	'@cornerstonejs/codec-libjxl/decodewasmjs'
].map((d) => `@cornerstonejs/dicom-image-loader > ${d}`);

const messages = () =>
	paraglideVitePlugin({
		project: './project.inlang',
		outdir: './src/lib/paraglide',
		strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
		emitTsDeclarations: true
	});

export default defineConfig({
	plugins: [
		liveDocuments(),
		// Tests read what `scripts/generate.mjs` compiled; the plugin's watcher would keep them alive.
		...(process.env.VITEST ? [] : [messages(), tailwindcss()]),
		sveltekit(),
		oneBase()
	],
	worker: { format: 'es' },
	optimizeDeps: {
		exclude: ['@cornerstonejs/dicom-image-loader'],
		include: [
			'dicom-parser',
			'@cornerstonejs/core',
			'@cornerstonejs/tools',
			'@cornerstonejs/metadata',
			...codecs
		]
	},
	build: { chunkSizeWarningLimit: 5000 },
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					// These are of pure functions: with modules loaded once they take a quarter of the time.
					isolate: false,
					include: ['tests/unit/**/*.test.ts'],
					exclude: ['tests/unit/**/*.svelte.test.ts']
				}
			},
			{
				extends: true,
				plugins: [svelteTesting()],
				test: {
					name: 'reactive',
					environment: 'jsdom',
					include: ['tests/unit/**/*.svelte.test.ts']
				}
			},
			{
				extends: true,
				test: {
					name: 'forms',
					environment: 'node',
					globalSetup: ['tests/forms/setup.ts'],
					include: ['tests/forms/**/*.test.ts']
				}
			},
			{
				extends: true,
				test: {
					name: 'integration',
					environment: 'node',
					// Each file opens a database and services of its own; the modules hold no state between them.
					isolate: false,
					globalSetup: ['tests/support/postgres-setup.ts'],
					include: ['tests/contract/**/*.test.ts', 'tests/integration/**/*.test.ts'],
					testTimeout: 30_000,
					hookTimeout: 90_000,
					maxWorkers: 2
				}
			}
		]
	}
});
