import { z } from 'zod';
import { editions } from '../worksheet/editions.ts';

/** What a practice decides for itself; every field has a default, so `{}` is a valid practice. */
export const practiceSettingsSchema = z
	.object({
		/** A study has arrived when it has been quiet this long. */
		quietSeconds: z.number().int().min(1).max(3600).default(20),
		/** 0 Sunday … 6 Saturday. */
		workingDays: z.array(z.number().int().min(0).max(6)).default([1, 2, 3, 4, 5]),
		/** ISO dates on which nobody reads. */
		holidays: z.array(z.string().max(10)).max(200).default([]),
		/** Turnaround, hours: IAC adult echo 3.1, 24 h inpatient, next business day outpatient, 48 h final. */
		clocks: z
			.object({
				inpatientHours: z.number().min(1).max(720),
				finalHours: z.number().min(1).max(720)
			})
			.default({ inpatientHours: 24, finalHours: 48 }),
		display: z
			.object({
				length: z.enum(['cm', 'mm']).default('cm'),
				velocity: z.enum(['m/s', 'cm/s']).default('m/s')
			})
			.default({ length: 'cm', velocity: 'm/s' }),
		bsaFormula: z.enum(['dubois', 'mosteller', 'haycock', 'gehan_george']).default('dubois'),
		diastology: z.enum(editions.diastology).default('2016'),
		carotid: z.enum(editions.carotid).default('sru2003'),
		profile: z.enum(editions.profile).default('ASE2015'),
		rightHeart: z.enum(editions.rightHeart).default('2015'),
		reportedEfOrder: z
			.array(z.enum(['3d', 'biplane', 'visual', 'teichholz']))
			.default(['3d', 'biplane', 'visual', 'teichholz']),
		letterhead: z
			.object({ lines: z.array(z.string().max(120)).max(8), footer: z.string().max(300) })
			.default({ lines: [], footer: '' }),
		paper: z.enum(['a4', 'letter']).default('a4'),
		language: z.string().max(35).default('en'),
		sessions: z
			.object({ idleMinutes: z.number().min(5).max(30), absoluteHours: z.number().min(1).max(12) })
			.default({ idleMinutes: 15, absoluteHours: 12 }),
		sharing: z
			.object({
				defaultDays: z.number().int().min(1),
				maxDays: z.number().int().min(1).max(365),
				passcodeByDefault: z.boolean(),
				/** Also fellows, sonographers and admins may make links for final reports (c8). */
				othersMayShare: z.boolean(),
				patientsMayShare: z.boolean()
			})
			.default({
				defaultDays: 7,
				maxDays: 90,
				passcodeByDefault: true,
				othersMayShare: false,
				patientsMayShare: false
			}),
		/** Hours after a final signature until the patient sees it; null: only by hand. */
		patientReleaseAfterHours: z.number().min(0).max(8760).nullable().default(null),
		/** What was carried from a prior and nobody confirmed: asked about before signing, or refused. */
		carriedLeftovers: z.enum(['ask', 'block']).default('ask'),
		/** `holdSevere`: the hours do not count for a final report with severe findings. */
		release: z.object({ holdSevere: z.boolean() }).default({ holdSevere: true })
	})
	.strict();

export type PracticeSettings = z.infer<typeof practiceSettingsSchema>;
