/** States of a report, in order. `arriving` is the study's, before a report is begun. */
export const reportStates = [
	'in_progress',
	'sent_to_read',
	'preliminary',
	'final',
	'amended'
] as const;
export type ReportState = (typeof reportStates)[number];

export const versionKinds = ['preliminary', 'final', 'addendum', 'correction'] as const;
export type VersionKind = (typeof versionKinds)[number];

export const signatureMeanings = ['performed', 'drafted', 'preliminary', 'final'] as const;
export type SignatureMeaning = (typeof signatureMeanings)[number];

/** Which state a signed version leads to, by the state it was signed in. Absent: refused. */
export const transitions = {
	in_progress: { preliminary: 'preliminary', final: 'final' },
	sent_to_read: { preliminary: 'preliminary', final: 'final' },
	preliminary: { final: 'final' },
	final: { addendum: 'amended', correction: 'amended' },
	amended: { addendum: 'amended', correction: 'amended' }
} as const satisfies Record<ReportState, Partial<Record<VersionKind, ReportState>>>;

export function stateAfter(state: ReportState, kind: VersionKind): ReportState | null {
	const next: Partial<Record<VersionKind, ReportState>> = transitions[state];
	return next[kind] ?? null;
}

/** A report whose live document takes no edits. */
export function isFrozen(state: ReportState): boolean {
	return state === 'final' || state === 'amended';
}
