/** Far above any real report text; keeps one element from filling the database. */
const longest = 65_536;

/** Text that a JSON column holds: no NUL, no half of a surrogate pair, bounded. */
export function cleanText(text: string): string {
	return text.slice(0, longest).replaceAll('\u0000', '').toWellFormed();
}
