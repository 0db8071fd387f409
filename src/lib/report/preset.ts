import { z } from 'zod';
import type { PresetId } from '../ids.ts';
import type { Offer } from './offer.ts';
import type { TextOwner } from './text-owner.ts';

/** A preset's answers and texts; `schema` lets a later shape be told from this one. */
export type PresetContent = Offer & { schema: 1 };

export interface Preset {
	id: PresetId;
	owner: TextOwner;
	/** Applied to sheets of this worksheet, whatever their version. */
	worksheetId: string;
	title: string;
	content: PresetContent;
}

const refused = new Set(['__proto__', 'constructor', 'prototype']);
const name = z
	.string()
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
	.max(120)
	.refine((id) => !id.split('.').some((part) => refused.has(part)));
const code = z.string().min(1).max(200);
const sentence = z.string().trim().min(1).max(2000);

/** Numbers have no place in it: a value is a code, several, or a text. */
export const presetContentSchema: z.ZodType<PresetContent> = z
	.strictObject({
		schema: z.literal(1),
		fields: z
			.array(z.strictObject({ field: name, value: z.union([code, z.array(code).min(1).max(50)]) }))
			.max(400),
		sentences: z
			.array(z.strictObject({ id: name.nullable(), section: name, text: sentence }))
			.max(100),
		conclusion: z.array(sentence).max(50)
	})
	.refine(
		({ fields, sentences, conclusion }) => fields.length + sentences.length + conclusion.length > 0,
		'an empty preset sets nothing'
	);

export const presetFieldsSchema = z.strictObject({
	worksheetId: z.string().min(1).max(100),
	title: z.string().trim().min(1).max(80),
	content: presetContentSchema
});

/** What a member may know of a preset or macro beside its content. */
export interface OwnedView {
	ownerName: string;
	/** Of those in use: one's own, one's groups', the practice's. Others are shown to be managed. */
	applies: boolean;
	mayChange: boolean;
}
