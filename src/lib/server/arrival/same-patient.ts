import type { ArrivedPatient } from './read-object.ts';

/** What the index knows of the patient whom a study is filed under. */
export interface KnownPatient {
	name: string;
	birthDate: string | null;
	/** Identifiers within the practice; issuer as stored, that is never empty. */
	identifiers: readonly { issuer: string; value: string }[];
}

/**
 * Whether an object may join a study that is filed under `known`. An identifier decides where both
 * sides have one; a name that was corrected meanwhile does not make another person. Without
 * identifiers name and birth date have to agree.
 */
export function isSamePatient(
	arrived: ArrivedPatient,
	known: KnownPatient,
	archiveName: string
): boolean {
	if (arrived.id && known.identifiers.length) {
		const issuer = arrived.issuer || archiveName;
		return known.identifiers.some((i) => i.issuer === issuer && i.value === arrived.id);
	}
	const bothBorn = arrived.birthDate !== null && known.birthDate !== null;
	return (
		foldName(arrived.name) === foldName(known.name) &&
		(!bothBorn || arrived.birthDate === known.birthDate)
	);
}

/** Case, accents written apart, and empty trailing components do not tell people apart. */
function foldName(name: string): string {
	return name
		.normalize('NFKC')
		.toLocaleLowerCase('en')
		.replace(/[\^\s]+/g, ' ')
		.trim();
}
