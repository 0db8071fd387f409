import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId, ReportId, UserId, VersionId } from '$lib/ids.ts';
import type { VersionContent } from '$lib/report/version.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { sqlState } from '$lib/server/db/client.ts';
import { appendOnlyTables } from '$lib/server/db/migrate.ts';
import {
	auditEvents,
	criticalCommunications,
	practiceWorksheets,
	reports,
	reportVersions,
	resolvedWorksheets,
	signatures,
	patients
} from '$lib/server/db/schema/index.ts';
import type { PatientId } from '$lib/ids.ts';
import { inTransaction } from '$lib/server/db/client.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

/** A trigger that raises, or a privilege that is missing. */
const refusals = ['23001', '42501'];

describe('what was signed or witnessed', () => {
	let test: TestServices;
	const versionId = 'v1' as VersionId;

	beforeAll(async () => {
		test = await createTestServices();
		const { services } = test;
		const at = services.clock();
		const practiceId = await buildPractice(services, 'p1');
		const actor = await buildPerson(services, { practiceId, roles: ['physician'] });
		await fill(practiceId, actor.userId, at);
		await inTransaction(services.db, (tx) =>
			services.audit.record(tx, actor, {
				action: 'study.searched',
				detail: { door: 'test', results: 0 }
			})
		);
	});

	async function fill(practiceId: PracticeId, userId: UserId, createdAt: Date) {
		const { db } = test.services;
		const patientId = 'pat1' as PatientId;
		const reportId = 'r1' as ReportId;
		await db
			.insert(patients)
			.values({ id: patientId, practiceId, name: 'A^B', sex: 'unknown', createdAt });
		await db.insert(resolvedWorksheets).values({
			hash: 'h',
			worksheetId: 'w',
			version: '1',
			content: {} as ResolvedWorksheet,
			createdAt
		});
		await db.insert(practiceWorksheets).values({
			id: 'pw1',
			practiceId,
			worksheetId: 'w',
			step: 1,
			version: '1.0.0',
			source: 'id: w',
			worksheetHash: 'h',
			status: 'published',
			by: userId,
			at: createdAt
		});
		await db.insert(reports).values({
			id: reportId,
			practiceId,
			patientId,
			worksheetHash: 'h',
			state: 'final',
			createdAt
		});
		await db.insert(reportVersions).values({
			id: versionId,
			reportId,
			practiceId,
			number: 1,
			kind: 'final',
			content: {} as VersionContent,
			contentHash: 'c',
			pdf: new Uint8Array([1]),
			pdfHash: 'p',
			exportUids: { srSeries: '1', srInstance: '2', pdfSeries: '3', pdfInstance: '4' },
			createdAt
		});
		await db.insert(signatures).values({
			id: 's1',
			versionId,
			userId,
			printedName: 'A. B.',
			credentials: 'MD',
			meaning: 'final',
			method: 'password',
			contentHash: 'c',
			at: createdAt
		});
		await db.insert(criticalCommunications).values({
			id: 'c1',
			practiceId,
			reportId,
			versionId,
			told: 'Dr Holm',
			toldAt: createdAt,
			how: 'phone',
			readBack: true,
			recordedBy: userId,
			recordedName: 'A. B.',
			recordedAt: createdAt
		});
	}

	it.each(appendOnlyTables)('cannot be removed from %s by SQL', async (table) => {
		const { db } = test.services;
		for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) {
			const refused = await db.execute(statement).catch((e: unknown) => sqlState(e));
			expect(refusals, statement).toContain(refused);
		}
		const left = await db.execute(`select count(*)::int as n from ${table}`);
		expect(left.rows).toEqual([{ n: 1 }]);
	});

	it('cannot be changed through the query builder', async () => {
		const { db } = test.services;
		const tries = [
			() =>
				db.update(reportVersions).set({ contentHash: 'x' }).where(eq(reportVersions.id, versionId)),
			() => db.update(signatures).set({ printedName: 'x' }),
			() => db.update(criticalCommunications).set({ readBack: false }),
			() => db.update(auditEvents).set({ outcome: 'refused' }),
			() => db.update(resolvedWorksheets).set({ version: '2' }),
			() => db.delete(signatures)
		];
		for (const attempt of tries) {
			const refused = await attempt().then(
				() => 'done',
				(e: unknown) => sqlState(e)
			);
			expect(refusals).toContain(refused);
		}
	});
});
