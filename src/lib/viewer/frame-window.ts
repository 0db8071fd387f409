/**
 * Which frames to decode and which to let go when a loop is larger than its share of memory.
 * Frames count from 1; the head moves forwards and around.
 */

/** How long until a frame's turn comes, in frames. */
const ahead = (frame: number, head: number, count: number) => (frame - head + count) % count;

/**
 * The frame to decode next: the nearest ahead that is neither held nor given up; null when all are,
 * or when there is no room and everything held comes sooner.
 */
export function nextToDecode(
	head: number,
	count: number,
	held: (frame: number) => boolean,
	room: boolean,
	farthestHeld: number | null
): number | null {
	for (let step = 0; step < count; step++) {
		const frame = ((head - 1 + step) % count) + 1;
		if (held(frame)) continue;
		if (room) return frame;
		if (farthestHeld === null) return null;
		return step < ahead(farthestHeld, head, count) ? frame : null;
	}
	return null;
}

/** Of the frames held, the one that is needed last; null when there is none. */
export function farthest(frames: Iterable<number>, head: number, count: number): number | null {
	let found: number | null = null;
	for (const frame of frames) {
		if (found === null || ahead(frame, head, count) > ahead(found, head, count)) found = frame;
	}
	return found;
}
