/**
 * What the entries of one field amount to: one value, a conflict, or nothing. Rules V1–V9.
 * Entries come out of a shared document, so nothing about them is taken for granted.
 */
import type { Field, Measurement } from './definition.ts';
import { standingOf } from './entry.ts';
import type { Entry, EntryValue } from './entry.ts';
import { convert } from './units.ts';

export interface Reading {
	/** What was measured or typed: the value that stands before everything computed. */
	own: Usable | null;
	/** What the machine computed, for a field that we can compute ourselves. */
	machine: Usable | null;
	/** The worksheet's default, where no other entry stands. */
	byDefault: Usable | null;
	/** Two or more that disagree. */
	conflict: readonly Entry[] | null;
	isUnseen: boolean;
	/** Entries that cannot be used as they are. */
	unusable: readonly Entry[];
}

export interface Usable {
	value: number | string | string[];
	entry: Entry;
}

export const noReading: Reading = {
	own: null,
	machine: null,
	byDefault: null,
	conflict: null,
	isUnseen: false,
	unusable: []
};

/**
 * @param isComputable whether a formula of the worksheet yields this field: then what a machine
 *   calculated is kept apart from what was measured.
 */
export function readEntries(
	field: Field,
	measurement: Measurement | null,
	entries: unknown,
	isComputable: boolean
): Reading {
	if (!Array.isArray(entries) || entries.length === 0) return noReading;
	const standing = standingOf((entries as unknown[]).filter(isEntry));
	const given = standing.filter((entry) => entry.status !== 'not_well_seen');
	const usable: Usable[] = [];
	const unusable: Entry[] = [];
	for (const entry of given) {
		const value = valueOf(entry, field, measurement);
		if (value === null) unusable.push(entry);
		else usable.push({ value, entry });
	}
	const isMachine = ({ entry }: Usable) => isComputable && isCalculated(entry, measurement);
	const isDefault = ({ entry }: Usable) => entry.source.kind === 'default';
	const own = usable.filter((candidate) => !isMachine(candidate) && !isDefault(candidate));
	const machine = usable.filter(isMachine);
	const conflict = disagreement(own) ?? (own.length === 0 ? disagreement(machine) : null);
	return {
		own: conflict ? null : (own[0] ?? null),
		machine: machine[0] ?? null,
		byDefault: usable.find(isDefault) ?? null,
		conflict,
		isUnseen: standing.length > given.length && given.length === 0,
		unusable
	};
}

function isEntry(entry: unknown): entry is Entry {
	if (typeof entry !== 'object' || entry === null) return false;
	const { id, source } = entry as Partial<Entry>;
	return typeof id === 'string' && typeof source === 'object' && source !== null;
}

function isCalculated(entry: Entry, measurement: Measurement | null): boolean {
	return (
		entry.source.kind === 'sr' &&
		(entry.source.calculated === true || measurement?.kind === 'calculated')
	);
}

/** V3: entries that say the same are one; entries that do not are a conflict. */
function disagreement(candidates: readonly Usable[]): readonly Entry[] | null {
	const [first, ...others] = candidates;
	if (!first || others.every((other) => isSame(first.value, other.value))) return null;
	return candidates.map(({ entry }) => entry);
}

function isSame(a: Usable['value'], b: Usable['value']): boolean {
	if (typeof a === 'number' && typeof b === 'number') {
		return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		return a.length === b.length && a.every((code) => b.includes(code));
	}
	return a === b;
}

/** The value in the field's canonical unit and kind; null when the entry does not hold one. */
function valueOf(
	entry: Entry,
	field: Field,
	measurement: Measurement | null
): Usable['value'] | null {
	switch (field.kind) {
		case 'number':
			return numberOf(entry, measurement);
		case 'coded': {
			const code = entry.value;
			return typeof code === 'string' && isOption(field, code) ? code : null;
		}
		case 'multi-coded': {
			const codes = entry.value;
			return Array.isArray(codes) && codes.every((code) => isOption(field, code)) ? codes : null;
		}
		case 'text':
		case 'date':
			return typeof entry.value === 'string' && entry.value !== '' ? entry.value : null;
	}
}

function isOption(field: Field, code: unknown): boolean {
	return typeof code === 'string' && field.options.some((option) => option.code === code);
}

function numberOf(entry: Entry, measurement: Measurement | null): number | null {
	const raw = sampled(entry) ?? numberIn(entry.value) ?? middle(entry);
	if (raw === null) return null;
	const unit = measurement?.unit ?? null;
	const isForeign = unit !== null && typeof entry.unit === 'string' && entry.unit !== unit;
	const value = isForeign ? convert(raw, entry.unit ?? '', unit) : raw;
	return value !== null && measurement?.magnitude ? Math.abs(value) : value;
}

/** V5: several beats by their derivation; a visual estimate is what was typed. */
function sampled(entry: Entry): number | null {
	if (!Array.isArray(entry.samples) || entry.derivation === 'visual') return null;
	const values = entry.samples
		.filter((sample) => sample?.selected === true)
		.map((sample) => numberIn(sample.value))
		.filter((value) => value !== null);
	if (values.length === 0) return null;
	if (entry.derivation === 'last') return values[values.length - 1] ?? null;
	if (entry.derivation === 'single') return values[0] ?? null;
	return numberIn(values.reduce((total, value) => total + value, 0) / values.length);
}

/** V6: a range without a value stands for its middle. */
function middle(entry: Entry): number | null {
	const low = numberIn(entry.range?.low);
	const high = numberIn(entry.range?.high);
	return low === null || high === null ? null : numberIn((low + high) / 2);
}

function numberIn(value: EntryValue | undefined): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
