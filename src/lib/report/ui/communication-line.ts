import { m } from '$lib/paraglide/messages.js';
import type { Communication, CommunicationWay } from '../critical.ts';
import { dateTimeText } from '../date-text.ts';

export const wayWords: Record<CommunicationWay, () => string> = {
	in_person: m.critical_in_person,
	phone: m.critical_phone,
	message: m.critical_message
};

/** "Communicated to Dr Holm by telephone at …, read back", in the language of the screen. */
export function communicationLine(
	{ told, at, how, readBack }: Communication,
	timeZone: string
): string {
	const said = { told, way: wayWords[how](), when: dateTimeText(at, timeZone) };
	return readBack ? m.critical_told_read_back(said) : m.critical_told(said);
}

export const recordedLine = ({ recordedBy, recordedAt }: Communication, timeZone: string): string =>
	m.critical_recorded({ name: recordedBy, when: dateTimeText(recordedAt, timeZone) });
