import { createContext } from 'svelte';
import type { PriorValue } from '$lib/report/body.ts';
import type { EditionName } from '../editions.ts';
import type { EntrySource, SourceImage } from '../entry.ts';
import type { WorksheetSession } from './worksheet-session.svelte.ts';

/** What the sheet asks of the room around it. */
export interface SheetRoom {
	/** The name of a member; the id itself when nobody knows it. */
	nameOf: (userId: string) => string;
	/** Brings an image, frame and caliper up in the active viewport. */
	showImage: (image: SourceImage, source: EntrySource) => void;
	/** Values of a field in earlier studies, nearest first; fetched once for all fields. */
	priorsOf: (fieldId: string) => Promise<readonly PriorValue[]>;
	/** Opens the prior study's report. */
	showPrior: (studyUid: string) => void;
	/** Who else is in a field. */
	others: (fieldId: string) => readonly { id: string; name: string }[];
	/** Whether this person may read the report by another edition of a guideline. */
	mayChooseEdition?: () => boolean;
	chooseEdition?: (edition: EditionName, value: string) => void;
	/** Text of a moment in practice time. */
	when: (iso: string) => string;
}

export const [getSheet, setSheet] = createContext<WorksheetSession>();
export const [getSheetRoom, setSheetRoom] = createContext<SheetRoom>();
