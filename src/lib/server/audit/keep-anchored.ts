import type { Services } from '../services.ts';
import { anchorFile, writeAnchors } from './anchor.ts';

/** At least every ten minutes (M4); we do it every five. */
const everyMs = 5 * 60_000;

/** Anchors the chains' ends on a schedule, and a last time when stopped. */
export function keepAnchored({ db, env, clock, log }: Services): () => Promise<void> {
	let known: ReadonlyMap<string, number> = new Map();
	const anchor = async () => {
		try {
			known = await writeAnchors(db, {
				key: env.AUDIT_KEY,
				file: anchorFile(env.DATA_DIR),
				now: clock(),
				known
			});
		} catch (e) {
			log.error({ err: e }, 'the audit log could not be anchored');
		}
	};
	const timer = setInterval(() => void anchor(), everyMs);
	timer.unref();
	return async () => {
		clearInterval(timer);
		await anchor();
	};
}
