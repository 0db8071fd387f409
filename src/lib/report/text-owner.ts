import { z } from 'zod';
import type { ReadingGroupId } from '../ids.ts';

/** Whose a macro or preset is: the asker's own, a reading group's, or the whole practice's. */
export type TextOwner =
	{ kind: 'person' } | { kind: 'group'; groupId: ReadingGroupId } | { kind: 'practice' };

export const textOwnerSchema: z.ZodType<TextOwner> = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('person') }),
	z.strictObject({
		kind: z.literal('group'),
		groupId: z
			.string()
			.min(1)
			.max(64)
			.transform((id) => id as ReadingGroupId)
	}),
	z.strictObject({ kind: z.literal('practice') })
]);

/** Nearest first: one's own wording stands before that of the group, and that before the practice's. */
export const ownerKinds = ['person', 'group', 'practice'] as const satisfies TextOwner['kind'][];

export const nearness = ({ kind }: TextOwner): number => ownerKinds.indexOf(kind);
