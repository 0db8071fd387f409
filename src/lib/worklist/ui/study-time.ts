import { localDate, localTime } from '../zoned-time.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** The time of today's studies, the date of the others; practice time. */
export function studyTime(at: Date | null, now: Date, timeZone: string): string {
	if (!at) return '';
	const date = localDate(at, timeZone);
	if (date !== localDate(now, timeZone)) return date;
	const { hour, minute } = localTime(at, timeZone);
	return `${two(hour)}:${two(minute)}`;
}
