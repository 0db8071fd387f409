/** Which objects are documents rather than pictures: never part of a link's images (T14, c4). */

const structuredReports = '1.2.840.10008.5.1.4.1.1.88.';
const keyObjects = '1.2.840.10008.5.1.4.1.1.88.59';
const encapsulated = '1.2.840.10008.5.1.4.1.1.104.';
const presentationStates = '1.2.840.10008.5.1.4.1.1.11.';

/** A content tree with measurements or text; key object selections point at pictures only. */
export function isStructuredReport(sopClass: string): boolean {
	return sopClass.startsWith(structuredReports) && sopClass !== keyObjects;
}

/** SR, KO, PDF, CDA, presentation states, and whatever has no pixels by its nature. */
export function isDocument(sopClass: string): boolean {
	return (
		sopClass.startsWith(structuredReports) ||
		sopClass.startsWith(encapsulated) ||
		sopClass.startsWith(presentationStates)
	);
}
