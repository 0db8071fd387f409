import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import type { PatientId, PracticeId } from '$lib/ids.ts';
import type { Queryable } from '../db/client.ts';
import { patientLinks } from '../db/schema/index.ts';

/**
 * For each of these records everybody a human said is the same person, themselves included, over any
 * number of links. Links are undone, never deleted, so this is the only place that follows them for
 * lists.
 */
export async function samePersons(
	db: Queryable,
	practiceId: PracticeId,
	ids: readonly PatientId[]
): Promise<Map<PatientId, PatientId[]>> {
	const known = new Set(ids);
	const edges: [PatientId, PatientId][] = [];
	for (let asked: PatientId[] = [...known]; asked.length;) {
		const links = await db
			.select({ a: patientLinks.survivorId, b: patientLinks.mergedId })
			.from(patientLinks)
			.where(
				and(
					eq(patientLinks.practiceId, practiceId),
					isNull(patientLinks.undoneAt),
					or(inArray(patientLinks.survivorId, asked), inArray(patientLinks.mergedId, asked))
				)
			);
		edges.push(...links.map(({ a, b }): [PatientId, PatientId] => [a, b]));
		asked = links.flatMap(({ a, b }) => [a, b]).filter((id) => !known.has(id));
		for (const id of asked) known.add(id);
	}
	const group = new Map<PatientId, Set<PatientId>>();
	for (const id of known) group.set(id, new Set([id]));
	for (const [a, b] of edges) {
		const joined = new Set([...(group.get(a) ?? [a]), ...(group.get(b) ?? [b])]);
		for (const id of joined) group.set(id, joined);
	}
	return new Map(ids.map((id) => [id, [...(group.get(id) ?? [id])]]));
}
