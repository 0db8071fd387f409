import { m } from '$lib/paraglide/messages.js';
import type { SendFile } from './upload-session.svelte.ts';

interface Outcome {
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
	});
	const answer = (await response.json().catch(() => null)) as {
		outcomes?: Outcome[];
		message?: string;
		detail?: string;
	} | null;
	const outcome = answer?.outcomes?.[0];
	if (outcome?.status === 'rejected') return { state: 'refused', reason: outcome.reason ?? '' };
	if (outcome) return { state: outcome.status, reason: '' };
	if (response.status >= 500) throw new Error(answer?.message ?? m.upload_no_answer());
	return { state: 'refused', reason: answer?.detail ?? answer?.message ?? m.upload_no_answer() };
};
