import type { SrDocument } from '$lib/dicom/sr/content-item.ts';
import { DomainError } from '$lib/errors.ts';
import { procedureTexts } from '$lib/report/populate-procedure.ts';
import { openWorksheetLibrary } from '$lib/server/worksheets/library.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import type { Subject } from './populate-subject.ts';

/**
 * The worksheet that was named, or the one meant for the study's procedure.
 * @throws DomainError `not_found`, `invalid_input` with the worksheets there are.
 */
export function chooseWorksheet(
	subject: Subject,
	documents: readonly SrDocument[],
	id: string | null
): ResolvedWorksheet {
	const library = openWorksheetLibrary();
	const ids = library
		.list()
		.map((worksheet) => worksheet.id)
		.sort()
		.join(', ');
	if (id !== null) {
		const named = library.resolve(id);
		if (named) return named;
		throw new DomainError('not_found', `There is no worksheet ${id}. There are: ${ids}.`);
	}
	// A report without its images is still one of an ultrasound study.
	const modalities = subject.modalities.filter((modality) => modality !== 'SR');
	const texts = procedureTexts([subject.procedure], documents);
	const chosen = library.chooseFor({
		modalities: modalities.length > 0 ? modalities : ['US'],
		procedure: texts,
		bodyParts: subject.bodyParts,
		codes: subject.codes
	});
	if (chosen) return chosen;
	throw new DomainError(
		'invalid_input',
		`No worksheet is meant for “${texts.join(' / ')}”. Name one with --worksheet: ${ids}.`
	);
}
