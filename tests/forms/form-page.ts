/** Builds the page of the forms and opens it in Debian's Chromium; no server stands behind it. */
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const origin = 'http://forms.test';
const types: Record<string, string> = {
	html: 'text/html',
	js: 'text/javascript',
	css: 'text/css',
	woff2: 'font/woff2'
};

/** In a process of its own: a test's surroundings would change what is built. */
export async function buildFormPage(folder: string): Promise<void> {
	const { VITEST: _, ...env } = process.env;
	await promisify(execFile)(
		join(root, 'node_modules/.bin/node'),
		[join(import.meta.dirname, 'build.mjs'), folder],
		{ cwd: root, env: { ...env, NODE_ENV: 'production' } }
	);
}

/** Scroll bars take their room, as on a desk. */
export function openChromium(args: readonly string[] = []): Promise<Browser> {
	return chromium.launch({
		executablePath: '/usr/bin/chromium',
		ignoreDefaultArgs: ['--hide-scrollbars'],
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync', ...args]
	});
}

export async function openFormPage(
	browser: Browser,
	folder: string,
	options: BrowserContextOptions
): Promise<Page> {
	const context = await browser.newContext({ locale: 'en-US', ...options });
	await context.route(`${origin}/**`, (route) => {
		const path = new URL(route.request().url()).pathname;
		const contentType = types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
		return route.fulfill({ body: readFileSync(join(folder, path)), contentType });
	});
	const page = await context.newPage();
	await page.goto(`${origin}/tests/forms/page/index.html`);
	await page.evaluate(() => document.fonts.load('13px "Inter Variable"'));
	return page;
}
