export interface Random {
	/** Between 0 and 1, 1 excluded. */
	next(): number;
	/** Both ends included. */
	int(low: number, high: number): number;
	chance(probability: number): boolean;
	pick<T>(from: readonly T[]): T;
	bytes(low: number, high: number): Uint8Array;
}

/** The same numbers for the same seed (mulberry32). A failing test prints its seed. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
	return {
		next,
		int,
		chance: (probability) => next() < probability,
		pick: <T>(from: readonly T[]) => from[int(0, from.length - 1)] as T,
		bytes: (low, high) => Uint8Array.from({ length: int(low, high) }, () => int(0, 255))
	};
}
