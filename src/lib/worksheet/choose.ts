/** Which of many worksheets a study gets. Rules in docs/worksheet-spec.md, "Which worksheet". */

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
}

/**
 * The candidate that fits best; null when none does. A procedure code decides, then the longest text
 * that a worksheet names and the procedure contains, then the body part, then the one that is meant
 * for everything else of the modality. Of several that fit alike, the first.
 */
export function chooseAmong<C extends Candidate>(
	candidates: readonly C[],
	study: StudyFacts
): C | null {
	const possible = candidates.filter(({ modalities }) =>
		modalities.some((each) => study.modalities.includes(each))
	);
	// A vague first text must not hide what a second one says plainly.
	for (const text of [study.procedure].flat()) {
		const named = best(possible, (sheet) => codeMatch(sheet, study) + textMatch(sheet, text));
		if (named) return named;
	}
	return (
		best(possible, (sheet) => codeMatch(sheet, study) + bodyPartMatch(sheet, study)) ??
		possible.find(({ fallback }) => fallback) ??
		null
	);

	/** Between worksheets that a text fits alike, the body part decides. */
	function best(sheets: readonly C[], matchOf: (sheet: C) => number): C | null {
		let found: C | null = null;
		let highest = 0;
		for (const sheet of sheets) {
			const match = matchOf(sheet);
			const score = match > 0 ? match * 10 + bodyPartMatch(sheet, study) : 0;
			if (score <= highest) continue;
			found = sheet;
			highest = score;
		}
		return found;
	}
}

/** Longer than any text. */
const byCode = 10_000;

function codeMatch({ codes = [] }: Candidate, study: StudyFacts): number {
	return codes.some(({ scheme, value }) => study.codes?.includes(`${scheme}:${value}`))
		? byCode
		: 0;
}

function bodyPartMatch({ bodyParts = [] }: Candidate, study: StudyFacts): number {
	return bodyParts.some((each) => study.bodyParts?.includes(each)) ? 5 : 0;
}

function textMatch({ procedures }: Candidate, procedure: string): number {
	const text = procedure.toLowerCase();
	const contained = procedures.filter((each) => text.includes(each.toLowerCase()));
	return Math.max(0, ...contained.map((each) => each.length));
}
