import { z } from 'zod';
import { reportStates } from '../report/states.ts';

/** Groups of the list, in the order in which they are offered. */
export const workListGroups = ['mine', 'unread', 'cosign', 'today', 'all'] as const;
export type WorkListGroup = (typeof workListGroups)[number];

const isoDate = z.iso.date();

/** What a view of the work list keeps: everything but the place in it. */
export const workListFilterSchema = z.strictObject({
	/** Name, identifier or accession; every word has to be found. */
	search: z.string().max(200).default(''),
	group: z.enum(workListGroups).default('all'),
	states: z
		.array(z.enum(['arriving', ...reportStates]))
		.max(10)
		.default([]),
	assignee: z
		.union([z.literal('me'), z.literal('nobody'), z.string().max(64)])
		.nullable()
		.default(null),
	sites: z.array(z.string().max(200)).max(50).default([]),
	modalities: z.array(z.string().max(16)).max(20).default([]),
	stat: z.boolean().nullable().default(null),
	/** Critical results that nobody is known to have been told. */
	critical: z.boolean().nullable().default(null),
	inpatient: z.boolean().nullable().default(null),
	/** Days of the study in the practice's zone, both included. */
	from: isoDate.nullable().default(null),
	to: isoDate.nullable().default(null),
	order: z.enum(['newest', 'oldest']).default('newest')
});
export type WorkListFilter = z.infer<typeof workListFilterSchema>;

export const workListPageSchema = z.strictObject({
	filter: workListFilterSchema.default(() => workListFilterSchema.parse({})),
	/** The place after the last row of the page before; what the answer called `next`. */
	cursor: z.string().max(200).nullable().default(null),
	limit: z.number().int().min(1).max(200).default(50)
});
export type WorkListPage = z.infer<typeof workListPageSchema>;

/** Words of a search as typed. A caret counts as a space, because DICOM writes names with it. */
export function searchWords(text: string): string[] {
	return text
		.normalize('NFC')
		.split(/[\s^,;]+/u)
		.filter((word) => word.length > 0)
		.slice(0, 8);
}
