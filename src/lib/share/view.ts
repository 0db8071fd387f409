import type { PrintedSection, PrintedValue } from '../report/version.ts';

/** One picture or loop that the link opens. */
export interface SharedImage {
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
	frames: number;
	frameTimeMs: number | null;
	rows: number;
	columns: number;
	view: string;
}

/** What the holder of a link sees, listed field by field (B6). Parts whose switch is off are null. */
export interface SharedView {
	practice: { name: string; timeZone: string };
	patient: { name: string; birthDate: string | null };
	sharedBy: string;
	recipient: string;
	message: string;
	expiresAt: string;
	switches: { images: boolean; report: boolean; download: boolean; measure: boolean };
	/** Said before anything else when a newer version exists (C11). */
	superseded: { at: string; shownIsNewest: boolean } | null;
	report: {
		title: string;
		number: number;
		kind: string;
		signedBy: string;
		credentials: string;
		signedAt: string;
		studyAt: string | null;
		amendment: { text: string; reason: string } | null;
		impression: string[];
		abnormal: PrintedValue[];
		sections: PrintedSection[];
		comments: string;
	} | null;
	keyLoop: (SharedImage & { caption: string; frame: number }) | null;
	images: SharedImage[] | null;
}
