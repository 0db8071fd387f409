import type { SharedImage } from '../share/view.ts';
import type { PlainSummary, PlainWord } from './plain-words.ts';

/** A line of `/my`: one released report. Unreleased ones do not exist here, not even as a count (c3). */
export interface MyReportLine {
	reportId: string;
	title: string;
	/** ISO, UTC. */
	studyAt: string | null;
	practice: string;
	timeZone: string;
}

/** A released report, for the person whom it is about. */
export interface MyReport extends MyReportLine {
	versionId: string;
	signedBy: string;
	signedAt: string;
	/** Shown before anything else. */
	amendment: string | null;
	/**
	 * A version after this one: it was corrected, so that this one no longer holds, or an addition
	 * will be here at the time given. Said before anything else. ISO, UTC.
	 */
	later: { kind: 'corrected' | 'addition'; at: string } | null;
	summary: PlainSummary;
	impression: string[];
	words: PlainWord[];
	images: SharedImage[];
	/** Who opened it, in plain words, newest first (c13). */
	lookedAt: { who: 'staff' | 'link' | 'you'; what: 'report' | 'images' | 'copy'; at: string }[];
	/** Whom to call. */
	contact: string[];
}
