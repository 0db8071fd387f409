import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveId } from '$lib/ids.ts';
import { EmbeddedArchive } from '$lib/server/archive/embedded-archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { describeArchive } from './archive.ts';

describeArchive('embedded', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'readroom-archive-'));
	const pool = new ParsePool();
	return {
		archive: new EmbeddedArchive({ id: 'embedded' as ArchiveId, folder, pool }),
		close: async () => {
			await pool.close();
			await rm(folder, { recursive: true, force: true });
		}
	};
});
