import { m } from '$lib/paraglide/messages.js';
import type { ReportState } from '../states.ts';

const words: Record<ReportState | 'arriving', () => string> = {
	arriving: m.state_arriving,
	in_progress: m.state_in_progress,
	sent_to_read: m.state_sent_to_read,
	preliminary: m.state_preliminary,
	final: m.state_final,
	amended: m.state_amended
};
const tones = {
	arriving: 'accent',
	in_progress: 'draft',
	sent_to_read: 'draft',
	preliminary: 'preliminary',
	final: 'final',
	amended: 'amended'
} as const satisfies Record<ReportState | 'arriving', string>;

export const stateWord = (state: ReportState | 'arriving'): string => words[state]();
export const stateTone = (state: ReportState | 'arriving') => tones[state];
