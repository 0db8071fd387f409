import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import type { ArchiveId } from '$lib/ids.ts';
import { createArchive } from '$lib/server/archive/factory.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { hasOrthanc, startOrthanc } from '../support/orthanc.ts';
import { describeArchive } from './archive.ts';

const id = 'contract' as ArchiveId;

describeArchive('embedded', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'readroom-archive-'));
	const pool = new ParsePool();
	const env = { DATA_DIR: folder, ARCHIVE_ALLOW_HOSTS: [] };
	return {
		archive: createArchive({ id, kind: 'embedded' }, { env, pool }),
		close: async () => {
			await pool.close();
			await rm(folder, { recursive: true, force: true });
		}
	};
});

if (hasOrthanc) {
	describeArchive('DICOMweb, a real Orthanc', async () => {
		const orthanc = await startOrthanc();
		const pool = new ParsePool();
		const env = {
			DATA_DIR: '/nowhere',
			ARCHIVE_URL: orthanc.url,
			ARCHIVE_USER: orthanc.user,
			ARCHIVE_PASSWORD: orthanc.password,
			ARCHIVE_ALLOW_HOSTS: []
		};
		return {
			archive: createArchive({ id, kind: 'dicomweb' }, { env, pool }),
			close: async () => {
				await pool.close();
				await orthanc.stop();
			}
		};
	});
} else {
	describe('archive: DICOMweb', () => {
		it.skip('needs Orthanc with its DICOMweb plugin (apt install orthanc orthanc-dicomweb)');
	});
}
