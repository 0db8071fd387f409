import { m } from '$lib/paraglide/messages.js';
import type { TurnaroundClock } from '../clock.ts';

const minute = 60_000;

/** "3 h 12", "2 d 4 h", "18 min"; never below a minute, whatever the clocks say. */
export function spanText(ms: number): string {
	const minutes = Math.max(1, Math.round(Math.abs(ms) / minute));
	const days = Math.floor(minutes / 1440);
	const hours = Math.floor((minutes % 1440) / 60);
	if (days > 0) return hours > 0 ? m.span_days_hours({ days, hours }) : m.span_days({ days });
	if (hours > 0 && minutes % 60 === 0) return m.span_hours({ hours });
	if (hours > 0) return m.span_hours_minutes({ hours, minutes: minutes % 60 });
	return m.span_minutes({ minutes });
}

export interface ClockText {
	text: string;
	tone: 'plain' | 'mild' | 'severe';
}

/** A turnaround as one short phrase: what is left, or since when it is late. */
export function clockText(clock: TurnaroundClock | null, now: Date): ClockText | null {
	if (!clock) return null;
	const left = clock.dueAt.getTime() - now.getTime();
	if (clock.rule === 'immediate') {
		const since = spanText(now.getTime() - clock.startAt.getTime());
		return { text: m.clock_waiting({ span: since }), tone: 'severe' };
	}
	if (left <= 0) return { text: m.clock_overdue({ span: spanText(left) }), tone: 'severe' };
	return {
		text: m.clock_left({ span: spanText(left) }),
		tone: clock.standing === 'soon' ? 'mild' : 'plain'
	};
}
