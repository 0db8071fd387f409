import type { Loop } from './loop.ts';
import { inOrder } from './loop.ts';
import type { Mode, View } from './views.ts';

/** What a slot of the first layout would like to show, most wanted first. */
const wishes: { view: View | null; mode: Mode }[] = [
	{ view: 'plax', mode: '2d' },
	{ view: 'a4c', mode: '2d' },
	{ view: 'a2c', mode: '2d' },
	{ view: null, mode: 'cw' },
	{ view: 'a3c', mode: '2d' },
	{ view: 'psax-pm', mode: '2d' },
	{ view: 'psax-mv', mode: '2d' },
	{ view: 'psax-av', mode: '2d' },
	{ view: 'psax', mode: '2d' },
	{ view: 'plax', mode: 'colour' },
	{ view: 'a4c', mode: 'colour' }
];

/**
 * Which loops come up first, one a slot: long axis, four and two chamber, the aortic CW strip;
 * gaps are filled in the order of acquisition, moving pictures before stills.
 */
export function hang(loops: readonly Loop[], slots: number): Loop[] {
	const ordered = inOrder(loops);
	const taken: Loop[] = [];
	const take = (loop: Loop | undefined) => {
		if (loop && !taken.includes(loop) && taken.length < slots) taken.push(loop);
	};
	const anyView = ordered.some((loop) => loop.view !== null);
	for (const wish of anyView ? wishes : []) {
		const fits = ordered.filter(
			(loop) => loop.mode === wish.mode && (wish.view === null || loop.view === wish.view)
		);
		// A strip is a still on many machines; a view is wanted moving.
		take(fits.find((loop) => loop.frames > 1) ?? fits[0]);
	}
	ordered.filter((loop) => loop.frames > 1).forEach(take);
	ordered.forEach(take);
	return taken;
}

/**
 * The prior's picture of the same view and mode: for stress of the same stage too; the same place
 * among its kind first, so that the second apical colour loop meets the second.
 */
export function sameView(
	loop: Loop,
	current: readonly Loop[],
	priors: readonly Loop[]
): Loop | null {
	const alike = (other: Loop) =>
		other.mode === loop.mode &&
		other.view === loop.view &&
		(other.stage?.number ?? null) === (loop.stage?.number ?? null) &&
		other.frames > 1 === loop.frames > 1;
	const theirs = inOrder(priors).filter(alike);
	// A strip without a named view pairs only when nothing else could be meant.
	if (loop.view === null) {
		const ours = inOrder(current).filter(alike);
		const place = ours.findIndex((other) => other.sopInstanceUid === loop.sopInstanceUid);
		return ours.length === theirs.length ? (theirs[place] ?? null) : null;
	}
	const place = inOrder(current)
		.filter(alike)
		.findIndex((other) => other.sopInstanceUid === loop.sopInstanceUid);
	if (theirs.length > 0) return theirs[place] ?? theirs[0] ?? null;
	return inOrder(priors).find((o) => o.view === loop.view && o.mode === loop.mode) ?? null;
}
