import messages from '../../messages/en.json' with { type: 'json' };
import type { LeftBehind } from '$lib/worksheet/exchange/left-behind.ts';

/** The screen's own message, in English like everything at the command line. */
export function leftText(left: LeftBehind): string {
	const texts: Record<string, unknown> = messages;
	const text = texts[`ws_left_${left.code}`];
	if (typeof text !== 'string') return left.code;
	const { field, what, count } = left;
	return text.replace(/\{(field|what|count)\}/g, (_, name: 'field' | 'what' | 'count') =>
		String({ field, what, count }[name])
	);
}
