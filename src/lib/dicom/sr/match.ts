import {
	genericConcepts,
	isKnown,
	measurementByLabel,
	ruleModifiers,
	rulesByConcept,
	symbolOf
} from './bindings.ts';
import type { Rule, RuleModifier } from './bindings.ts';
import { ownScheme } from './codes.ts';
import type { Observation } from './observation.ts';

/** What an observation was recognised as. */
export interface Match {
	measurement: string;
	laterality: 'left' | 'right' | null;
	/** For measurements that exist once per vessel segment: `ica_prox`. */
	site: string | null;
	/** Binding rule; part of the entry's source. */
	rule: string;
	basis: Rule['basis'] | 'label' | 'own';
	/** Modifiers that the sender left out and the rule assumed. */
	assumed: RuleModifier[];
	/** Another measurement for sheets without a field for this one. */
	otherwise: string | null;
}

export type MatchResult =
	| { kind: 'matched'; match: Match }
	/** Two measurements fit equally well: never guessed. */
	| { kind: 'ambiguous'; measurements: string[] }
	/** Known concept, but taken at another stage than rest. */
	| { kind: 'other-stage'; stage: string }
	| { kind: 'unknown' };

/** Methods that do not make another measurement of a value. */
const neutralMethods = new Set([
	'DCM 125217', // Full Bernoulli
	'DCM 125218', // Simplified Bernoulli
	'DCM 125316' // Directly measured
]);

/**
 * Recognises a measurement: the rule that names most of what the sender said wins. A rule fits only
 * when all it names is there; what a rule does not name is ignored unless it would make another
 * measurement of it (a regurgitant flow, a method or view that another binding names, an index, a
 * stage of exercise). Coded rules go before labels. A code of our own scheme says it itself.
 */
export function match(observation: Observation): MatchResult {
	const own = matchOwnCode(observation);
	if (own) return own;
	const property = observation.modifiers.property;
	const concepts = [observation.concept, ...(property ? [property] : [])];
	const candidates = concepts.flatMap((concept) => rulesByConcept.get(concept) ?? []);
	const scored = candidates.flatMap((rule) => {
		const fit = score(rule, observation, candidates);
		return fit === null ? [] : [{ rule, ...fit }];
	});
	if (scored.length === 0) {
		if (candidates.length > 0 && isOtherStage(observation))
			return { kind: 'other-stage', stage: observation.modifiers.stage ?? '' };
		return matchLabel(observation);
	}
	const best = Math.max(...scored.map((one) => one.points));
	const winners = scored.filter((one) => one.points === best);
	const measurements = [...new Set(winners.map((one) => one.rule.measurement))];
	const winner = winners[0];
	if (measurements.length > 1 || !winner) return { kind: 'ambiguous', measurements };
	return {
		kind: 'matched',
		match: {
			measurement: winner.rule.measurement,
			laterality: winner.rule.laterality ?? lateralityOf(observation),
			site: winner.rule.bySite ? siteOf(observation) : null,
			rule: winner.rule.name,
			basis: winner.rule.basis,
			assumed: winner.assumed,
			otherwise: winner.rule.else ?? null
		}
	};
}

function score(
	rule: Rule,
	observation: Observation,
	rivals: readonly Rule[]
): { points: number; assumed: RuleModifier[] } | null {
	const place = scorePlace(rule, observation, rivals);
	if (place === null) return null;
	let points = place;
	const assumed: RuleModifier[] = [];
	for (const name of ruleModifiers) {
		const sent = observation.modifiers[name];
		const symbol = sent === undefined ? 'none' : symbolOf(name, sent);
		const wanted = rule[name];
		if (wanted) {
			if (wanted.includes(symbol)) points += 8;
			else if (sent !== undefined) return null;
			else if (rule.assume?.includes(name)) assumed.push(name);
			else if (!rule.implied?.includes(name)) return null;
		} else if (sent !== undefined && !mayIgnore(name, sent, symbol, rule, rivals)) return null;
	}
	if (isIndexed(observation)) return null;
	return { points, assumed };
}

