import { practiceSettingsSchema } from '$lib/report/practice-settings.ts';
import type { ReportContext } from '$lib/report/context.ts';
import type { ResolvedWorksheet } from '../../definition.ts';
import type { PatientFacts } from '../../evaluation.ts';

/** An invented person for trying a worksheet: nothing of it is stored. */
export function sampleContext(worksheet: ResolvedWorksheet, facts: PatientFacts): ReportContext {
	const { sex, ageYears } = facts;
	return {
		reportId: 'sample',
		worksheet,
		worksheetHash: '',
		patient: { id: 'sample', name: '', birthDate: null, sex, identifiers: [], ageYears },
		studies: [],
		order: null,
		practice: { id: 'sample', name: '', timeZone: 'UTC' },
		settings: practiceSettingsSchema.parse({}),
		language: 'en',
		priors: {}
	};
}
