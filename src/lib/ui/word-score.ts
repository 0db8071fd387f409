/**
 * How well a text answers a search, 0 for not at all: every word has to occur, at the start of a
 * word counts more, at the start of the text most. Letters scattered over a text are no answer.
 */
export function wordScore(text: string, search: string): number {
	const haystack = text.toLowerCase();
	const words = search.toLowerCase().split(/\s+/).filter(Boolean);
	let score = 1;
	for (const word of words) {
		const at = haystack.indexOf(word);
		if (at < 0) return 0;
		const begins = at === 0 ? 1 : /[^\p{L}\d]/u.test(haystack[at - 1] ?? ' ') ? 0.8 : 0.4;
		score = Math.min(score, begins);
	}
	return score;
}
