/** Looks at or changes bytes as they pass, without a stream of its own for every layer. */
export interface ByteFilter {
	/** What may go on of all that came; null for nothing yet. Throws to end the stream. */
	push(chunk: Buffer): Buffer | null;
	/** What is left at the end. Throws when the end came too early. */
	end(): Buffer | null;
}
