import { m } from '$lib/paraglide/messages.js';
import type { SendFile } from './upload-session.svelte.ts';

interface Line {
	status: 'stored' | 'duplicate' | 'rejected';
	reason?: string;
}

/** One file to the upload door; what it refused comes with its reason. */
export const sendFile: SendFile = async (file, signal) => {
	const response = await fetch('/api/upload', {
		method: 'POST',
		headers: { 'content-type': 'application/dicom' },
		body: file,
		signal
	}).catch((error: unknown) => {
		// The browser's own words ("Failed to fetch") say nothing to do.
		throw signal.aborted ? error : new Error(m.upload_no_answer());
	});
	const answer = (await response.json().catch(() => null)) as {
		files?: Line[];
		message?: string;
		detail?: string;
	} | null;
	const line = answer?.files?.[0];
	if (line?.status === 'rejected') return { state: 'refused', reason: line.reason ?? '' };
	if (line) return { state: line.status, reason: '' };
	if (response.status >= 500) throw new Error(answer?.message ?? m.upload_no_answer());
	return { state: 'refused', reason: answer?.detail ?? answer?.message ?? m.upload_no_answer() };
};
