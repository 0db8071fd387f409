import { commonWords, contextWords, keyboardRuns } from './common-passwords.ts';

export const minimumLength = 15;
/** Far above what people type; keeps hashing bounded. */
export const maximumLength = 1000;

export type PasswordFault = 'too_short' | 'too_long' | 'repetitive' | 'common' | 'context';

/**
 * What is wrong with a new password, or null (A6). Any Unicode is welcome and nothing is demanded of
 * its make-up; refused is what is guessed first: known words, words of the person or the place, runs
 * and repetitions, alone or with a few characters hung on. Length counts characters, not bytes.
 */
export function passwordFault(
	password: string,
	about: readonly string[] = []
): PasswordFault | null {
	const characters = [...password.normalize('NFKC')];
	if (characters.length < minimumLength) return 'too_short';
	if (characters.length > maximumLength) return 'too_long';
	if (new Set(characters).size < 5 || isRepetition(characters)) return 'repetitive';

	const own = [...contextWords, ...about.flatMap(wordsOf)].filter((word) => word.length >= 3);
	for (const plain of [fold(password), lower(password)]) {
		if (isExplained(plain, own, { least: 1, most: Infinity })) return 'context';
		if (isExplained(plain, [...commonWords, ...own], { least: 0, most: 2 })) return 'common';
	}
	return null;
}

/** So many characters must remain that no list explains. */
const enough = 6;

/** Whether these words and runs of keys leave next to nothing. More than `most` are a phrase. */
function isExplained(
	plain: string,
	words: readonly string[],
	{ least, most }: { least: number; most: number }
): boolean {
	let rest = plain;
	const used = new Set<string>();
	for (const word of [...words].sort((a, b) => b.length - a.length)) {
		if (word.length < 3 || !rest.includes(word)) continue;
		used.add(word);
		rest = rest.replaceAll(word, ' ');
	}
	if (used.size < least || used.size > most) return false;
	return [...removeRuns(rest).replace(/[^\p{L}\p{N}\p{So}]/gu, '')].length < enough;
}

/** Four neighbours on a keyboard or in the alphabet carry nothing; nor do a year and its like. */
function removeRuns(text: string): string {
	let rest = text;
	for (const run of keyboardRuns) {
		for (let length = run.length; length >= 4; length--) {
			for (let at = 0; at + length <= run.length; at++) {
				rest = rest.replaceAll(run.slice(at, at + length), ' ');
			}
		}
	}
	return rest.replace(/(?<!\d)(19|20)\d\d(?!\d)/g, ' ').replace(/(?<!\d)\d{1,4}(?!\d)/g, ' ');
}

/** Lower case, accents and what joins words off. */
const lower = (password: string) =>
	password
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[\s._-]+/g, '');

/** The same with the usual swaps of letters undone where letters stand around them. */
function fold(password: string): string {
	const swaps: Record<string, string> = { '@': 'a', $: 's', '!': 'i', '€': 'e' };
	const digits: Record<string, string> = {
		'0': 'o',
		'1': 'i',
		'3': 'e',
		'4': 'a',
		'5': 's',
		'7': 't'
	};
	return lower(password)
		.replace(/(?<=\p{L})[@$!€](?=\p{L})/gu, (c) => swaps[c] ?? c)
		.replace(/(?<=\p{L})[013457](?=\p{L})/gu, (c) => digits[c] ?? c)
		.replace(/^[@$€](?=\p{L})/u, (c) => swaps[c] ?? c);
}

const wordsOf = (text: string) => [
	...fold(text)
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word.length >= 3),
	...text.split(/[\s@._-]+/).map(fold)
];

/** One short piece, again and again. */
function isRepetition(characters: string[]): boolean {
	const text = characters.join('');
	for (let size = 1; size <= characters.length / 3; size++) {
		const piece = characters.slice(0, size).join('');
		if (piece.repeat(Math.ceil(characters.length / size)).startsWith(text)) return true;
	}
	return false;
}

/** Words for a person: what is wrong and what to do. */
export const passwordFaultWords: Record<PasswordFault, string> = {
	too_short: `Use ${minimumLength} characters or more; a sentence is easy to keep in mind.`,
	too_long: `Use at most ${maximumLength} characters.`,
	repetitive: 'This repeats itself. Use something less regular.',
	common: 'This is among the first that would be guessed. Use something of your own.',
	context: 'This is made of your name, your practice or your work. Use something else.'
};
