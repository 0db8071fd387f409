import adapter from '@sveltejs/adapter-node';
import { readFileSync } from 'node:fs';

const pkg = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {import('@sveltejs/kit').Config} */
export default {
	compilerOptions: {
		runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true)
	},
	kit: {
		adapter: adapter({ precompress: true }),
		alias: { $ui: 'src/lib/ui' },
		// The offline shell is served for deep links, so its assets need absolute addresses.
		paths: { relative: false },
		// Loaded several times a build: the name must be the same in every evaluation, or client and
		// server disagree about hashes and nothing hydrates. Builds set BUILD_ID (scripts/build.mjs).
		version: { name: `${pkg.version}-${process.env.BUILD_ID ?? 'dev'}` },
		serviceWorker: { register: false },
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['self'],
				'script-src': ['self', 'wasm-unsafe-eval'],
				'worker-src': ['self', 'blob:'],
				'connect-src': ['self', 'blob:', 'data:'],
				'img-src': ['self', 'data:', 'blob:'],
				'media-src': ['self', 'blob:'],
				'font-src': ['self', 'data:'],
				'style-src': ['self', 'unsafe-inline'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['self'],
				'frame-ancestors': ['none'],
				'report-to': ['csp'],
				'report-uri': ['/api/csp-report']
			}
		}
	}
};
