import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

interface DemoFacts {
	password: string;
	sharePath: string;
	passcode: string;
	people: { email: string; name: string }[];
}

/** What the seeded server wrote down at its start. */
export const demo = JSON.parse(
	readFileSync(resolve(import.meta.dirname, '../../../test-results-demo.json'), 'utf8')
) as DemoFacts;

/** Sessions that an earlier test opened at the form: whoever needs only to be somebody goes on with it. */
const opened = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();

export async function signIn(page: Page, who: string): Promise<void> {
	const context = page.context();
	const session = opened.get(who);
	if (session) {
		await context.addCookies(session);
		await page.goto('/');
		if (!page.url().includes('/sign-in')) return;
	}
	await signInAtForm(page, who);
	opened.set(who, await context.cookies());
}

export async function signInAtForm(page: Page, who: string): Promise<void> {
	await page.goto('/sign-in');
	await page.fill('input[name=email]', who.includes('@') ? who : `${who}@harbour.example`);
	await page.fill('input[name=password]', demo.password);
	await page.click('button[type=submit]');
	await expect(page).not.toHaveURL(/sign-in/);
}

/** A browser of their own for a person: cookies and storage are not shared. */
export async function as(
	browser: Browser,
	who: string,
	viewport = { width: 1440, height: 900 }
): Promise<{ page: Page; context: BrowserContext }> {
	const context = await browser.newContext({ viewport });
	const page = await context.newPage();
	await signIn(page, who);
	return { page, context };
}

/** Opens a patient's newest study from the work list. */
export async function openStudy(page: Page, name: string): Promise<void> {
	await page.goto('/');
	await page.getByRole('searchbox').fill(name);
	await page.getByText(name, { exact: false }).first().click();
	await expect(page).toHaveURL(/\/studies\//);
	await expect(page.locator('[data-field=height]')).toBeVisible({ timeout: 40_000 });
}

export const fieldInput = (page: Page, field: string) =>
	page.locator(`[data-field="${field}"] input`).first();

/** The live line of a page, which a test may hold: nothing passes in either direction until then. */
export async function holdableSocket(page: Page): Promise<{ hold(): void; release(): void }> {
	let held = false;
	const waiting: (() => void)[] = [];
	const pass = (send: () => void) => (held ? waiting.push(send) : send());
	await page.routeWebSocket(/\/ws\//, (client) => {
		const server = client.connectToServer();
		client.onMessage((message) => pass(() => server.send(message)));
		server.onMessage((message) => pass(() => client.send(message)));
	});
	return {
		hold: () => void (held = true),
		release: () => {
			held = false;
			for (const send of waiting.splice(0)) send();
		}
	};
}

/** One standing loop instead of four moving ones: without a graphics card they take all there is. */
export async function standStill(page: Page): Promise<void> {
	await page.locator('[data-viewport]').first().click();
	await page.keyboard.press('1');
	await expect(page.locator('[data-viewport]')).toHaveCount(1);
	await page.keyboard.press('Space');
}
