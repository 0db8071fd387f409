/**
 * `now`, with every part that says the same as in `before` taken from `before`: what is drawn from
 * an unchanged part is not drawn again. For plain objects and arrays without circles.
 */
export function keep<T>(before: unknown, now: T): T {
	if (Object.is(before, now)) return now;
	if (Array.isArray(now)) {
		if (!Array.isArray(before)) return now;
		const kept = now.map((part, index) => keep(before[index], part));
		const isSame = kept.length === before.length && kept.every((part, i) => part === before[i]);
		return (isSame ? before : kept) as T;
	}
	if (!isPlain(now) || !isPlain(before)) return now;
	const keys = Object.keys(now);
	const kept: Record<string, unknown> = {};
	let isSame = keys.length === Object.keys(before).length;
	for (const key of keys) {
		const part = keep(before[key], now[key]);
		kept[key] = part;
		if (part !== before[key] || !Object.hasOwn(before, key)) isSame = false;
	}
	return (isSame ? before : kept) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
	return (
		typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
	);
}
