import { engineVersion, evaluate } from '../worksheet/evaluate.ts';
import type { Annotation } from '../collab/report-doc.ts';
import type { ResolvedWorksheet } from '../worksheet/definition.ts';
import { editionsOf } from '../worksheet/editions.ts';
import type { Entries } from '../worksheet/entry.ts';
import type { Evaluation, EvaluationOptions, PatientFacts } from '../worksheet/evaluation.ts';
import { buildBody, type Decisions, type PriorValue } from './body.ts';
import type { PracticeSettings } from './practice-settings.ts';
import type { KeyImage, ReportBody } from './version.ts';

/**
 * All that a report is made of and that is not in its live document. The server sends it to the
 * reading room once, so that browser and server build the same body, to the byte (L2).
 */
export interface ReportContext {
	reportId: string;
	worksheet: ResolvedWorksheet;
	worksheetHash: string;
	patient: Omit<ReportBody['patient'], 'heightCm' | 'weightKg' | 'bsaM2'>;
	studies: ReportBody['studies'];
	order: ReportBody['order'];
	practice: { id: string; name: string; timeZone: string };
	/** The practice's, with the editions that this report pins. */
	settings: PracticeSettings;
	language: string;
	/** Nearest earlier value by field, in the field's canonical unit. */
	priors: Record<string, PriorValue>;
	/** All earlier values of fields that stand on a growth chart, nearest first; absent: none. */
	series?: Record<string, PriorValue[]>;
}

/** What the live document holds at one moment, read by `collab/doc-state.ts`. */
export interface DocState {
	entries: Entries;
	decisions: Decisions;
	conclusion: string;
	comments: string;
	keyImages: KeyImage[];
	annotations: Annotation[];
}

export function patientFacts(context: ReportContext): PatientFacts {
	return { sex: context.patient.sex, ageYears: context.patient.ageYears };
}

export function evaluationOptions(context: ReportContext): EvaluationOptions {
	const { settings, language } = context;
	return {
		bsaFormula: settings.bsaFormula,
		reportedEfOrder: settings.reportedEfOrder,
		...editionsOf(settings),
		language
	};
}

export function evaluateReport(context: ReportContext, entries: Entries): Evaluation {
	return evaluate(context.worksheet, entries, patientFacts(context), evaluationOptions(context));
}

/** The body as it would be signed now. */
export function bodyOf(
	context: ReportContext,
	state: DocState,
	amendment: ReportBody['amendment'] = null
): ReportBody {
	return buildBody({
		...context,
		...state,
		engineVersion,
		evaluation: evaluateReport(context, state.entries),
		amendment
	});
}

/** Whole years between two ISO dates; null when either is unknown. */
export function ageOn(birthDate: string | null, date: string | null): number | null {
	if (!birthDate || !date) return null;
	const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
	const age = date.slice(5, 10) < birthDate.slice(5, 10) ? years - 1 : years;
	return Number.isFinite(age) && age >= 0 ? age : null;
}
