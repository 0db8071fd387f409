import type { UserActor } from '$lib/access/actor.ts';
import { DomainError } from '$lib/errors.ts';
import type { VersionId } from '$lib/ids.ts';
import { versionDifference, type VersionDifference } from '$lib/report/difference.ts';
import type { Services } from '../services.ts';
import { readVersion } from './report-versions.ts';

/**
 * What differs between two versions of one report, both judged for this actor; the lower number
 * counts as the earlier, however they are named. Versions of two reports are `not_found` (B2).
 */
export async function differenceOfVersions(
	services: Services,
	actor: UserActor,
	named: readonly [VersionId, VersionId]
): Promise<{ before: number; after: number; difference: VersionDifference }> {
	const one = await readVersion(services, actor, named[0], 'page');
	const other = await readVersion(services, actor, named[1], 'page');
	if (one.reportId !== other.reportId) throw new DomainError('not_found');
	const [before, after] = one.number <= other.number ? [one, other] : [other, one];
	return {
		before: before.number,
		after: after.number,
		difference: versionDifference(before.content, after.content)
	};
}
