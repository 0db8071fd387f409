import type { ReportState } from '../report/states.ts';
import type { PatientId, ReportId, StudyId, StudyUid, UserId } from '../ids.ts';
import type { TurnaroundClock } from './clock.ts';

/** A report's state, or the study's own before it has gone quiet. */
export type WorkListState = 'arriving' | ReportState;

/** One line of the work list. Times are instants; the screen shows them in the practice's zone. */
export interface WorkListRow {
	studyId: StudyId;
	studyUid: StudyUid;
	state: WorkListState;
	clock: TurnaroundClock | null;
	patient: {
		id: PatientId;
		/** DICOM PN, alphabetic group. */
		name: string;
		/** The identifier by which the practice calls them. */
		mrn: string;
		sex: 'female' | 'male' | 'unknown';
		birthDate: string | null;
		/** On the day of the study, in the practice's zone. */
		ageYears: number | null;
	};
	studyAt: Date | null;
	/** The object did not name its zone; the archive's was taken. */
	studyAtAssumed: boolean;
	/** What the list is ordered by: the study's time, or without one its arrival. */
	listedAt: Date;
	arrivedAt: Date | null;
	procedure: string;
	indication: string;
	accession: string;
	modalities: string[];
	/** Earlier studies of the same person, linked records included. */
	priors: { count: number; latestAt: Date | null };
	report: { id: ReportId; state: ReportState; versions: number } | null;
	/** A critical result is marked in its report, and its communication is not complete. */
	critical: boolean;
	stat: boolean;
	inpatient: boolean;
	sonographer: string;
	assignedTo: { id: UserId; name: string } | null;
	site: string;
	/** `expected` is what an outside archive says it holds; null when nobody said. */
	instances: { received: number; expected: number | null };
}

/** What a study is at now, from its own row and its report's. */
export function workListState(arrivedAt: Date | null, report: ReportState | null): WorkListState {
	if (report && report !== 'in_progress') return report;
	return arrivedAt ? (report ?? 'in_progress') : 'arriving';
}
