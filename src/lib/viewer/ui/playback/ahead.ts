/**
 * Bytes that were fetched before anybody asked to see them. In memory alone, each handed over once,
 * and gone as soon as something else is fetched ahead.
 */
const kept = new Map<string, Promise<Uint8Array | null>>();
let aborter = new AbortController();

/** Begins fetching behind everything that is on the screen. What it began before is dropped. */
export function fetchAhead(urls: readonly string[]): void {
	forgetAhead();
	const { signal } = aborter;
	for (const url of urls) {
		kept.set(
			url,
			fetch(url, {
				headers: { accept: 'application/dicom; transfer-syntax=*' },
				priority: 'low',
				signal
			})
				.then(async (response) =>
					response.ok ? new Uint8Array(await response.arrayBuffer()) : null
				)
				.catch(() => null)
		);
	}
}

/** What was fetched of this URL; null when nothing was, or it did not come. */
export async function takeAhead(url: string): Promise<Uint8Array | null> {
	const promise = kept.get(url);
	kept.delete(url);
	return (await promise) ?? null;
}

export function forgetAhead(): void {
	aborter.abort();
	aborter = new AbortController();
	kept.clear();
}
