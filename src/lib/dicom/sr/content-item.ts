/** A coded entry (PS3.3 8.8), as sent. Normalising SRT to SNOMED CT is `codes.ts`'s work. */
export interface Code {
	value: string;
	scheme: string;
	meaning: string;
}

/** A reference from the content tree to an image, a frame, and where on it. */
export interface ImageReference {
	sopClassUid: string;
	sopInstanceUid: string;
	/** First of Referenced Frame Number, from 1; null when the whole object is meant. */
	frame: number | null;
	/** SCOORD, (column, row) from the top left corner of the top left pixel (PS3.3 C.18.6). */
	graphicType: 'POINT' | 'MULTIPOINT' | 'POLYLINE' | 'CIRCLE' | 'ELLIPSE' | null;
	points: [column: number, row: number][];
}

export type ValueType =
	| 'CONTAINER'
	| 'NUM'
	| 'CODE'
	| 'TEXT'
	| 'PNAME'
	| 'DATE'
	| 'TIME'
	| 'DATETIME'
	| 'UIDREF'
	| 'IMAGE'
	| 'WAVEFORM'
	| 'COMPOSITE'
	| 'SCOORD'
	| 'SCOORD3D'
	| 'TCOORD';

/** One node of the content tree (PS3.3 C.17.3), by-value children inside, nothing dropped. */
export interface ContentItem {
	/** As `dsrdump +Pn` numbers it: `1`, `1.5.3`. */
	path: string;
	relationship: string | null;
	valueType: ValueType;
	concept: Code | null;
	/** CODE. */
	code: Code | null;
	/** NUM: null when the Measured Value Sequence is empty. */
	number: { value: number; unit: Code } | null;
	/** NUM: why there is no value (114000, DCM …). */
	qualifier: Code | null;
	/** TEXT, PNAME, DATE, TIME, DATETIME, UIDREF as text. */
	text: string | null;
	image: ImageReference | null;
	/** By-reference relationship: the path of the target. */
	reference: string | null;
	children: ContentItem[];
}

/** A structured report as read from its object, with what identifies it. */
export interface SrDocument {
	schema: 1;
	sopInstanceUid: string;
	sopClassUid: string;
	seriesInstanceUid: string;
	studyInstanceUid: string;
	title: Code | null;
	template: string | null;
	manufacturer: string;
	model: string;
	softwareVersions: string;
	completionFlag: string;
	verificationFlag: string;
	/** ISO local date-time of Content Date/Time. */
	contentAt: string | null;
	patient: {
		id: string;
		issuer: string;
		name: string;
		birthDate: string | null;
		sex: 'female' | 'male' | 'unknown';
		heightCm: number | null;
		weightKg: number | null;
	};
	root: ContentItem;
}
