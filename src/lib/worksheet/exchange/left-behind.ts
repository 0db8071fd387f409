/**
 * What an import or export could not carry over: a closed list of codes, each with the words of the
 * template that it is about. A person is told by the message `ws_left_…` of the same name.
 */
export const leftCodes = [
	// Of one field or group, named by `field`.
	'answers',
	'computed',
	'condition',
	'expression',
	'open_choice',
	'preset',
	'repeats',
	'time_of_day',
	'type',
	'unit',
	'words',
	// Of a section: so many fields more than a worksheet may have.
	'fields',
	// Counted.
	'embedded',
	'handlers',
	'presets',
	'scripts',
	'styles',
	'formulas',
	'grades',
	'normals',
	'statements',
	// Of the page.
	'control',
	'cut',
	'more'
] as const;
export type LeftCode = (typeof leftCodes)[number];

export interface LeftBehind {
	code: LeftCode;
	/** Label of the field, group or section. */
	field: string;
	/** The unit, type, name or address as the template writes it. */
	what: string;
	count: number;
}

/** Longer words are of a template that wants to be in the way. */
const longest = 80;

export const leftBehind = (
	code: LeftCode,
	{ field = '', what = '', count = 0 }: Partial<Omit<LeftBehind, 'code'>> = {}
): LeftBehind => ({
	code,
	field: field.slice(0, longest),
	what: what.slice(0, longest),
	count
});

/** One line for each kind of which there is any. */
export const leftCounts = (counts: Partial<Record<LeftCode, number>>): LeftBehind[] =>
	Object.entries(counts).flatMap(([code, count]) =>
		count > 0 ? [leftBehind(code as LeftCode, { count })] : []
	);
