import type { PracticeSettings } from '../report/practice-settings.ts';
import type { WorkListState } from './row.ts';
import { addDays, localDate, startOfDate, weekday } from './zoned-time.ts';

/** What a practice's calendar decides about a clock. */
export type PracticeCalendar = Pick<PracticeSettings, 'workingDays' | 'holidays' | 'clocks'> & {
	/** IANA zone. */
	timeZone: string;
};

export interface ClockInput {
	state: WorkListState;
	/** When the study went quiet; null while it is arriving. */
	arrivedAt: Date | null;
	/** When a physician first gave an interpretation (a signed preliminary). */
	interpretedAt: Date | null;
	inpatient: boolean;
	stat: boolean;
}

export interface TurnaroundClock {
	/** `interpret`: a physician has to say something. `finalise`: it has to be signed final. */
	task: 'interpret' | 'finalise';
	/** `immediate` has its due time at its start: every minute counts. */
	rule: 'immediate' | 'inpatient' | 'outpatient' | 'final';
	startAt: Date;
	dueAt: Date;
	standing: 'in_time' | 'soon' | 'overdue';
}

const hourMs = 3_600_000;
/** The last fifth of the span is `soon`. */
const soonShare = 0.2;

/**
 * Which turnaround runs for a study now (IAC Standards for Adult Echocardiography 3.1: STAT at
 * once, inpatients within 24 h of completion, outpatients by the end of the next business day,
 * final within 48 h after the interpretation). Null while a study arrives and once it is final.
 *
 * Hours are elapsed hours, whatever a change to summer time makes of the wall clock; the end of a
 * business day is midnight in the practice's zone.
 */
export function turnaroundClock(
	input: ClockInput,
	calendar: PracticeCalendar,
	now: Date
): TurnaroundClock | null {
	switch (input.state) {
		case 'arriving':
		case 'final':
		case 'amended':
			return null;
		case 'preliminary': {
			const startAt = input.interpretedAt ?? input.arrivedAt;
			if (!startAt) return null;
			const dueAt = new Date(startAt.getTime() + calendar.clocks.finalHours * hourMs);
			return {
				task: 'finalise',
				rule: 'final',
				startAt,
				dueAt,
				standing: stand(startAt, dueAt, now)
			};
		}
		case 'in_progress':
		case 'sent_to_read': {
			const startAt = input.arrivedAt;
			if (!startAt) return null;
			const rule = input.stat ? 'immediate' : input.inpatient ? 'inpatient' : 'outpatient';
			const dueAt = interpretationDue(rule, startAt, calendar);
			return { task: 'interpret', rule, startAt, dueAt, standing: stand(startAt, dueAt, now) };
		}
	}
}

function interpretationDue(
	rule: 'immediate' | 'inpatient' | 'outpatient',
	startAt: Date,
	calendar: PracticeCalendar
): Date {
	switch (rule) {
		case 'immediate':
			return startAt;
		case 'inpatient':
			return new Date(startAt.getTime() + calendar.clocks.inpatientHours * hourMs);
		case 'outpatient':
			return endOfNextWorkingDay(startAt, calendar);
	}
}

/**
 * Midnight at the end of the first working day after the day of `at`. A practice without any
 * working day in the coming year is taken to work every day.
 */
export function endOfNextWorkingDay(at: Date, calendar: PracticeCalendar): Date {
	const day = localDate(at, calendar.timeZone);
	const holidays = new Set(calendar.holidays);
	for (let ahead = 1; ahead <= 366; ahead++) {
		const candidate = addDays(day, ahead);
		if (calendar.workingDays.includes(weekday(candidate)) && !holidays.has(candidate)) {
			return startOfDate(addDays(candidate, 1), calendar.timeZone);
		}
	}
	return startOfDate(addDays(day, 2), calendar.timeZone);
}

function stand(startAt: Date, dueAt: Date, now: Date): TurnaroundClock['standing'] {
	const left = dueAt.getTime() - now.getTime();
	if (left <= 0) return 'overdue';
	return left <= (dueAt.getTime() - startAt.getTime()) * soonShare ? 'soon' : 'in_time';
}
