import { trpc } from '../../trpc.ts';

/** Once a minute is enough for an idle limit of minutes. */
const everyMs = 60_000;

/**
 * Tells the server that a person is here: keys, pointer and touch, never time passing (A3). Call it
 * in a layout of members; it returns what takes the listeners off.
 */
export function tellActivity(target: Window = window): () => void {
	let told = Date.now();
	const onInput = () => {
		if (Date.now() - told < everyMs) return;
		told = Date.now();
		void trpc.session.touch.mutate().catch(() => (told = 0));
	};
	const kinds = ['keydown', 'pointerdown', 'wheel', 'touchstart'] as const;
	for (const kind of kinds) target.addEventListener(kind, onInput, { passive: true });
	return () => {
		for (const kind of kinds) target.removeEventListener(kind, onInput);
	};
}
