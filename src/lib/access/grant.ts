import { z } from 'zod';

/** Exactly the items a link opens; nothing is derived from them (C6, c4). */
export const grantScopeSchema = z.strictObject({
	studyUids: z.array(z.string()).min(1),
	/** Only these instances; null for every instance of the studies, SR and documents excepted. */
	instanceUids: z.array(z.string()).nullable()
});
export type GrantScope = z.infer<typeof grantScopeSchema>;

/** A switch that is off is off at the URL, not in the button (C9). */
export const grantSwitchesSchema = z.strictObject({
	images: z.boolean(),
	report: z.boolean(),
	download: z.boolean(),
	measure: z.boolean(),
	/** When the version is amended: show the new one too, or only say that it is superseded (C11). */
	newerVersions: z.boolean()
});
export type GrantSwitches = z.infer<typeof grantSwitchesSchema>;
