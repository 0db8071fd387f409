import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { ArchiveId, PracticeId } from '$lib/ids.ts';
import type { Db } from '../db/client.ts';
import { archives } from '../db/schema/index.ts';
import type { Env } from '../env.ts';
import type { Archive } from './archive.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { DicomWebArchive } from './dicomweb-archive.ts';
import { EmbeddedArchive } from './embedded-archive.ts';
import { ArchiveHttp } from './http-client.ts';
import type { HttpLimits } from './http-client.ts';
import { ParsePool } from './parse-pool.ts';

/** What of the environment says where images live. */
export type ArchiveEnv = Pick<
	Env,
	| 'DATA_DIR'
	| 'ARCHIVE_URL'
	| 'ARCHIVE_USER'
	| 'ARCHIVE_PASSWORD'
	| 'ARCHIVE_TOKEN'
	| 'ARCHIVE_ALLOW_HOSTS'
>;

/** A row of the table of archives, as far as it is needed here. */
export interface ArchiveRow {
	id: ArchiveId;
	kind: 'embedded' | 'dicomweb';
}

export interface ArchiveParts {
	env: ArchiveEnv;
	pool: ParsePool;
	/** Monotonic milliseconds. */
	now?: () => number;
	limits?: Partial<HttpLimits>;
}

/** A folder name of ours, whatever the id looks like (E4). */
const folderName = (id: string) =>
	/^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex');

function authorization(env: ArchiveEnv): string | null {
	if (env.ARCHIVE_TOKEN) return `Bearer ${env.ARCHIVE_TOKEN}`;
	if (!env.ARCHIVE_USER) return null;
	const pair = `${env.ARCHIVE_USER}:${env.ARCHIVE_PASSWORD ?? ''}`;
	return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/**
 * The archive of a row. Its address and credentials come from the environment alone (D1).
 * @throws DomainError `archive_unavailable` for a DICOMweb archive without ARCHIVE_URL.
 */
export function createArchive(row: ArchiveRow, parts: ArchiveParts): Archive {
	const { env, pool } = parts;
	if (row.kind === 'embedded') {
		const folder = join(env.DATA_DIR, 'archive', folderName(row.id));
		return new EmbeddedArchive({ id: row.id, folder, pool });
	}
	if (!env.ARCHIVE_URL) {
		throw new DomainError('archive_unavailable', 'ARCHIVE_URL is not set.');
	}
	const http = new ArchiveHttp({
		baseUrl: env.ARCHIVE_URL,
		authorization: authorization(env),
		// The address itself is from the environment, which is what D4 asks of a private one.
		innerAllowed: true,
		breaker: new CircuitBreaker(parts.now ? { now: parts.now } : {}),
		...(parts.limits ? { limits: parts.limits } : {})
	});
	return new DicomWebArchive({ id: row.id, http, pool });
}

/** All archives of this installation, each built once. */
export interface Archives {
	/** @throws DomainError `not_found` for an id that no row has. */
	get(id: ArchiveId): Promise<Archive>;
	ofPractice(id: PracticeId): Promise<Archive>;
	/** Reading and drawing in workers, for whoever has bytes and no archive. */
	pool: ParsePool;
	close(): Promise<void>;
}

export async function openArchives(options: {
	env: ArchiveEnv;
	db: Db;
	now?: () => number;
}): Promise<Archives> {
	const { db, ...rest } = options;
	const pool = new ParsePool();
	const built = new Map<ArchiveId, Archive>();
	const build = (row: ArchiveRow): Archive => {
		let archive = built.get(row.id);
		if (!archive) built.set(row.id, (archive = createArchive(row, { ...rest, pool })));
		return archive;
	};
	const rows = await db.select({ id: archives.id, kind: archives.kind }).from(archives);
	for (const row of rows) build(row);
	return {
		pool,
		async get(id) {
			const known = built.get(id);
			if (known) return known;
			// A practice that was founded after the start.
			const [row] = await db
				.select({ id: archives.id, kind: archives.kind })
				.from(archives)
				.where(eq(archives.id, id));
			if (!row) throw new DomainError('not_found');
			return build(row);
		},
		async ofPractice(id) {
			const [row] = await db
				.select({ id: archives.id, kind: archives.kind })
				.from(archives)
				.where(eq(archives.practiceId, id))
				.orderBy(archives.createdAt)
				.limit(1);
			if (!row) throw new DomainError('not_found');
			return build(row);
		},
		close: () => pool.close()
	};
}
