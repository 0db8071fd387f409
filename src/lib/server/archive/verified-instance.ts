import { DomainError } from '$lib/errors.ts';
import { identityOf, text } from '$lib/dicom/json.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { tags } from '$lib/dicom/tags.ts';
import type { ByteFilter } from '../byte-filter.ts';
import type { InstanceRef } from './archive.ts';
import { head } from './object-summary.ts';

/** Private groups may stand before the UIDs; no real object has more than this there. */
const mostBeforeUids = 8 * 1024 * 1024;

const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);

/** Whether the beginning of a file names the object; null when more of it is needed. */
function names(prefix: Uint8Array, ref: InstanceRef, complete: boolean): boolean | null {
	try {
		const { dataset, meta, transferSyntax } = parsePart10(prefix, {
			stopAfter: tags.SeriesInstanceUID
		});
		const { studyUid, seriesUid, sopUid } = identityOf(dataset);
		if (!seriesUid && !complete && !transferSyntax.deflated) return null;
		return studyUid === ref.studyUid && seriesUid === ref.seriesUid && sopUid === ref.sopUid
			? true
			: transferSyntax.deflated && !complete
				? text(meta, tags.MediaStorageSOPInstanceUID) === ref.sopUid
				: false;
	} catch (e) {
		if (complete) throw wrong('The archive sent something that is not the object.');
		if (e instanceof DomainError) return null;
		throw e;
	}
}

/**
 * Passes a Part 10 file on once its beginning says that it is what was asked for (D3), with nothing
 * before `DICM` (E3). Holds that beginning, and no more; `onVerified` is told when it is through.
 */
export function verifiedInstance(ref: InstanceRef, onVerified: () => void): ByteFilter {
	let prefix: Buffer = Buffer.alloc(0);
	let tried = 0;
	let verified = false;

	const judge = (complete: boolean): Buffer | null => {
		tried = prefix.length;
		const answer = names(prefix, ref, complete);
		if (answer === null && prefix.length <= mostBeforeUids) return null;
		if (answer !== true) throw wrong('The archive sent another object than what was asked for.');
		if (prefix.subarray(128, 132).toString('latin1') !== 'DICM') {
			throw wrong('The archive sent a file that is not Part 10.');
		}
		verified = true;
		onVerified();
		const clean = Buffer.concat([head, prefix.subarray(head.length)]);
		prefix = Buffer.alloc(0);
		return clean;
	};
	return {
		push(chunk) {
			if (verified) return chunk;
			prefix = prefix.length ? Buffer.concat([prefix, chunk]) : chunk;
			// Not at every small chunk: parsing it each time would cost the square of its length.
			return prefix.length < Math.max(4096, tried * 2) ? null : judge(false);
		},
		end: () => (verified ? null : judge(true))
	};
}

/** One filter after another. */
export function chained(first: ByteFilter, second: ByteFilter): ByteFilter {
	return {
		push(chunk) {
			const bytes = first.push(chunk);
			return bytes && second.push(bytes);
		},
		end() {
			const rest = first.end();
			const passed = rest && second.push(rest);
			const last = second.end();
			return passed && last ? Buffer.concat([passed, last]) : (passed ?? last);
		}
	};
}
