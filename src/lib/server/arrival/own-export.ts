import { inArray, or, sql } from 'drizzle-orm';
import { text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { Queryable } from '../db/client.ts';
import { reportVersions } from '../db/schema/index.ts';
import { isDocument } from './documents.ts';
import type { ParsedObject } from './parse-object.ts';

/** As our exports name their maker. */
const maker = 'Readroom';

/**
 * Which of these objects we made ourselves: by the UIDs minted at signing, or by the maker that the
 * object names (a restored database may not know its own exports). They never fill a field.
 */
export async function findOwnExports(
	db: Queryable,
	objects: readonly Pick<ParsedObject, 'sopUid' | 'instance' | 'dataset'>[]
): Promise<Set<string>> {
	const own = new Set<string>();
	const asked: string[] = [];
	for (const { sopUid, instance, dataset } of objects) {
		if (!isDocument(instance.sopClass)) continue;
		const model = text(dataset, tags.ManufacturerModelName);
		if (instance.manufacturer === maker || model === maker) own.add(sopUid);
		else asked.push(sopUid);
	}
	for (const uid of await exportedUids(db, asked)) own.add(uid);
	return own;
}

/** Those of `uids` under which a version was exported. */
export async function exportedUids(db: Queryable, uids: readonly string[]): Promise<string[]> {
	if (!uids.length) return [];
	const sr = sql<string>`${reportVersions.exportUids}->>'srInstance'`;
	const pdf = sql<string>`${reportVersions.exportUids}->>'pdfInstance'`;
	const rows = await db
		.select({ sr, pdf })
		.from(reportVersions)
		.where(or(inArray(sr, [...uids]), inArray(pdf, [...uids])));
	const asked = new Set(uids);
	return rows.flatMap((row) => [row.sr, row.pdf]).filter((uid) => asked.has(uid));
}
