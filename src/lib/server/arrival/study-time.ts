import { instantOf, isZone } from '$lib/worklist/zoned-time.ts';
import { localDateTime } from '$lib/dicom/sr/read-header.ts';

export interface StudyTime {
	at: Date | null;
	/** No usable (0008,0201): the zone of the archive was taken. */
	assumed: boolean;
}

/**
 * DA, TM and Timezone Offset From UTC (PS3.3 C.12.1.1.8, `&ZZXX` such as `+0100`) as an instant.
 * Without a usable time the day begins at midnight; without a usable date there is no instant.
 */
export function studyTime(da: string, tm: string, offset: string, archiveZone: string): StudyTime {
	const local = localDateTime(da, tm);
	if (!local) return { at: null, assumed: false };
	const minutes = offsetMinutes(offset);
	if (minutes !== null) {
		return { at: new Date(Date.parse(`${local}Z`) - minutes * 60_000), assumed: false };
	}
	const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = local
		.split(/[-T:]/)
		.map(Number);
	const zone = isZone(archiveZone) ? archiveZone : 'UTC';
	return { at: instantOf({ year, month, day, hour, minute, second }, zone), assumed: true };
}

/** −12:00 to +14:00; null for anything else. `-0000` is not allowed by the Standard. */
function offsetMinutes(text: string): number | null {
	const match = /^([+-])(\d{2})(\d{2})$/.exec(text.trim());
	if (!match || text.trim() === '-0000') return null;
	const minutes = Number(match[2]) * 60 + Number(match[3]);
	const signed = match[1] === '-' ? -minutes : minutes;
	return Number(match[3]) < 60 && signed >= -720 && signed <= 840 ? signed : null;
}
