import { expect, test, type Page } from '@playwright/test';
import { demo, openStudy, signIn } from './support/demo.ts';

/** Every key that goes down, modifiers too, as the person's fingers count them. */
async function countKeys(page: Page): Promise<() => Promise<number>> {
	await page.evaluate(() => {
		const counted = window as unknown as { keysDown: number };
		counted.keysDown = 0;
		addEventListener('keydown', (event) => !event.repeat && (counted.keysDown += 1), true);
	});
	return () => page.evaluate(() => (window as unknown as { keysDown: number }).keysDown);
}

test('a normal study goes from open to ready to sign with at most twelve keys, by keys alone', async ({
	page
}) => {
	// In the practice in which no other journey has signed it.
	await signIn(page, 'olof@lakeside.example');
	await openStudy(page, 'Haddad');
	// One-click normal speaks of what is on the screen: the loops and their views are there.
	await expect(page.getByText(/^\d+ \/ \d+$/).first()).toBeVisible();
	const keys = await countKeys(page);

	await page.keyboard.press('n');
	const note = page.locator('[data-step-note]');
	await expect(note).toContainText('asserted as normal');
	// The list is looked at: every line is on the screen or scrolled to by key.
	await expect(note.getByRole('listitem').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(note).toBeHidden();

	await page.keyboard.press('Control+Enter');
	const dialog = page.getByRole('dialog', { name: 'Sign this report' });
	await expect(dialog).toBeVisible();
	await expect(dialog.getByRole('listitem').first()).toBeVisible();
	// Ready: nothing stands in the way, and only the proof of who signs is still missing.
	await expect(dialog.getByText('This has to be settled first')).toBeHidden();
	await expect(dialog.getByLabel('Password', { exact: true })).toBeEnabled();
	await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();
	const used = await keys();
	expect(used).toBeGreaterThan(0);
	expect(used).toBeLessThanOrEqual(12);

	// That it was ready shows itself: the proof alone signs it.
	await page.keyboard.type(demo.password);
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/reports\//, { timeout: 30_000 });
	await expect(page.getByText(/Olof Lind/).first()).toBeVisible();
});
