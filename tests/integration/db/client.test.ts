import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '$lib/ids.ts';
import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import { inTransaction, isUniqueViolation } from '$lib/server/db/client.ts';
import { migrate } from '$lib/server/db/migrate.ts';
import { practices } from '$lib/server/db/schema/index.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});

const practice = (id: string) => ({
	id: id as PracticeId,
	name: 'North Clinic',
	settings: practiceSettingsSchema.parse({}),
	createdAt: new Date('2026-01-01T00:00:00Z')
});

describe('the database', () => {
	it('gives back what was put in, times in UTC', async () => {
		await database.db.insert(practices).values(practice('p1'));
		const [row] = await database.db
			.select()
			.from(practices)
			.where(eq(practices.id, practice('p1').id));
		expect(row).toMatchObject({
			name: 'North Clinic',
			createdAt: new Date('2026-01-01T00:00:00Z')
		});
	});

	it('forgets a transaction that throws', async () => {
		const failing = inTransaction(database.db, async (tx) => {
			await tx.insert(practices).values(practice('p2'));
			throw new Error('on purpose');
		});
		await expect(failing).rejects.toThrow('on purpose');
		expect(
			await database.db
				.select()
				.from(practices)
				.where(eq(practices.id, practice('p2').id))
		).toEqual([]);
	});

	it('says that a row is there already in a way that can be recognised', async () => {
		await database.db.insert(practices).values(practice('p3'));
		const again = await database.db
			.insert(practices)
			.values(practice('p3'))
			.catch((e: unknown) => e);
		expect(isUniqueViolation(again)).toBe(true);
	});

	it('can be migrated again without a change', async () => {
		if (database.kind === 'pglite') await migrate(database.db);
	});
});
