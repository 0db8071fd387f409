import { defineConfig } from '@playwright/test';

const port = Number(process.env.READROOM_E2E_PORT ?? 3100);

/** One server with demo data for all journeys; `tests/e2e/start-server.mjs` makes it and stops it. */
export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	workers: 1,
	fullyParallel: false,
	retries: 0,
	timeout: 120_000,
	expect: { timeout: 15_000 },
	reporter: (process.env.PLAYWRIGHT_REPORTERS ?? 'list')
		.split(',')
		.map((name) => [name] as [string]),
	use: {
		baseURL: `http://localhost:${port}`,
		locale: 'en-US',
		// What cannot be clicked after half a minute never can: the rest of a test's time tells nothing more.
		actionTimeout: 30_000,
		trace: 'retain-on-failure',
		launchOptions: {
			executablePath: '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	webServer: {
		command: 'node tests/e2e/start-server.mjs',
		env: { READROOM_E2E_PORT: String(port) },
		url: `http://localhost:${port}/api/health`,
		timeout: 400_000,
		reuseExistingServer: !process.env.CI,
		stdout: 'pipe',
		gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 }
	}
});
