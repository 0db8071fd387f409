/** A wall clock reading in some zone. Month 1–12. */
export interface LocalTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws RangeError for a zone that is not in the IANA database. */
function formatOf(zone: string): Intl.DateTimeFormat {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn-hc-h23', {
			timeZone: zone,
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
			era: 'short'
		});
		formats.set(zone, format);
	}
	return format;
}

export function isZone(zone: string): boolean {
	try {
		formatOf(zone);
		return true;
	} catch {
		return false;
	}
}

/** What a clock on the wall in `zone` shows at that instant. */
export function localTime(at: Date, zone: string): LocalTime {
	const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
	for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value;
	const year = Number(parts.year);
	return {
		year: parts.era?.startsWith('B') ? 1 - year : year,
		month: Number(parts.month),
		day: Number(parts.day),
		hour: Number(parts.hour),
		minute: Number(parts.minute),
		second: Number(parts.second)
	};
}

/** Like `Date.UTC`, which maps years 0–99 to 1900–1999. */
function utcMs(local: LocalTime): number {
	const date = new Date(0);
	date.setUTCFullYear(local.year, local.month - 1, local.day);
	date.setUTCHours(local.hour, local.minute, local.second, 0);
	return date.getTime();
}

/** East of Greenwich is positive. */
export function offsetMs(at: Date, zone: string): number {
	return utcMs(localTime(at, zone)) - Math.floor(at.getTime() / 1000) * 1000;
}

const dayMs = 86_400_000;

/**
 * The instant at which a wall clock in `zone` shows `local`. A reading that occurs twice (autumn)
 * is its first occurrence; one that is skipped (spring) is read with the offset before the change,
 * so 02:30 becomes 03:30.
 */
export function instantOf(local: LocalTime, zone: string): Date {
	const wall = utcMs(local);
	const before = offsetMs(new Date(wall - dayMs), zone);
	const after = offsetMs(new Date(wall + dayMs), zone);
	for (const offset of before >= after ? [before, after] : [after, before]) {
		const at = new Date(wall - offset);
		if (offsetMs(at, zone) === offset) return at;
	}
	return new Date(wall - before);
}

/** ISO date (`2026-03-12`) of an instant as the people in `zone` write it. */
export function localDate(at: Date, zone: string): string {
	const { year, month, day } = localTime(at, zone);
	return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
}

/** Midnight at the beginning of an ISO date in `zone`. Where midnight is skipped: the first instant. */
export function startOfDate(date: string, zone: string): Date {
	const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
	return instantOf({ year, month, day, hour: 0, minute: 0, second: 0 }, zone);
}

/** Calendar arithmetic on ISO dates; knows nothing of zones. */
export function addDays(date: string, days: number): string {
	return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** 0 Sunday … 6 Saturday. */
export function weekday(date: string): number {
	return new Date(`${date}T00:00:00Z`).getUTCDay();
}

function pad(n: number): string {
	return String(n).padStart(2, '0');
}
