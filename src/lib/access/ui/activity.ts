import { trpc } from '../../trpc.ts';

/** Once a minute is enough for an idle limit of minutes. */
const everyMs = 60_000;

/** What a person does: keys, text from a screen keyboard or by voice, pointer, wheel, fingers. */
const kinds = ['keydown', 'input', 'pointerdown', 'wheel', 'touchstart'] as const;

interface Options {
	/** Told when the session now ends unless something is done. */
	onTold?: (idleUntil: Date) => void;
	target?: EventTarget;
	tell?: () => Promise<{ idleUntil: Date | null }>;
	clock?: () => number;
}

/**
 * Tells the server that a person is here, never that time passes (A3): somebody who only types into
 * a report, over a live connection that is no request, is here. Returns what takes the listeners off.
 */
export function tellActivity({
	onTold = () => {},
	target = window,
	tell = () => trpc.session.touch.mutate(),
	clock = Date.now
}: Options = {}): () => void {
	let told = clock();
	const onInput = () => {
		if (clock() - told < everyMs) return;
		told = clock();
		tell().then(
			({ idleUntil }) => idleUntil && onTold(idleUntil),
			() => (told = 0)
		);
	};
	// Captured: fields and dialogs keep some keys to themselves.
	const how = { passive: true, capture: true };
	for (const kind of kinds) target.addEventListener(kind, onInput, how);
	return () => {
		for (const kind of kinds) target.removeEventListener(kind, onInput, how);
	};
}
