import { and, eq, isNull, lte } from 'drizzle-orm';
import type { JobActor } from '$lib/access/actor.ts';
import type { PracticeId, StudyId } from '$lib/ids.ts';
import { loadPractice } from '../auth/practice.ts';
import { practiceStudies } from '../db/schema/index.ts';
import type { Services } from '../services.ts';
import { afterQuiet } from './after-arrival.ts';

/**
 * Ends "arriving" for studies that have been quiet for their practice's `quietSeconds`. A study
 * arrived when its quiet time was over, not when somebody looked: a server that was down does not
 * start the turnaround clock late. Returns how many.
 */
export async function settleQuietStudies(services: Services): Promise<number> {
	const { db, clock } = services;
	const now = clock();
	const arriving = await db
		.select({
			id: practiceStudies.id,
			practiceId: practiceStudies.practiceId,
			lastInstanceAt: practiceStudies.lastInstanceAt,
			instances: practiceStudies.instanceCount
		})
		.from(practiceStudies)
		.where(and(isNull(practiceStudies.arrivedAt), lte(practiceStudies.lastInstanceAt, now)));
	const quietMs = new Map<PracticeId, number>();
	let settled = 0;
	for (const study of arriving) {
		let ms = quietMs.get(study.practiceId);
		if (ms === undefined) {
			const practice = await loadPractice(db, study.practiceId);
			ms = (practice?.settings.quietSeconds ?? 20) * 1000;
			quietMs.set(study.practiceId, ms);
		}
		const arrivedAt = new Date(study.lastInstanceAt.getTime() + ms);
		if (arrivedAt > now) continue;
		if (await settle(services, study, arrivedAt)) {
			settled++;
			afterQuiet(services, study.practiceId, study.id);
		}
	}
	return settled;
}

interface Quiet {
	id: StudyId;
	practiceId: PracticeId;
	lastInstanceAt: Date;
	instances: number;
}

/** False when another object came, or another process was faster, since we looked. */
function settle(services: Services, study: Quiet, arrivedAt: Date): Promise<boolean> {
	const actor: JobActor = {
		kind: 'job',
		name: 'quiet-timer',
		practiceId: study.practiceId,
		onBehalfOf: null
	};
	return services.db.transaction(async (tx) => {
		const rows = await tx
			.update(practiceStudies)
			.set({ arrivedAt })
			.where(
				and(
					eq(practiceStudies.id, study.id),
					isNull(practiceStudies.arrivedAt),
					eq(practiceStudies.lastInstanceAt, study.lastInstanceAt)
				)
			)
			.returning({ id: practiceStudies.id });
		if (!rows.length) return false;
		await services.audit.record(tx, actor, {
			action: 'study.arrived',
			object: `study:${study.id}`,
			detail: { instances: study.instances }
		});
		return true;
	});
}
