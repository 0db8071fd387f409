/** How grave a vessel's answer is, without colour: stripes across it, the closer the graver. */
import type { Level } from './diagram-answers.ts';

interface Pattern {
	/** Stripe and gap along the vessel, in units of the picture; null: plain. */
	stripes: readonly [stripe: number, gap: number] | null;
	/** Only the walls are drawn, with a cross in the middle: nothing flows. */
	hollow: boolean;
}

export const patterns: Readonly<Record<Level, Pattern>> = {
	normal: { stripes: null, hollow: false },
	mild: { stripes: [1.2, 8], hollow: false },
	moderate: { stripes: [1.4, 3.6], hollow: false },
	severe: { stripes: [1.6, 1.6], hollow: false },
	occluded: { stripes: null, hollow: true }
};

/** Half the size of the cross over an occluded vessel. */
export const cross = 5;
