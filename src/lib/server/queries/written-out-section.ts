import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import { checkSource } from '$lib/worksheet/check-source.ts';
import { worksheetSchema } from '$lib/worksheet/file-schemas.ts';
import { parseFile } from '$lib/worksheet/source-files.ts';
import { withSectionWrittenOut, writeWorksheet } from '$lib/worksheet/source-text.ts';
import { requireRight } from '../access/require.ts';
import type { Services } from '../services.ts';
import { ownFile } from './worksheet-source.ts';

/**
 * The text with a shared section of the library written out in it.
 * @throws DomainError `invalid_input` when the text has problems, or the section cannot be.
 */
export function writtenOut(
	services: Services,
	actor: UserActor,
	{ source, index }: { source: string; index: number }
): { source: string } {
	requireRight(actor, 'worksheet.author', { practiceId: actor.practiceId });
	const { parts } = services.worksheets;
	if (!checkSource(parts, source, ownFile).worksheet)
		throw new DomainError('invalid_input', 'Correct the problems first.');
	const { located } = parseFile(ownFile, source, worksheetSchema);
	const made = located && withSectionWrittenOut(parts, located.value, index);
	if (!made)
		throw new DomainError('invalid_input', 'This section stands here already, or is narrowed.');
	return { source: writeWorksheet(made) };
}
