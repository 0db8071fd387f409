import { DomainError } from '$lib/errors.ts';
import type { StudyUid } from '$lib/ids.ts';
import type { StoreOutcome } from './archive.ts';
import type { ObjectSummary } from './object-summary.ts';
import type { ParsePool } from './parse-pool.ts';
import { otherStudy, rejectedBecause } from './store-outcome.ts';

/** 1 GiB: the longest ultrasound clips are a fifth of it. */
export const defaultMaxObjectBytes = 1024 ** 3;

/** What every archive of ours asks of an object before it is kept: the summary, or the refusal. */
export async function judgeObject(
	pool: ParsePool,
	bytes: Uint8Array,
	maxBytes: number,
	studyUid: StudyUid | undefined
): Promise<{ summary: ObjectSummary } | { refusal: StoreOutcome }> {
	try {
		if (bytes.length > maxBytes) {
			throw new DomainError('too_large', `Objects over ${maxBytes} bytes are not taken.`);
		}
		const summary = await pool.summarise(bytes);
		return studyUid && summary.studyUid !== studyUid
			? { refusal: otherStudy(summary) }
			: { summary };
	} catch (e) {
		return { refusal: rejectedBecause(e) };
	}
}
