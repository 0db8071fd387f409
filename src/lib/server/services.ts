import type { Clock, NewId, PracticeId, ArchiveId } from '$lib/ids.ts';
import type { Archive } from './archive/archive.ts';
import type { Db } from './db/client.ts';
import type { Env } from './env.ts';
import type { Logger } from './log.ts';
import type { Auditor } from './audit/record.ts';
import type { LiveHub } from './collab/hub.ts';
import type { WorksheetLibrary } from './worksheets/library.ts';

/** Everything that commands and queries need of the machine. Built once by `start.ts`. */
export interface Services {
	env: Env;
	db: Db;
	clock: Clock;
	/** Milliseconds that only go forward: how long ago something was. A clock may be set (N8). */
	ticks: () => number;
	newId: NewId;
	log: Logger;
	audit: Auditor;
	/** By archive id, or the one bound to a practice. */
	archives: {
		get(id: ArchiveId): Promise<Archive>;
		ofPractice(id: PracticeId): Promise<Archive>;
	};
	worksheets: WorksheetLibrary;
	/** Open live documents and their sockets; closes what a change of rights touches. */
	live: LiveHub;
}
