import * as Y from 'yjs';

/** One named step from a document version to the next. Runs on the server only, in its own edit. */
export interface DocumentMigration {
	/** What it does, as a phrase: "move captions into key images". */
	name: string;
	/** The version it starts from; it leads to the next. */
	from: number;
	run(doc: Y.Doc): void;
}

/** Version 1 is the shape of `report-doc.ts`; the first change of shape adds the first step. */
export const documentMigrations: readonly DocumentMigration[] = [];

/** A root that no client may touch: `rightOfRoot` does not know it. */
const metaRoot = 'meta';
const versionKey = 'version';

export function documentVersion(doc: Y.Doc): number {
	const version = doc.getMap(metaRoot).get(versionKey);
	return typeof version === 'number' ? version : 1;
}

/**
 * Brings a document to the newest version. Running it again changes nothing.
 * @returns the names of the steps that ran, in order.
 */
export function migrateDocument(
	doc: Y.Doc,
	steps: readonly DocumentMigration[] = documentMigrations
): string[] {
	const ran: string[] = [];
	for (let version = documentVersion(doc); ; version += 1) {
		const step = steps.find((candidate) => candidate.from === version);
		if (!step) return ran;
		doc.transact(() => {
			step.run(doc);
			doc.getMap(metaRoot).set(versionKey, version + 1);
		});
		ran.push(step.name);
	}
}
