import type { Diagram } from '../definition.ts';
import type { FieldRow } from './rows.ts';

type Scale = Extract<Diagram, { kind: 'bullseye' }>['scale'];

/** Scores of the 2015 recommendation: 1 normal, 2 hypokinetic, 3 akinetic, 4 dyskinetic. */
const wallMotion: Record<string, string> = {
	'1': 'color-mix(in oklab, var(--positive) 38%, var(--panel))',
	'2': 'color-mix(in oklab, var(--mild) 55%, var(--panel))',
	'3': 'color-mix(in oklab, var(--moderate) 65%, var(--panel))',
	'4': 'color-mix(in oklab, var(--severe) 70%, var(--panel))'
};
/** Perfusion and enhancement: 0 nothing to 4 absent or transmural. */
const score = [
	wallMotion['1'],
	'color-mix(in oklab, var(--mild) 40%, var(--panel))',
	wallMotion['2'],
	wallMotion['3'],
	wallMotion['4']
];
const empty = 'var(--raised)';

/** The colour of a segment; its value is written in it as well. */
export function fillOf(scale: Scale, value: FieldRow | string | null): string {
	const raw = typeof value === 'object' ? (value?.resolved?.value ?? null) : value;
	if (raw === null || raw === 'not_seen') return empty;
	if (scale === 'strain') {
		// No judgement: the deeper the shortening, the fuller the one colour.
		const depth = typeof raw === 'number' ? Math.min(1, Math.max(0, -raw / 25)) : 0;
		return `color-mix(in oklab, var(--accent) ${Math.round(15 + depth * 65)}%, var(--panel))`;
	}
	if (scale === 'wall_motion') return wallMotion[String(raw)] ?? empty;
	return score[Number(raw)] ?? empty;
}