/** Points for section, site and vessel; null when the rule belongs elsewhere. */
function scorePlace(rule: Rule, observation: Observation, rivals: readonly Rule[]): number | null {
	const section = observation.section ? symbolOf('site', observation.section) : null;
	const own = observation.ownSite ? symbolOf('site', observation.ownSite) : null;
	let points = 0;
	if (rule.fetus) {
		if (!isFetal(observation)) return null;
		points += 8;
	}
	if (rule.vessel) {
		if (!rule.vessel.includes(vesselOf(observation) ?? '')) return null;
		points += 8;
	}
	if (rule.site) {
		if (own === null || !rule.site.includes(own)) return null;
		points += 16;
	}
	const isGeneric = rule.concept.some((concept) => genericConcepts.has(concept));
	if (rule.section) {
		const isThere =
			(section !== null && rule.section.includes(section)) ||
			(own !== null && !rule.site && rule.section.includes(own));
		// A site such as the lateral annulus, or a concept such as "IVS thickness", says enough itself.
		const isNamedOtherwise =
			!isGeneric || rule.vessel || (rule.site && !rule.site.some((s) => rule.section?.includes(s)));
		if (isThere) points += 4;
		else if (!isNamedOtherwise) return null;
	}
	// The item's own site specialises its section: "aortic annulus" in "aortic valve" is no valve value.
	const isElsewhere =
		own !== null && !rule.site && !rule.vessel && own !== section && !rule.section?.includes(own);
	if (isElsewhere && (isGeneric || rivals.some((rival) => rival.site?.includes(own)))) return null;
	return points;
}

/** A section about one fetus, or anything in an obstetric report (TID 5000). */
function isFetal({ fetus, containers }: Observation): boolean {
	return fetus !== null || containers.includes('DCM 125000');
}

/** May a modifier that the rule does not name be overlooked? */
function mayIgnore(
	name: RuleModifier,
	sent: string,
	symbol: string,
	rule: Rule,
	rivals: readonly Rule[]
): boolean {
	const isNamedByRival = rivals.some(
		(rival) => rival.measurement !== rule.measurement && rival[name]?.includes(symbol)
	);
	switch (name) {
		case 'stage':
			return symbol === 'rest';
		case 'flow':
			return symbol === 'A' || !rule.concept.some((concept) => genericConcepts.has(concept));
		case 'mode':
			return symbol !== '3D' || !isNamedByRival;
		case 'method': {
			if (neutralMethods.has(sent)) return true;
			const isMethodSensitive = rivals.some((rival) => rival.method);
			return !isNamedByRival && !isMethodSensitive;
		}
		case 'segment':
			return true;
		case 'view':
		case 'phase':
		case 'respiration':
			return !isNamedByRival;
	}
}

/** (121425) Index, Measurement Type "Indexed" or a divisor: already divided by body size. */
function isIndexed(observation: Observation): boolean {
	const { index, divisor, measurementType } = observation.modifiers;
	return index !== undefined || divisor !== undefined || measurementType === 'DCM 125313';
}

function isOtherStage(observation: Observation): boolean {
	const stage = observation.modifiers.stage;
	return stage !== undefined && symbolOf('stage', stage) !== 'rest';
}

function matchLabel(observation: Observation): MatchResult {
	if (isOtherStage(observation) || isIndexed(observation)) return { kind: 'unknown' };
	for (const label of observation.labels) {
		const side = /^(rt|lt|right|left)\.?\s+/i.exec(label);
		const plain = (side ? label.slice(side[0].length) : label).toLowerCase().replace(/\s+/g, ' ');
		const measurement = measurementByLabel.get(plain);
		if (measurement === undefined) continue;
		const named = side?.[1]?.toLowerCase().startsWith('r') ? 'right' : side ? 'left' : null;
		return {
			kind: 'matched',
			match: {
				measurement,
				laterality: lateralityOf(observation) ?? named,
				site: null,
				rule: `label/${measurement}`,
				basis: 'label',
				assumed: [],
				otherwise: null
			}
		};
	}
	return { kind: 'unknown' };
}

/** Reports of other Readroom installations: the code value is the measurement's id. */
function matchOwnCode(observation: Observation): MatchResult | null {
	const [scheme, measurement = ''] = observation.concept.split(' ');
	if (scheme !== ownScheme || !/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$/.test(measurement)) return null;
	if (isOtherStage(observation))
		return { kind: 'other-stage', stage: observation.modifiers.stage ?? '' };
	return {
		kind: 'matched',
		match: {
			measurement,
			laterality: lateralityOf(observation),
			site: siteOf(observation),
			rule: `own/${measurement}`,
			basis: 'own',
			assumed: [],
			otherwise: null
		}
	};
}

function lateralityOf(observation: Observation): 'left' | 'right' | null {
	switch (observation.modifiers.laterality) {
		case 'SCT 7771000':
			return 'left';
		case 'SCT 24028007':
			return 'right';
		default:
			return null;
	}
}

/** The vessel that the nearest container or the item's own site names. */
function vesselOf(observation: Observation): string | null {
	const places = [
		...(observation.ownSite ? [observation.ownSite] : []),
		...observation.containers,
		...(observation.section ? [observation.section] : [])
	];
	const vessel = places.find((code) => isKnown('vessel', code));
	return vessel === undefined ? null : symbolOf('vessel', vessel);
}

function siteOf(observation: Observation): string | null {
	const vessel = vesselOf(observation);
	const segment = observation.modifiers.segment;
	if (vessel === null) return null;
	return segment === undefined ? vessel : `${vessel}_${symbolOf('segment', segment)}`;
}
