import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { DomainError } from '$lib/errors.ts';
import { practiceSettingsSchema, type PracticeSettings } from '$lib/report/practice-settings.ts';
import { isZone } from '$lib/worklist/zoned-time.ts';
import { requireRight } from '../access/require.ts';
import { loadPractice } from '../auth/practice.ts';
import { inTransaction } from '../db/client.ts';
import { practices } from '../db/schema/practices.ts';
import type { Services } from '../services.ts';
import type { Administrator } from './change-person.ts';

/** The settings' own schemas without their defaults: a key that is left out is not one to reset. */
const givenOnly = Object.fromEntries(
	Object.entries(practiceSettingsSchema.shape).map(([key, schema]) => [
		key,
		(schema.unwrap() as z.ZodType).optional()
	])
) as { [K in keyof PracticeSettings]: z.ZodOptional<z.ZodType<PracticeSettings[K]>> };

/** Each key that is given replaces what was set; the others stay. */
export const practiceChangeSchema = z.strictObject({
	name: z.string().trim().min(1).max(120).optional(),
	timeZone: z.string().max(64).refine(isZone).optional(),
	settings: z.strictObject(givenOnly).default({})
});
export type PracticeChange = z.output<typeof practiceChangeSchema>;

/** Counts from the next request on, and for what is signed from now on; versions stay as they are. */
export async function changePractice(
	services: Services,
	actor: Administrator,
	change: PracticeChange,
	steppedUp: boolean
): Promise<void> {
	const { practiceId } = actor;
	requireRight(actor, 'practice.configure', { practiceId, steppedUp });
	await inTransaction(services.db, async (tx) => {
		await tx.select().from(practices).where(eq(practices.id, practiceId)).for('update');
		const before = await loadPractice(tx, practiceId);
		if (!before) throw new DomainError('not_found');
		const settings = practiceSettingsSchema.parse({ ...before.settings, ...change.settings });
		checkTogether(settings);
		const { name = before.name, timeZone = before.timeZone } = change;
		const differences = differencesOf(
			{ name: before.name, timeZone: before.timeZone, ...before.settings },
			{ name, timeZone, ...settings }
		);
		if (!differences) return;
		await tx
			.update(practices)
			.set({ name, timeZone, settings })
			.where(eq(practices.id, practiceId));
		await services.audit.record(tx, actor, {
			action: 'practice.changed',
			object: `practice:${practiceId}`,
			detail: differences
		});
	});
}

function checkTogether({ sharing, holidays, reportedEfOrder }: PracticeSettings): void {
	if (sharing.defaultDays > sharing.maxDays) {
		throw new DomainError('invalid_input', 'Links cannot last longer than the most you allow.');
	}
	if (holidays.some((day) => !z.iso.date().safeParse(day).success)) {
		throw new DomainError('invalid_input', 'Write holidays as dates, like 2026-12-25.');
	}
	if (new Set(reportedEfOrder).size !== reportedEfOrder.length) {
		throw new DomainError('invalid_input', 'Each method of the ejection fraction stands once.');
	}
}

/** What changed, as JSON with sorted meaning: only keys whose value is another; null for nothing. */
function differencesOf(before: Record<string, unknown>, after: Record<string, unknown>) {
	const changed = Object.keys(after).filter(
		(key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])
	);
	if (changed.length === 0) return null;
	const pick = (from: Record<string, unknown>) =>
		JSON.stringify(Object.fromEntries(changed.map((key) => [key, from[key]]))).slice(0, 4000);
	return { before: pick(before), after: pick(after) };
}
