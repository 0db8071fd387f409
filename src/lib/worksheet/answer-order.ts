/** Codes that say that there is nothing to grade: they stand before the grades. */
const first = new Set(['none', 'normal', 'not_done']);

/**
 * W10: answers in the order of their scale. A code that is a whole number would otherwise stand before
 * all others, wherever it was written: 4A after 6, "none" after grade 4.
 */
export function inOrder<T extends { code: string }>(answers: readonly T[]): T[] {
	const isMixed =
		answers.some(({ code }) => /^\d+$/.test(code)) &&
		answers.some(({ code }) => !/^\d+$/.test(code));
	if (!isMixed) return [...answers];
	return answers.toSorted((a, b) => compare(rankOf(a.code), rankOf(b.code)));
}

type Rank = [step: number, part: string];

function rankOf(code: string): Rank {
	if (first.has(code)) return [-1, ''];
	const [, step, part = ''] = /^(\d+)(.*)$/.exec(code) ?? [];
	return step === undefined ? [Infinity, ''] : [Number(step), part.toLowerCase()];
}

function compare([a, partOfA]: Rank, [b, partOfB]: Rank): number {
	if (a !== b) return a < b ? -1 : 1;
	return partOfA < partOfB ? -1 : partOfA > partOfB ? 1 : 0;
}
