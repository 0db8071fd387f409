import type { PracticeSettings } from './practice-settings.ts';
import type { VersionKind } from './states.ts';
import type { ReportBody } from './version.ts';

export type ReleaseRule = Pick<PracticeSettings, 'patientReleaseAfterHours' | 'release'>;

export interface RuledRelease {
	held: boolean;
	/** Null while held. */
	visibleFrom: Date | null;
	/** As it is written down with the decision. */
	reason: string;
}

/**
 * What the practice's rule decides about a version at the moment it is signed; null: nothing, a
 * physician releases it by hand. A preliminary is never released.
 */
export function releaseByRule(
	rule: ReleaseRule,
	{ kind, signedAt, isSevere }: { kind: VersionKind; signedAt: Date; isSevere: boolean }
): RuledRelease | null {
	const hours = rule.patientReleaseAfterHours;
	if (hours === null || kind === 'preliminary') return null;
	// An addendum to what somebody released says nothing that would have to be told first.
	if (kind === 'final' && isSevere && rule.release.holdSevere) {
		return { held: true, visibleFrom: null, reason: 'rule: severe findings wait for a physician' };
	}
	return {
		held: false,
		visibleFrom: new Date(signedAt.getTime() + hours * 3_600_000),
		reason: `rule: ${hours} h after signing`
	};
}

/** A value or a grade that is severely abnormal: news that nobody should read first alone. */
export function isSevere({ evaluation }: Pick<ReportBody, 'evaluation'>): boolean {
	return (
		Object.values(evaluation.flags).some(({ severity }) => severity === 'severe') ||
		evaluation.grades.some(({ grade }) => grade !== null && Object.values(grade).includes('severe'))
	);
}
