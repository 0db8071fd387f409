/**
 * A collection of clinical facts beside the corpus, gathered independently of our library: formulas
 * with worked examples and rules with tests. What it and we both know must agree.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answerTo, tryExample, tryRuleTest } from '$lib/worksheet/examples.ts';
import type { Example, RuleTest } from '$lib/worksheet/examples.ts';
import { ExpressionError } from '$lib/worksheet/expression.ts';
import type { Library } from '$lib/worksheet/read-library.ts';
import { corpusPath } from './corpus-path.ts';

export const collection = resolve(corpusPath('.'), '../clinical');
export const hasCollection = existsSync(resolve(collection, 'echo-formulas.json'));

interface CollectedFormula {
	id: string;
	expression: string;
	examples: Example[];
}
interface CollectedRule {
	id: string;
	type: string;
	let?: { name: string; expr: string }[];
	rules?: { if: string; then: Record<string, string | number> | null }[];
	else?: Record<string, string | number> | null;
	tests?: RuleTest[];
}
interface Block {
	id: string;
	type: string;
	formulas?: CollectedFormula[];
	tests?: { points: number; level: string }[];
}

const read = <T>(name: string): T =>
	JSON.parse(readFileSync(resolve(collection, name), 'utf8')) as T;

/** Our name for what the collection calls otherwise. */
const ours: Readonly<Record<string, string>> = {
	iEOA: 'ieoa',
	lvef_hf_class: 'hf_ef_class',
	tbi: 'abi',
	ri: 'resistive_index',
	rar: 'renal_aortic_ratio',
	efw_hadlock_mean: 'efw_expected',
	efw_hadlock_z: 'efw_z',
	ci_cephalic: 'cephalic_index',
	cpr: 'cerebroplacental_ratio'
};

/** What we keep in another shape, and why. */
export const otherwise: Readonly<Record<string, string>> = {
	zscore_phn: 'one formula for each of its rows, z_phn_*, with the coefficients inside',
	zscore_pettersen: 'one formula for each of its rows, z_pettersen_*, with the coefficients inside',
	pvr_cath: 'worked out by the field rhc.pvr of the right heart catheter',
	pi_index: 'worked out by the fields tcd.pi_* of each vessel',
	bernoulli_proximal: 'worked out by the field coarctation.corrected',
	simpson_biplane: 'works on the outline that a reader draws: the viewer, not a field',
	simpson_single: 'works on the outline that a reader draws: the viewer, not a field',
	mean_gradient_samples: 'works on the envelope that a reader draws: the viewer, not a field'
};

/** Our name for an input that the collection calls otherwise. */
const inputs: Readonly<Record<string, Record<string, string>>> = {
	lvef_hf_class: { lvef: 'ef' },
	cpr: { mca_pi: 'mca', ua_pi: 'ua' },
	ica_cca_ratio: { ica_psv: 'ica', cca_psv: 'cca' },
	rar: { ra_psv: 'renal', ao_psv: 'aorta' },
	nascet: { d_stenosis: 'stenosis', d_distal: 'distal' },
	abi: { ankle_sbp: 'ankle', brachial_sbp_high: 'brachial' },
	tbi: { toe_sbp: 'ankle', brachial_sbp_high: 'brachial' },
	dvi_mitral_prosthesis: { prmv_vti: 'mv_vti' },
	eoa_mitral_prosthesis: { prmv_vti: 'mv_vti' }
};

/** Inputs that we take as answers of a reader where the collection takes 0 and 1. */
const answers: Readonly<Record<string, Record<string, string>>> = {
	ph_probability: { '0': 'absent', '1': 'present' }
};

/** What an answer is called with us. */
const words: Readonly<Record<string, string>> = {
	HFrEF_range: 'hfref',
	HFmrEF_range: 'hfmref',
	HFpEF_range: 'hfpef'
};

export interface Compared {
	id: string;
	/** Tests that ran through our engine as the collection writes them. */
	count: number;
	/** The same tests through our own formula or rule of that name; null: we have none. */
	own: number | null;
	failures: string[];
}

export function compareFormulas(library: Library): Compared[] {
	const known = new Map(library.formulas.map(({ value }) => [value.id, value]));
	const { formulas } = read<{ formulas: CollectedFormula[] }>('echo-formulas.json');
	const { blocks } = read<{ blocks: Block[] }>('other-criteria.json');
	const all = [...formulas, ...blocks.flatMap((block) => block.formulas ?? [])];
	return all.map((formula) => {
		const own = known.get(ours[formula.id] ?? formula.id) ?? null;
		const failures = formula.examples.flatMap((example) => {
			const as = withNames(inputs[formula.id], example.in);
			const unknown = Object.keys(as).filter((name) => own && !Object.hasOwn(own.inputs, name));
			return [
				attempt(() => tryExample(formula.expression, example)),
				own && unknown.length > 0 ? `ours takes no ${unknown.join(', ')}` : null,
				own && attempt(() => tryExample(own.expression, { ...example, in: as }))
			].filter((wrong) => wrong !== null);
		});
		return {
			id: formula.id,
			count: formula.examples.length,
			own: own ? formula.examples.length : null,
			failures
		};
	});
}

export function compareRules(library: Library): Compared[] {
	const { algorithms } = read<{ algorithms: CollectedRule[] }>('echo-grading.json');
	return algorithms
		.filter(({ tests = [] }) => tests.length > 0)
		.map((rule) => {
			const own = library.grades.get(ours[rule.id] ?? rule.id)?.value ?? null;
			const tests = rule.tests ?? [];
			const text = (answer: Record<string, string | number> | null | undefined) =>
				answer
					? Object.fromEntries(Object.entries(answer).map(([key, each]) => [key, String(each)]))
					: null;
			const theirs = {
				let: rule.let ?? [],
				rules: (rule.rules ?? []).map((each) => ({ if: each.if, then: text(each.then) })),
				otherwise: text(rule.else)
			};
			const failures = tests.flatMap((test) => {
				const given = Object.fromEntries(
					Object.entries(test.in).map(([name, value]) => [
						inputs[rule.id]?.[name] ?? name,
						name.startsWith('signs_') ? (answers[rule.id]?.[String(value)] ?? value) : value
					])
				);
				return [
					attempt(() => tryRuleTest(theirs, test)),
					own ? attempt(() => agrees(answerTo(own, given), text(test.expect))) : null
				].filter((wrong) => wrong !== null);
			});
			return { id: rule.id, count: tests.length, own: own ? tests.length : null, failures };
		});
}

/** No answer of ours is what the collection writes as "not known". */
function agrees(got: Record<string, string> | null, wanted: Record<string, string> | null) {
	const unanswered = wanted === null || Object.values(wanted).every((each) => isNothing(each));
	if (unanswered && got === null) return null;
	const isRight =
		wanted !== null &&
		got !== null &&
		Object.entries(wanted).every(([key, each]) => [each, words[each]].includes(got[key]));
	return isRight ? null : `ours gives ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`;
}

const isNothing = (answer: string) =>
	['unknown', 'insufficient_data', 'not_assessable'].includes(answer);

function withNames(names: Record<string, string> | undefined, given: Example['in']): Example['in'] {
	return Object.fromEntries(
		Object.entries(given).map(([name, value]) => [names?.[name] ?? name, value])
	);
}

function attempt(run: () => string | null): string | null {
	try {
		return run();
	} catch (error) {
		if (error instanceof ExpressionError) return error.message;
		throw error;
	}
}
