import type { Communication, CommunicationWay } from './critical.ts';
import { dateTimeText } from './date-text.ts';

const ways: Record<CommunicationWay, string> = {
	in_person: 'in person',
	phone: 'by telephone',
	message: 'by secure message'
};

/** As it is printed and exported: "Communicated to Dr Holm by telephone at …, read back." */
export function communicationText(
	{ told, at, how, readBack, recordedBy, recordedAt }: Communication,
	timeZone: string
): string {
	const back = readBack ? 'read back' : 'not read back';
	return (
		`Communicated to ${told} ${ways[how]} at ${dateTimeText(at, timeZone)}, ${back}. ` +
		`Recorded by ${recordedBy}, ${dateTimeText(recordedAt, timeZone)}.`
	);
}
