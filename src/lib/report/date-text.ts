/** A calendar date as ISO writes it, the one form that no country reads wrongly. Never shifts. */
export function dateText(date: string): string {
	return date.slice(0, 10);
}

function offsetText(at: Date, timeZone: string): string {
	const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
		.formatToParts(at)
		.find((part) => part.type === 'timeZoneName')?.value;
	const offset = (name ?? '').replace('GMT', '');
	return offset === '' ? '+00:00' : offset;
}

/** A moment in the practice's time with its offset: "2026-03-12 10:15 +01:00". */
export function dateTimeText(iso: string | Date, timeZone: string): string {
	const at = typeof iso === 'string' ? new Date(iso) : iso;
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23'
	}).formatToParts(at);
	const part = (type: string) => parts.find((item) => item.type === type)?.value ?? '';
	return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')} ${offsetText(at, timeZone)}`;
}
