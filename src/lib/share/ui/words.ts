import { m } from '$lib/paraglide/messages.js';
import type { ShareProblem } from './share-session.svelte.ts';

/** What happened, and what to do about it: one sentence each. */
export function problemWords(problem: ShareProblem): { what: string; next: string } {
	switch (problem) {
		case 'grant_expired':
			return { what: m.share_expired(), next: m.share_ask_for_new() };
		case 'grant_revoked':
		case 'cut':
			return { what: m.share_ended(), next: m.share_ask_for_new() };
		case 'grant_paused':
			return { what: m.share_paused(), next: m.share_ask_to_resume() };
		case 'grant_used_up':
			return { what: m.share_used_up(), next: m.share_ask_for_new() };
		case 'passcode_wrong':
			return { what: m.share_passcode_wrong(), next: m.share_passcode_try() };
		case 'offline':
			return { what: m.share_offline(), next: m.share_offline_next() };
		case 'not_found':
			return { what: m.share_not_found(), next: m.share_check_link() };
	}
}
