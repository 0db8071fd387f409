import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId } from '$lib/ids.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import { EmbeddedArchive } from '$lib/server/archive/embedded-archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { archives } from '$lib/server/db/schema/index.ts';
import type { Services } from '$lib/server/services.ts';

export interface TestArchives {
	/** For `createTestServices({ archives })`. */
	port: Services['archives'];
	/** An archive in a folder of its own, bound to the practice. */
	addEmbedded(services: Services, practiceId: PracticeId, name?: string): Promise<Archive>;
	/** Binds any adapter; the same one may serve several practices under several ids. */
	add(services: Services, practiceId: PracticeId, archive: Archive, name?: string): Promise<void>;
	/** Counts and may break what goes to an archive. */
	watch(id: ArchiveId, wrap: (archive: Archive) => Archive): void;
}

/** Archives for tests, each in a folder that goes when the file's tests are done. */
export function createTestArchives(): TestArchives {
	const byId = new Map<ArchiveId, Archive>();
	const ofPractice = new Map<PracticeId, ArchiveId>();
	const pool = new ParsePool();
	afterAll(() => pool.close());

	const get = (id: ArchiveId) => {
		const archive = byId.get(id);
		if (!archive) throw new DomainError('archive_unavailable', 'No such archive.');
		return archive;
	};
	const add: TestArchives['add'] = async (services, practiceId, archive, name = 'Archive') => {
		byId.set(archive.id, archive);
		ofPractice.set(practiceId, archive.id);
		await services.db.insert(archives).values({
			id: archive.id,
			practiceId,
			name,
			kind: archive.kind,
			timeZone: 'Europe/Berlin',
			createdAt: services.clock()
		});
	};
	return {
		port: {
			get: async (id) => get(id),
			ofPractice: async (id) => get(ofPractice.get(id) ?? ('none' as ArchiveId))
		},
		add,
		async addEmbedded(services, practiceId, name) {
			const folder = mkdtempSync(join(tmpdir(), 'readroom-archive-'));
			afterAll(() => rmSync(folder, { recursive: true, force: true }));
			const id = `archive-${services.newId()}` as ArchiveId;
			const archive = new EmbeddedArchive({ id, folder, pool });
			await add(services, practiceId, archive, name);
			return archive;
		},
		watch(id, wrap) {
			byId.set(id, wrap(get(id)));
		}
	};
}
