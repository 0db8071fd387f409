/** The one class of the package, which brings no types. */
declare module 'linebreak' {
	export default class LineBreaker {
		constructor(text: string);
		/** The next place where a line may end (UAX 14), or null at the end. */
		nextBreak(): { position: number; required: boolean } | null;
	}
}
