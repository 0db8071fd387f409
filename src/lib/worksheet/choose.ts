/** Which of many worksheets a study gets. Rules in docs/worksheet-spec.md, "Which worksheet". */
import { isWordIn, modalityWord, modalityWords, procedureWords } from './procedure-words.ts';

/** What is known of a study before anybody has looked at it. */
export interface StudyFacts {
	/** DICOM modalities of its series. */
	modalities: readonly string[];
	/** What may name the procedure; of several texts the best first. */
	procedure: string | readonly string[];
	/** Body Part Examined (0018,0015) of its series. */
	bodyParts?: readonly string[];
	/** Procedure codes, `scheme:value`. */
	codes?: readonly string[];
}

/** What a worksheet says about the studies that it is meant for. */
export interface Candidate {
	id: string;
	modalities: readonly string[];
	procedures: readonly string[];
	bodyParts?: readonly string[];
	codes?: readonly { scheme: string; value: string }[];
	fallback?: boolean;
	/** A practice's own: stands before those of the library that fit alike. */
	own?: boolean;
}

/**
 * The candidate that fits best; null when none does. A procedure code decides, then the most of a
 * text that a worksheet's words cover, then the body part, then the one that is meant for everything
 * else of the modality. A wrong form costs more than a general one: what fits two worksheets alike
 * or names two regions gets the general one.
 */
export function chooseAmong<C extends Candidate>(
	candidates: readonly C[],
	study: StudyFacts
): C | null {
	// The CT of a PET/CT is read with the PET.
	const tracer = study.modalities.find((each) => each === 'PT' || each === 'NM');
	const modalities = new Set(tracer ? [tracer] : study.modalities);
	const possible = candidates.filter((sheet) => sheet.modalities.some((m) => modalities.has(m)));
	const coded = possible.find((sheet) => hasCode(sheet, study));
	if (coded) return coded;
	// A vague first text must not hide what a second one says plainly.
	for (const text of [study.procedure].flat()) {
		const named = bestByText(possible, text, study);
		if (named === 'ambiguous') return fallbackOf(possible, study);
		if (named) return named;
	}
	return bestByBodyPart(possible, study) ?? fallbackOf(possible, study);
}

function hasCode({ codes = [] }: Candidate, study: StudyFacts): boolean {
	return codes.some(({ scheme, value }) => study.codes?.includes(`${scheme}:${value}`));
}

interface Match<C> {
	sheet: C;
	/** How much of the text is covered, then whether the body part agrees. */
	score: number;
	/** The words of the text that were found. */
	found: readonly string[];
	/** What of the worksheet was found. */
	phrase: string;
}

function bestByText<C extends Candidate>(
	possible: readonly C[],
	text: string,
	study: StudyFacts
): C | 'ambiguous' | null {
	const said = procedureWords(text);
	if (said.length === 0) return null;
	// A study of the modality needs not name it.
	const words = [...said, ...study.modalities.flatMap((each) => modalityWord[each] ?? [])];
	const weightOf = (word: string) => weigh(word, said);
	const matches = possible.flatMap((sheet) => matchOf(sheet, { words, weightOf }, study) ?? []);
	const highest = Math.max(...matches.map(({ score }) => score));
	const [best, ...others] = matches.filter(({ score }) => score === highest);
	if (!best) return null;
	if (best.sheet.own) return best.sheet;
	// What two worksheets name in the same words is not ambiguous: the first is asked first.
	if (others.some(({ phrase }) => phrase !== best.phrase)) return 'ambiguous';
	return namesTwoRegions(best, matches) ? 'ambiguous' : best.sheet;
}

/** Several words that all stand there say more than one as long. What was only implied says nothing. */
function weigh(word: string, said: readonly string[]): number {
	if (!said.includes(word)) return 0;
	return modalityWords.has(word) ? 1 : word.length + 1;
}

interface Said {
	words: readonly string[];
	weightOf(word: string): number;
}

function matchOf<C extends Candidate>(
	sheet: C,
	{ words, weightOf }: Said,
	study: StudyFacts
): Match<C> | null {
	let best: Match<C> | null = null;
	for (const named of phrasesOf(sheet)) {
		const found: string[] = [];
		let letters = 0;
		for (const each of named) {
			const word = isWordIn(each, words);
			if (word === undefined) break;
			found.push(word);
			letters += Math.min(weightOf(word), each.length + 1);
		}
		if (found.length < named.length) continue;
		const score = letters * 10 + (hasBodyPart(sheet, study) ? 5 : 0);
		if (letters > 1 && score > (best?.score ?? 0)) {
			best = { sheet, score, found, phrase: [...named].sort().join(' ') };
		}
	}
	return best;
}

/** "Thyroid and scrotum": two worksheets of different regions, each found in other words. */
function namesTwoRegions(best: Match<Candidate>, matches: readonly Match<Candidate>[]): boolean {
	const { bodyParts = [] } = best.sheet;
	if (bodyParts.length === 0) return false;
	return matches.some(({ sheet, found }) => {
		const others = sheet.bodyParts ?? [];
		return (
			others.length > 0 &&
			!others.some((part) => bodyParts.includes(part)) &&
			!found.some((word) => !modalityWords.has(word) && best.found.includes(word))
		);
	});
}

const known = new WeakMap<readonly string[], readonly (readonly string[])[]>();

/** The words of each text that a worksheet names; worked out once. */
function phrasesOf({ procedures }: Candidate): readonly (readonly string[])[] {
	let phrases = known.get(procedures);
	if (!phrases) {
		phrases = procedures
			.map((text) => [...new Set(procedureWords(text))])
			.filter(({ length }) => length > 0);
		known.set(procedures, phrases);
	}
	return phrases;
}

function hasBodyPart({ bodyParts = [] }: Candidate, study: StudyFacts): boolean {
	return bodyParts.some((each) => study.bodyParts?.includes(each));
}

/** The only one that covers every part which any worksheet knows. */
function bestByBodyPart<C extends Candidate>(possible: readonly C[], study: StudyFacts): C | null {
	const fitting = possible.filter((sheet) => hasBodyPart(sheet, study));
	const parts = (study.bodyParts ?? []).filter((part) =>
		fitting.some(({ bodyParts = [] }) => bodyParts.includes(part))
	);
	const covering = fitting.filter(({ bodyParts = [] }) =>
		parts.every((part) => bodyParts.includes(part))
	);
	const [first = null, second] = covering;
	return second === undefined || first?.own ? first : null;
}

/** What says most about a study of several modalities, first. */
const leading = ['PT', 'NM', 'XA', 'ES', 'MR', 'CT', 'MG', 'US'];

/**
 * The one for everything else of the leading modality: the one that names it first, else the most
 * general.
 */
function fallbackOf<C extends Candidate>(possible: readonly C[], study: StudyFacts): C | null {
	const [first] = leading
		.filter((each) => study.modalities.includes(each))
		.concat(study.modalities);
	const [best = null] = possible
		.filter(({ fallback }) => fallback)
		.toSorted((one, other) => rank(other) - rank(one));
	return best;

	function rank({ modalities }: C): number {
		return modalities[0] === first ? 1000 : modalities.length;
	}
}
