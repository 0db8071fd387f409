import { m } from '$lib/paraglide/messages.js';
import type { ResolvedWorksheet } from '../definition.ts';
import type { LeftAlone, OneClickNormal } from '../one-click-normal.ts';

/** What one-click normal asserted, in words for the list that it leaves. */
export interface NormalPlan {
	lines: readonly { field: string; code: string; section: string; label: string }[];
	skipped: readonly {
		id: string;
		title: string;
		why: Exclude<LeftAlone['reason'], 'already-judged'>;
	}[];
}

/** What one step set in many places, for the note that stands over the sheet until it is closed. */
export interface StepNote {
	title: string;
	lines: readonly { id: string; label: string }[];
	/** What was left alone, each with its reason. */
	left: readonly string[];
}

export const skipWords = {
	'not-seen': m.room_skipped_not_seen,
	abnormal: m.room_skipped_abnormal,
	conflict: m.room_skipped_conflict,
	'not-well-seen': m.room_skipped_not_well_seen
} as const;

/** The engine's answer with titles; a structure that somebody has judged already needs no line. */
export function inWords(worksheet: ResolvedWorksheet, answer: OneClickNormal): NormalPlan {
	const structures = new Map(worksheet.structures.map((one) => [one.id, one]));
	const fields = new Map(worksheet.sections.flatMap((s) => s.fields).map((f) => [f.id, f]));
	const lines = answer.asserted.map(({ field, code, structure }) => {
		const definition = fields.get(field);
		const option = definition?.options.find((candidate) => candidate.code === code);
		const title = structures.get(structure)?.title ?? structure;
		return {
			field,
			code,
			section: structures.get(structure)?.section ?? '',
			label: `${title}: ${definition?.label ?? field}, ${option?.label ?? code}`
		};
	});
	const skipped = answer.left.flatMap(({ structure, reason }) =>
		reason === 'already-judged'
			? []
			: [{ id: structure, title: structures.get(structure)?.title ?? structure, why: reason }]
	);
	return { lines, skipped };
}
