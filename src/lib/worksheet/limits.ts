import type { Program } from './program.ts';
import { convert } from './units.ts';

/** R3: a number that cannot be takes no part, and neither does what would follow from it. */
export function isOutsideHardLimits(program: Program, field: string, value: unknown): boolean {
	const limit = program.limits.get(field);
	const unit = program.measurementOf(field)?.unit;
	if (!limit || !unit || typeof value !== 'number') return false;
	const converted = convert(value, unit, limit.unit);
	return converted === null || converted < limit.hard[0] || converted > limit.hard[1];
}
