import type { Diagram } from '../worksheet/definition.ts';
import type { Place } from '../worksheet/chart-place.ts';
import type { Level } from '../worksheet/diagram-answers.ts';
import type { PrintedEdition } from '../worksheet/editions.ts';
import type { Entry } from '../worksheet/entry.ts';
import type { Evaluation } from '../worksheet/evaluation.ts';
import type { Communication } from './critical.ts';
import type { SignatureMeaning, VersionKind } from './states.ts';

/** One printed line of a measurement table. All texts are as printed: unit and decimals applied. */
export interface PrintedValue {
	field: string;
	label: string;
	/** "4.9", "50–55", "not well seen". */
	value: string;
	unit: string;
	/** "↑ mildly abnormal"; empty when normal or not judged. */
	flag: string;
	severity: string;
	side: 'high' | 'low' | null;
	/** "3.8–5.2". */
	range: string;
	prior: string;
	priorDate: string;
	change: string;
	/** "machine", "caliper", "person", "prior", "computed", "default". */
	source: string;
	unconfirmed: boolean;
	/** Of a repeated section: the row and the column, "Nodule 2" and "Size"; `label` names both. */
	row?: { label: string; column: string };
}

/** A picture as it stood at signing: everything that is needed to draw it again. */
export type PrintedDiagram =
	| {
			kind: 'bullseye';
			title: string;
			segments: 16 | 17 | 18;
			scale: Extract<Diagram, { kind: 'bullseye' }>['scale'];
			/** By segment, in the order of the model. */
			cells: { label: string; text: string; value: number | string | null }[];
	  }
	| {
			kind: 'vessels';
			title: string;
			map: string;
			vessels: { key: string; name: string; text: string; level: Level | null }[];
	  }
	| {
			kind: 'growth';
			title: string;
			chart: string;
			/** As printed on the axes; the numbers of curves and points are in these units. */
			x: { label: string; unit: string; range: [number, number] };
			y: { label: string; unit: string };
			curves: { percentile: number; points: [number, number][] }[];
			/** Of this study, and what its field says: "1953 g", "32+0 weeks". */
			point: [x: number, y: number];
			text: { x: string; y: string };
			place: Place;
			/** Of earlier studies, oldest first; ISO dates. */
			earlier: { date: string; at: [x: number, y: number] }[];
			/** Of the curves: "Hadlock 1991". */
			citation: string;
			unconfirmed: boolean;
	  };

export interface PrintedSection {
	id: string;
	title: string;
	values: PrintedValue[];
	/** Absent where the section has none, or where nothing in them was answered. */
	diagrams?: PrintedDiagram[];
	/** Rendered, with id and slots, in the report's language. */
	statements: {
		id: string;
		text: string;
		slots: Record<string, string>;
		edited: boolean;
		abnormal: boolean;
	}[];
	grades: {
		id: string;
		title: string;
		text: string;
		path: string[];
		citation: string;
		unconfirmed: boolean;
	}[];
}

export interface KeyImage {
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
	sopClassUid: string;
	/** From 1; null for a loop or a still as a whole. */
	frame: number | null;
	caption: string;
}

export interface CarriedLine {
	/** The field, or the id of the sentence. */
	id: string;
	/** Of the field, or of the section. */
	label: string;
	text: string;
	/** ISO date of the study it was carried from. */
	date: string;
	studyUid: string;
	confirmed: boolean;
}

/** What the reader saw and what is printed: everything that the content hash covers (L2). */
export interface ReportBody {
	schema: 1;
	language: string;
	practice: { id: string; name: string; timeZone: string; letterhead: string[]; footer: string };
	patient: {
		id: string;
		name: string;
		birthDate: string | null;
		sex: 'female' | 'male' | 'unknown';
		identifiers: { issuer: string; value: string }[];
		heightCm: number | null;
		weightKg: number | null;
		bsaM2: number | null;
		ageYears: number | null;
	};
	studies: {
		studyUid: string;
		archiveId: string;
		accession: string;
		description: string;
		/** ISO UTC, shown in the practice's zone. */
		studyAt: string | null;
		sonographer: string;
		referrer: string;
	}[];
	order: { accession: string; procedure: string; indication: string; referrer: string } | null;
	worksheet: { id: string; version: string; hash: string; title: string };
	/** Of the guidelines between which one could choose, those by which it was read; absent: none. */
	editions?: PrintedEdition[];
	engine: { version: string };
	sections: PrintedSection[];
	/** Free text and accepted statements of the conclusion, in order. */
	impression: string[];
	/** Abnormal values, worst first, for the referrer's page. */
	abnormal: PrintedValue[];
	comments: string;
	keyImages: KeyImage[];
	annotations: {
		id: string;
		tool: string;
		sopInstanceUid: string;
		frame: number;
		points: [number, number][];
		value: number | null;
		unit: string | null;
		field: string | null;
	}[];
	entries: Record<string, Entry[]>;
	evaluation: Evaluation;
	/** What was carried from an earlier report, and whether a person confirmed it; absent: nothing. */
	carried?: CarriedLine[];
	/** Who was told of a critical result after the version before was signed; absent: nobody. */
	communications?: Communication[];
	/** Addenda and corrections: what is said now, printed first. */
	amendment: { reason: string; text: string } | null;
	/** Sources cited, by key. */
	sources: Record<string, { short: string; full: string }>;
}

export interface VersionSignature {
	userId: string;
	printedName: string;
	credentials: string;
	meaning: SignatureMeaning;
	/** ISO, UTC. */
	at: string;
}

/** A frozen version. Its hash is over all of this; `bodyHash` is what the signer's proof named. */
export interface VersionContent {
	schema: 1;
	versionId: string;
	reportId: string;
	number: number;
	kind: VersionKind;
	predecessor: { id: string; number: number; contentHash: string } | null;
	reason: string;
	body: ReportBody;
	bodyHash: string;
	signature: VersionSignature;
}

/** Minted at signing; one per exported object. */
export interface ExportUids {
	srSeries: string;
	srInstance: string;
	pdfSeries: string;
	pdfInstance: string;
}
