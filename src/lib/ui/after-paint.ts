/** A hidden page paints nothing; work must not wait for it for ever (ms). */
const patience = 250;

/** Runs once the next frame is on the screen: what a key does is seen before what follows from it. */
export function afterPaint(work: () => void): void {
	let done = false;
	const once = () => {
		if (done) return;
		done = true;
		work();
	};
	requestAnimationFrame(() => setTimeout(once));
	setTimeout(once, patience);
}
