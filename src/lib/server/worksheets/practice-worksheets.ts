import { and, desc, eq } from 'drizzle-orm';
import type { PracticeId } from '$lib/ids.ts';
import { chooseAmong, type Candidate, type StudyFacts } from '$lib/worksheet/choose.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { summarise, type WorksheetSummary } from '$lib/worksheet/summary.ts';
import type { Queryable } from '../db/client.ts';
import { practiceWorksheets } from '../db/schema/worksheets.ts';
import { resolvedWorksheets } from '../db/schema/reports.ts';
import type { Services } from '../services.ts';

export type WorksheetOrigin = 'library' | 'practice';

/**
 * The worksheets that a practice reads with: those of the library, and before them what the practice
 * published of its own. Of two with one id the practice's counts.
 */
export interface PracticeWorksheets {
	list(): (WorksheetSummary & { origin: WorksheetOrigin })[];
	resolve(id: string): Promise<ResolvedWorksheet | null>;
	chooseFor(study: StudyFacts): Promise<ResolvedWorksheet | null>;
}

export async function worksheetsOf(
	{ worksheets: library }: Pick<Services, 'worksheets'>,
	db: Queryable,
	practiceId: PracticeId
): Promise<PracticeWorksheets> {
	const own = await ownWorksheets(db, practiceId);
	const hashes = new Map(own.map(({ summary, hash }) => [summary.id, hash]));
	const isOwn = ({ id }: { id: string }) => hashes.has(id);
	const candidates = [
		...own.map(({ meantFor }) => meantFor),
		...library.candidates().filter((each) => !isOwn(each))
	];
	const resolve = async (id: string) => {
		const hash = hashes.get(id);
		return hash === undefined ? library.resolve(id) : contentOf(db, hash);
	};
	return {
		list: () => [
			...own.map(({ summary }) => ({ ...summary, origin: 'practice' as const })),
			...library
				.list()
				.filter((each) => !isOwn(each))
				.map((summary) => ({ ...summary, origin: 'library' as const }))
		],
		resolve,
		async chooseFor(study) {
			const best = chooseAmong(candidates, study);
			return best ? resolve(best.id) : null;
		}
	};
}

interface OwnWorksheet {
	hash: string;
	summary: WorksheetSummary;
	meantFor: Candidate;
}

/** Content by hash never changes: what is known of it is worked out once. */
const knownByHash = new Map<string, OwnWorksheet>();
const mostKnown = 2000;

/** What counts now: of each worksheet the newest step, unless that was a withdrawal. */
async function ownWorksheets(db: Queryable, practiceId: PracticeId): Promise<OwnWorksheet[]> {
	const newest = await db
		.selectDistinctOn([practiceWorksheets.worksheetId], {
			hash: practiceWorksheets.worksheetHash,
			status: practiceWorksheets.status
		})
		.from(practiceWorksheets)
		.where(eq(practiceWorksheets.practiceId, practiceId))
		.orderBy(practiceWorksheets.worksheetId, desc(practiceWorksheets.step));
	const own: OwnWorksheet[] = [];
	for (const { hash, status } of newest) {
		if (status === 'withdrawn') continue;
		const known = knownByHash.get(hash) ?? (await learn(db, hash));
		if (known) own.push(known);
	}
	return own;
}

async function learn(db: Queryable, hash: string): Promise<OwnWorksheet | null> {
	const content = await contentOf(db, hash);
	if (!content) return null;
	if (knownByHash.size >= mostKnown) knownByHash.clear();
	const known = { hash, summary: summarise(content), meantFor: candidateOf(content) };
	knownByHash.set(hash, known);
	return known;
}

function candidateOf({ id, modalities, procedures, ...rest }: ResolvedWorksheet): Candidate {
	const { bodyParts = [], codes = [], fallback = false } = rest;
	return { id, modalities, procedures, bodyParts, codes, fallback, own: true };
}

async function contentOf(db: Queryable, hash: string): Promise<ResolvedWorksheet | null> {
	const [row] = await db
		.select({ content: resolvedWorksheets.content })
		.from(resolvedWorksheets)
		.where(eq(resolvedWorksheets.hash, hash));
	return row?.content ?? null;
}

/** Every id that the library has or the practice ever published, also of what was withdrawn. */
export async function usedIds(
	{ worksheets: library }: Pick<Services, 'worksheets'>,
	db: Queryable,
	practiceId: PracticeId
): Promise<Set<string>> {
	const own = await db
		.selectDistinct({ id: practiceWorksheets.worksheetId })
		.from(practiceWorksheets)
		.where(eq(practiceWorksheets.practiceId, practiceId));
	return new Set([...library.list(), ...own].map(({ id }) => id));
}

export type PracticeStep = typeof practiceWorksheets.$inferSelect;

/** Every step of a practice's own worksheet, newest first. */
export function stepsOf(
	db: Queryable,
	practiceId: PracticeId,
	worksheetId: string
): Promise<PracticeStep[]> {
	return db
		.select()
		.from(practiceWorksheets)
		.where(
			and(
				eq(practiceWorksheets.practiceId, practiceId),
				eq(practiceWorksheets.worksheetId, worksheetId)
			)
		)
		.orderBy(desc(practiceWorksheets.step));
}
