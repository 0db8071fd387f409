/** What stands in a field. See design: a field is a multi-value register of entries. */

/** Where a value came from; one step leads from any number to it. */
export type EntrySource =
	| {
			kind: 'sr';
			studyUid: string;
			sopInstanceUid: string;
			/** As `dsrdump` numbers it. */
			contentPath: string;
			/** The machine computed it from others rather than measured it. */
			calculated: boolean;
			/** By which binding rule it was recognised. */
			rule: string;
			/** The rule is our own reading of the standard: the reader confirms it. Absent: it is not. */
			unconfirmed?: true;
			image: SourceImage | null;
	  }
	/** From the attributes of an image or from an order: height, weight, heart rate. */
	| { kind: 'dicom'; sopInstanceUid: string; tag: string }
	| {
			kind: 'caliper';
			annotationId: string;
			sopInstanceUid: string;
			frame: number;
			/** Other drawings that it was made of: the second plane of a volume. */
			also?: string[];
	  }
	/**
	 * Carried from the signed report of an earlier study; never a number. It stays unconfirmed until a
	 * person says that it holds today.
	 */
	| CarriedFrom
	/** The worksheet's default: nobody's statement until a person confirms it. */
	| { kind: 'default' }
	| { kind: 'person' };

export interface CarriedFrom {
	kind: 'prior';
	studyUid: string;
	/** ISO date of that study, practice time. */
	date: string;
	confirmed: boolean;
}

export interface SourceImage {
	sopInstanceUid: string;
	/** From 1. */
	frame: number | null;
	/** (column, row) from the top left corner of the top left pixel. */
	points: [number, number][];
}

/** One beat or one reading out of several; canonical unit of its field. */
export interface Sample {
	value: number;
	selected: boolean;
	source: EntrySource;
}

export type Derivation = 'mean' | 'single' | 'last' | 'visual';

/** A number in the canonical unit, a code, several codes, text, an ISO date; null: "not well seen". */
export type EntryValue = number | string | string[] | null;

export interface Entry {
	/** Machine entries: derived from SOP UID and content path, so that arriving twice changes nothing. */
	id: string;
	value: EntryValue;
	/** UCUM, the canonical unit of the measurement; null where the value is not a number. */
	unit: string | null;
	/** As the sender wrote it, when that differs. */
	asSent: { value: number; unit: string } | null;
	samples: Sample[];
	derivation: Derivation;
	/** A visual estimate: "50–55 %". */
	range: { low: number; high: number } | null;
	/** `not_well_seen` goes with a null value. */
	status: 'given' | 'not_well_seen';
	source: EntrySource;
	/** UserId, or null for a machine. */
	by: string | null;
	/** ISO, UTC. */
	at: string;
	/** Arrived later than a person's entry: stands beside it, never instead of it. */
	suggestion: boolean;
}

/** All entries of a report, by field id. More than one that is no suggestion: a conflict. */
export type Entries = Readonly<Record<string, readonly Entry[]>>;

/** What stands in a field: no suggestion, and no default beside anything else (Z1). */
export function standingOf(entries: readonly Entry[]): Entry[] {
	const standing = entries.filter(({ suggestion }) => suggestion !== true);
	const given = standing.filter(({ source }) => source.kind !== 'default');
	return given.length > 0 ? given : standing;
}
