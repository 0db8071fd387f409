/** Bounds for one object, so that no length or count inside it is believed (E1). */
export interface ParseLimits {
	/** Sequences within sequences. Real trees (SR, enhanced multi-frame) stay under 20. */
	maxDepth: number;
	/** Elements, items and fragments together. */
	maxElements: number;
	/** Bytes that a deflated data set may grow to … */
	maxInflatedBytes: number;
	/** … and how many times its own size. */
	maxInflateRatio: number;
	/** Binary values up to this many bytes stand in the JSON; longer ones are named. */
	inlineBytes: number;
	/** Elements of the object itself after this tag are not looked at; '' reads all. */
	stopAfter: string;
}

export const defaultLimits: ParseLimits = {
	maxDepth: 64,
	maxElements: 500_000,
	maxInflatedBytes: 256 * 1024 * 1024,
	maxInflateRatio: 200,
	inlineBytes: 1024,
	stopAfter: ''
};
