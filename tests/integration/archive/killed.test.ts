import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ArchiveId, InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import { text } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { tags } from '$lib/dicom/tags.ts';
import { EmbeddedArchive } from '$lib/server/archive/embedded-archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';

/** Runs the writer until it has acknowledged `enough`, then kills it between two of its steps. */
async function storeAndKill(folder: string, first: number, enough: number, delayMs: number) {
	const child = spawn(process.execPath, ['tests/support/store-forever.mjs', folder, `${first}`], {
		stdio: ['ignore', 'pipe', 'inherit']
	});
	let printed = '';
	await new Promise<void>((done) => {
		child.stdout.on('data', (chunk: Buffer) => {
			printed += chunk.toString();
			if (printed.split('\n').length > enough) setTimeout(() => child.kill('SIGKILL'), delayMs);
		});
		child.once('close', () => done());
	});
	return printed.split('\n').filter(Boolean);
}

describe('kill -9 while storing (N6, N7)', () => {
	it(
		'loses nothing that was acknowledged and leaves nothing half',
		{ timeout: 120_000 },
		async () => {
			const folder = await mkdtemp(join(tmpdir(), 'readroom-killed-'));
			const pool = new ParsePool({ size: 1 });
			const acknowledged: string[] = [];
			try {
				for (const [round, delayMs] of [0, 1, 3, 7].entries()) {
					acknowledged.push(...(await storeAndKill(folder, round * 10_000, 10, delayMs)));
					const archive = new EmbeddedArchive({ id: 'killed' as ArchiveId, folder, pool });
					const found = await archive.search({
						level: 'instances',
						filters: {},
						includeFields: [],
						limit: 1000,
						offset: 0
					});
					const uids = found.map((result) => text(result, tags.SOPInstanceUID));
					expect(acknowledged.filter((uid) => !uids.includes(uid))).toEqual([]);
					// At most the one that was on its way is there besides.
					expect(uids.length - acknowledged.length).toBeLessThanOrEqual(round + 1);
					for (const uid of uids) {
						const ref = {
							studyUid: '1.1' as StudyUid,
							seriesUid: '1.2' as SeriesUid,
							sopUid: uid as InstanceUid
						};
						const bytes = await buffer((await archive.instance(ref)).body);
						expect(text(parsePart10(bytes).dataset, tags.SOPInstanceUID)).toBe(uid);
					}
					const metadata = await archive.metadata('1.1' as StudyUid);
					expect(metadata).toHaveLength(uids.length);
				}
			} finally {
				await pool.close();
				await rm(folder, { recursive: true, force: true });
			}
		}
	);
});
