import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Queryable } from '../db/client.ts';
import { auditHeads } from '../db/schema/audit.ts';

/** The end of a chain as it once was, kept outside the database (M4). */
export interface Anchor {
	practiceId: string;
	sequence: number;
	hash: string;
	at: string;
}

const lineSchema = z.object({
	practiceId: z.string(),
	sequence: z.number().int(),
	hash: z.string(),
	at: z.string(),
	mac: z.string()
});

export const anchorFile = (dataDir: string) => join(dataDir, 'audit-anchors.jsonl');

const macOf = (key: string, { practiceId, sequence, hash, at }: Anchor) =>
	createHmac('sha256', key)
		.update(JSON.stringify(['anchor', practiceId, sequence, hash, at]))
		.digest('hex');

/** Writes the end of every chain that grew since `known`; returns what is known now. */
export async function writeAnchors(
	db: Queryable,
	options: { key: string; file: string; now: Date; known: ReadonlyMap<string, number> }
): Promise<Map<string, number>> {
	const { key, file, now, known } = options;
	const heads = await db.select().from(auditHeads);
	const grown = heads.filter((head) => head.sequence > (known.get(head.practiceId) ?? 0));
	const lines = grown.map(({ practiceId, sequence, hash }) => {
		const anchor = { practiceId, sequence, hash, at: now.toISOString() };
		return `${JSON.stringify({ ...anchor, mac: macOf(key, anchor) })}\n`;
	});
	if (lines.length > 0) await appendFile(file, lines.join(''), { mode: 0o600 });
	return new Map(heads.map((head) => [head.practiceId, head.sequence]));
}

/** Every anchor of the file; a line that is damaged or not ours is counted, not believed. */
export async function readAnchors(
	key: string,
	file: string
): Promise<{ anchors: Anchor[]; damaged: number }> {
	const text = await readFile(file, 'utf8').catch(() => '');
	const anchors: Anchor[] = [];
	let damaged = 0;
	for (const line of text.split('\n').filter(Boolean)) {
		const parsed = parseLine(line);
		const right = parsed && Buffer.from(macOf(key, parsed));
		const given = parsed && Buffer.from(parsed.mac);
		if (right && given && right.length === given.length && timingSafeEqual(right, given)) {
			anchors.push(parsed);
		} else damaged++;
	}
	return { anchors, damaged };
}

function parseLine(line: string) {
	try {
		return lineSchema.safeParse(JSON.parse(line)).data ?? null;
	} catch {
		return null;
	}
}
