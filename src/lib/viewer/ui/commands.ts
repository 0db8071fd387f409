import { m } from '$lib/paraglide/messages.js';
import type { Command } from '$lib/ui/keys.ts';
import { layouts } from '../layout.ts';
import type { Tool, ViewerSession } from './viewer-session.svelte.ts';
import { layoutWords, toolWords } from './words.ts';

/** The one list of keys: tooltips, help and the keyboard read it. */
export const toolKeys: Record<Tool, string> = {
	window: 'w',
	zoom: 'z',
	pan: 'g',
	length: 'l',
	area: 'a',
	ellipse: 'o',
	angle: 'x',
	discs: 's',
	velocity: 'v',
	trace: 't',
	slope: 'd',
	time: 'e',
	'm-mode': 'm'
};

export const keys = {
	play: 'Space',
	back: 'ArrowLeft',
	forward: 'ArrowRight',
	loopBefore: 'ArrowUp',
	loopAfter: 'ArrowDown',
	prior: 'p',
	reset: '0',
	slower: '[',
	faster: ']',
	hide: 'h',
	remove: 'Delete',
	finish: 'Enter',
	escape: 'Escape'
} as const;

export function viewerCommands(viewer: ViewerSession): Command[] {
	const group = m.viewer_keys_group();
	const command = (
		id: string,
		label: string,
		key: string | readonly string[],
		run: () => void,
		enabled?: () => boolean
	): Command => ({
		id: `viewer.${id}`,
		label,
		group,
		keys: typeof key === 'string' ? [key] : key,
		run,
		...(enabled ? { enabled } : {})
	});
	const tools = Object.keys(toolKeys) as Tool[];
	return [
		command('play', m.viewer_play_pause(), keys.play, viewer.toggle),
		command('frame-back', m.viewer_frame_back(), keys.back, () => viewer.step(-1)),
		command('frame-forward', m.viewer_frame_forward(), keys.forward, () => viewer.step(1)),
		command('loop-before', m.viewer_loop_before(), keys.loopBefore, () => viewer.nextLoop(-1)),
		command('loop-after', m.viewer_loop_after(), keys.loopAfter, () => viewer.nextLoop(1)),
		command('slower', m.viewer_slower(), keys.slower, () => viewer.changeSpeed(-1)),
		command('faster', m.viewer_faster(), keys.faster, () => viewer.changeSpeed(1)),
		...layouts.map((layout) =>
			command(`layout-${layout}`, layoutWords[layout](), String(layout), () =>
				viewer.setLayout(layout)
			)
		),
		...tools.map((tool) =>
			command(`tool-${tool}`, toolWords[tool](), toolKeys[tool], () => viewer.setTool(tool))
		),
		command('prior', m.viewer_prior_beside(), keys.prior, viewer.togglePrior),
		command('reset', m.viewer_reset(), keys.reset, () => viewer.activePane.reset()),
		command('hide', m.viewer_hide_annotations(), keys.hide, viewer.toggleHidden),
		command(
			'remove',
			m.viewer_delete_annotation(),
			[keys.remove, 'Backspace'],
			viewer.removeLast,
			() => (viewer.draft?.isOutline ?? false) || (viewer.highlighted !== null && viewer.canDraw)
		),
		command(
			'finish',
			m.viewer_finish_outline(),
			keys.finish,
			viewer.finishDraft,
			() => viewer.draft?.isOutline ?? false
		),
		command('escape', m.viewer_back(), keys.escape, viewer.escape, () => viewer.hasEscape)
	];
}
