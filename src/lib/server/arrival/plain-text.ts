/**
 * A line of text from outside, safe to show in a line of ours (E5): without control characters and
 * without the invisible marks that turn the reading direction of what stands beside them.
 */
export function plainText(text: string, most: number): string {
	return text
		.toWellFormed()
		.normalize('NFC')
		.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
		.replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
		.replace(/ {2,}/g, ' ')
		.trim()
		.slice(0, most)
		.toWellFormed();
}
