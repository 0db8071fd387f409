import { instantOf, localDate, localTime } from './zoned-time.ts';

const two = (n: number) => String(n).padStart(2, '0');

/** What date and time fields show for an instant, in a practice's zone. */
export function wallTime(at: Date, timeZone: string): { date: string; time: string } {
	const { hour, minute } = localTime(at, timeZone);
	return { date: localDate(at, timeZone), time: `${two(hour)}:${two(minute)}` };
}

/** The instant that such fields mean; null while one of them is empty. */
export function wallTimeAt(date: string, time: string, timeZone: string): Date | null {
	const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
	const clock = /^(\d{2}):(\d{2})/.exec(time);
	if (!day || !clock) return null;
	const [year = 0, month = 0, dayOfMonth = 0] = day.slice(1).map(Number);
	const [hour = 0, minute = 0] = clock.slice(1).map(Number);
	return instantOf({ year, month, day: dayOfMonth, hour, minute, second: 0 }, timeZone);
}
