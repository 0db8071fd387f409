import type { Code } from './content-item.ts';

/** Units of private schemes that stand for UCUM, as seen: GE writes its own designator. */
const words: Readonly<Record<string, string>> = { 'no units': '1', 'no unit': '1', percent: '%' };

/**
 * The unit as text that `convert` reads, or null when none was sent. An empty Measurement Units
 * sequence is no unit: it does not mean "1".
 */
export function unitText(unit: Code): string | null {
	const value = unit.value.trim();
	if (value !== '') return value;
	const meaning = unit.meaning.trim();
	return meaning === '' ? null : (words[meaning.toLowerCase()] ?? meaning);
}
