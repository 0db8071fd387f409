import type { UserActor } from '$lib/access/actor.ts';
import { can } from '$lib/access/policy.ts';
import { requireRight } from '../access/require.ts';
import type { WorksheetSummary } from '$lib/worksheet/summary.ts';
import type { Services } from '../services.ts';
import { worksheetsOf } from '../worksheets/practice-worksheets.ts';

export interface WorksheetSearch {
	text: string;
	group: string | null;
	modality: string | null;
	maturity?: WorksheetSummary['maturity'] | null;
	/** Modalities whose worksheets come first. */
	near?: readonly string[];
	/** How many rows were seen already. */
	skip: number;
	limit: number;
}

/**
 * The worksheets of a practice that fit a search, a page of them. Every word must stand somewhere in
 * title, id, group, scheme or modality.
 */
export async function listWorksheets(
	services: Services,
	actor: UserActor,
	{ text, group, modality, maturity = null, near = [], skip, limit }: WorksheetSearch
) {
	requireRight(actor, 'worksheet.read', { practiceId: actor.practiceId });
	const all = (await worksheetsOf(services, services.db, actor.practiceId)).list();
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	const fitting = all.filter((sheet) => {
		if (modality !== null && !sheet.modalities.includes(modality)) return false;
		if (maturity !== null && sheet.maturity !== maturity) return false;
		const said = [sheet.title, sheet.id, sheet.group, sheet.standard, ...sheet.modalities]
			.join(' ')
			.toLowerCase();
		return words.every((word) => said.includes(word));
	});
	const groups = Map.groupBy(fitting, (sheet) => sheet.group);
	const shown = fitting.filter((sheet) => group === null || sheet.group === group);
	const asked = text.trim().toLowerCase();
	const first = words[0];
	/** The one that was named, then those for the modality, then those that begin with the words. */
	const rank = ({ id, title, modalities }: (typeof shown)[number]) =>
		(asked !== '' && (id === asked || title.toLowerCase() === asked) ? 0 : 4) +
		(modalities.some((each) => near.includes(each)) ? 0 : 2) +
		(first !== undefined && title.toLowerCase().startsWith(first) ? 0 : 1);
	shown.sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, 'en'));
	return {
		/** The doors of authoring ask for the role as well. */
		mayAuthor:
			actor.roles.includes('admin') &&
			can(actor, 'worksheet.author', { practiceId: actor.practiceId }),
		total: shown.length,
		/** Of all worksheets, whatever is asked for. */
		modalities: [...new Set(all.flatMap((sheet) => sheet.modalities))].sort(),
		/** With the other filters, not with the group itself. */
		groups: [...groups]
			.map(([name, sheets]) => ({ name, count: sheets.length }))
			.sort((a, b) => a.name.localeCompare(b.name, 'en')),
		rows: shown.slice(skip, skip + limit).map((sheet) => ({
			id: sheet.id,
			title: sheet.title,
			version: sheet.version,
			group: sheet.group,
			modalities: sheet.modalities,
			maturity: sheet.maturity,
			origin: sheet.origin,
			sections: sheet.sections.length,
			fields: sheet.fields
		}))
	};
}
