/** Answers and texts that could go into a sheet in one step: a preset's, or those of a prior. */
export interface Offer {
	/** Codes and texts, never numbers. */
	fields: { field: string; value: string | string[] }[];
	/** `id`: of the rule whose sentence was reworded; null for a sentence of one's own. */
	sentences: { id: string | null; section: string; text: string }[];
	/** Lines of the conclusion. */
	conclusion: string[];
}
