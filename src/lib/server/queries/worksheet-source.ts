import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { differenceOf } from '$lib/worksheet/difference.ts';
import { sourceText } from '$lib/worksheet/source-text.ts';
import { requireRight } from '../access/require.ts';
import type { Services } from '../services.ts';
import { stepsOf, worksheetsOf } from '../worksheets/practice-worksheets.ts';

/** The name under which a worksheet that is being written stands in what is told about it. */
export const ownFile = 'worksheet.yaml';

/** A worksheet as text to go on writing, and what was published of it. @throws `not_found`. */
export async function worksheetSource(services: Services, actor: UserActor, id: string) {
	const { practiceId } = actor;
	requireRight(actor, 'worksheet.author', { practiceId });
	const steps = await stepsOf(services.db, practiceId, id);
	const [newest] = steps;
	const published = newest?.status === 'published' ? newest : null;
	const inLibrary = services.worksheets.list().find((sheet) => sheet.id === id) ?? null;
	const library = inLibrary ? sourceText(services.worksheets.parts, id) : null;
	const source = published?.source ?? newest?.source ?? library;
	if (source === null || source === undefined) throw new DomainError('not_found');
	return {
		source,
		/** What the practice reads with now, as text: the next version is compared with it. */
		inForce: published?.source ?? library,
		version: published?.version ?? inLibrary?.version ?? null,
		origin: published ? ('practice' as const) : inLibrary ? ('library' as const) : null,
		inLibrary: inLibrary !== null,
		steps: steps.map(({ step, version, status, note, by, at, worksheetHash }) => ({
			step,
			version,
			status,
			note,
			by,
			at,
			hash: worksheetHash
		}))
	};
}

/** Everything wrong with a text, or the worksheet that it makes and what is new in it. */
export async function checkedWorksheet(services: Services, actor: UserActor, source: string) {
	const { practiceId } = actor;
	requireRight(actor, 'worksheet.author', { practiceId });
	const { problems, worksheet } = checkSource(services.worksheets.parts, source, ownFile);
	if (!worksheet) return { problems, worksheet: null, difference: null };
	const worksheets = await worksheetsOf(services, services.db, practiceId);
	const before = await worksheets.resolve(worksheet.id);
	return {
		problems,
		worksheet,
		/** Null: nothing of this id is in use. */
		difference: before && differenceOf(before, worksheet)
	};
}
