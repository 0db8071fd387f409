import type { Entry, SourceImage } from '../entry.ts';

/** The picture behind a value; null when there is none to show. */
export function imageOf(entry: Entry): SourceImage | null {
	const { source } = entry;
	switch (source.kind) {
		case 'sr':
			return source.image;
		case 'caliper':
			return { sopInstanceUid: source.sopInstanceUid, frame: source.frame, points: [] };
		case 'dicom':
		case 'prior':
		case 'default':
		case 'person':
			return null;
	}
}
