import { z } from 'zod';
import { editions } from './editions.ts';

const choice = {
	diastology: z.enum(editions.diastology),
	carotid: z.enum(editions.carotid),
	profile: z.enum(editions.profile),
	rightHeart: z.enum(editions.rightHeart)
};

/** What a reader chooses for one report; what is left out stays. */
export const editionsChoiceSchema = z.strictObject(choice).partial();

/**
 * What a report pins. An edition of which nobody could choose when the report began is the first:
 * the only one there was.
 */
export const pinnedEditionsSchema = z.object({
	diastology: choice.diastology.default(editions.diastology[0]),
	carotid: choice.carotid.default(editions.carotid[0]),
	profile: choice.profile.default(editions.profile[0]),
	rightHeart: choice.rightHeart.default(editions.rightHeart[0])
});
