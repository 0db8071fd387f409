import { m } from '$lib/paraglide/messages.js';

export type GrantState = 'live' | 'expired' | 'revoked' | 'paused' | 'used-up';

const words: Record<GrantState, () => string> = {
	live: m.grant_live,
	expired: m.grant_expired,
	revoked: m.grant_revoked,
	paused: m.grant_paused,
	'used-up': m.grant_used_up
};
const tones = {
	live: 'positive',
	expired: 'plain',
	revoked: 'severe',
	paused: 'mild',
	'used-up': 'plain'
} as const satisfies Record<GrantState, string>;

export const grantWord = (state: GrantState): string => words[state]();
export const grantTone = (state: GrantState) => tones[state];
