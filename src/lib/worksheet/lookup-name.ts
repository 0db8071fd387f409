/** What a name in a condition stands for. docs/worksheet-spec.md lists all of them. */
import { editionNames } from './editions.ts';
import type { EvaluationOptions, PatientFacts } from './evaluation.ts';
import type { Value } from './expression.ts';
import { gradeFact } from './grade-fact.ts';
import { roundHalfUp } from './numbers.ts';
import type { Scope } from './scope.ts';

export function lookupName(scope: Scope, name: string): Value {
	const { program, patient } = scope;
	if (program.fields.has(name)) {
		const value = scope.resolve(name)?.value ?? null;
		// What a condition reads is what is printed.
		const decimals = program.measurementOf(name)?.decimals;
		return typeof value === 'number' && decimals != null ? roundHalfUp(value, decimals) : value;
	}
	const dot = name.indexOf('.');
	const head = name.slice(0, dot);
	const rest = name.slice(dot + 1);
	switch (head) {
		case 'patient':
			return patientFact(patient, rest);
		case 'option':
			return optionValue(scope.options, rest);
		case 'flag':
			return scope.flag(rest)?.severity ?? null;
		case 'side':
			return scope.flag(rest)?.side ?? null;
		case 'method':
			return scope.resolve(rest)?.method ?? null;
		default:
			return gradeAnswer(scope, head, rest);
	}
}

function gradeAnswer(scope: Scope, id: string, key: string): Value {
	const grade = scope.program.grades.get(id);
	return grade ? gradeFact(grade, scope.grade(id), key) : null;
}

function patientFact(patient: PatientFacts, key: string): Value {
	const isKnown = patient.sex === 'male' || patient.sex === 'female';
	switch (key) {
		case 'age':
			return patient.ageYears !== null && Number.isFinite(patient.ageYears)
				? Math.floor(patient.ageYears)
				: null;
		case 'sex':
			return isKnown ? patient.sex : null;
		case 'male':
			return isKnown ? (patient.sex === 'male' ? 1 : 0) : null;
		case 'sex_code':
			return isKnown ? (patient.sex === 'male' ? 1 : 2) : null;
		default:
			return null;
	}
}

export function optionValue(options: EvaluationOptions, name: string): string | null {
	const edition = editionNames.find((each) => each === name);
	if (edition) return options[edition];
	switch (name) {
		case 'bsaFormula':
		case 'profile':
		case 'language':
			return options[name];
		default:
			return null;
	}
}
