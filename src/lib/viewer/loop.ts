import { number, numbers, text } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { frameCount } from './cine.ts';
import { modeOf, stageOf, viewOf, viewWords } from './views.ts';
import type { Mode, View } from './views.ts';

/** One image or clip as the reading room lists it. */
export interface Loop {
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
	dataset: DicomJson;
	frames: number;
	rows: number;
	columns: number;
	/** Height of a pixel divided by its width. */
	pixelAspect: number;
	view: View | null;
	mode: Mode;
	/** `US`, `XA`, `OT` … */
	modality: string;
	/** What the machine calls the view. */
	words: string | null;
	stage: ReturnType<typeof stageOf>;
	/** Acquisition order within the study. */
	seriesNumber: number;
	instanceNumber: number;
	/** DICOM TM, for the eye; null when it is not said. */
	acquiredAt: string | null;
	/** DICOM DA of the study. */
	studyDate: string | null;
}

/** Null for what is no picture: reports, waveforms, presentation states, documents. */
export function loopOf(dataset: DicomJson): Loop | null {
	const studyUid = text(dataset, tags.StudyInstanceUID);
	const seriesUid = text(dataset, tags.SeriesInstanceUID);
	const sopInstanceUid = text(dataset, tags.SOPInstanceUID);
	const rows = number(dataset, tags.Rows);
	const columns = number(dataset, tags.Columns);
	if (!studyUid || !seriesUid || !sopInstanceUid || !rows || !columns) return null;
	return {
		studyUid,
		seriesUid,
		sopInstanceUid,
		dataset,
		frames: frameCount(dataset),
		rows,
		columns,
		pixelAspect: pixelAspectOf(dataset),
		view: viewOf(dataset),
		mode: modeOf(dataset),
		modality: text(dataset, tags.Modality) || 'OT',
		words: viewWords(dataset),
		stage: stageOf(dataset),
		seriesNumber: number(dataset, tags.SeriesNumber) ?? 0,
		instanceNumber: number(dataset, tags.InstanceNumber) ?? 0,
		acquiredAt: text(dataset, tags.AcquisitionTime) || text(dataset, tags.ContentTime) || null,
		studyDate: text(dataset, tags.StudyDate) || null
	};
}

/** Pixel Aspect Ratio is vertical\horizontal; Pixel Spacing is row\column distance in mm. */
function pixelAspectOf(dataset: DicomJson): number {
	const pair = [tags.PixelAspectRatio, tags.PixelSpacing]
		.map((tag) => numbers(dataset, tag))
		.find((values) => values.length === 2 && values.every((value) => (value ?? 0) > 0));
	const ratio = pair ? (pair[0] ?? 1) / (pair[1] ?? 1) : 1;
	return ratio > 0.1 && ratio < 10 ? ratio : 1;
}

/** As acquired: series, then instance number, then UID so that the order is always the same. */
export function inOrder(loops: readonly Loop[]): Loop[] {
	return [...loops].sort(
		(a, b) =>
			a.seriesNumber - b.seriesNumber ||
			a.instanceNumber - b.instanceNumber ||
			(a.sopInstanceUid < b.sopInstanceUid ? -1 : 1)
	);
}
