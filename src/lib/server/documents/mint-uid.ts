import type { NewId } from '$lib/ids.ts';

/** A UID of our own from a UUID, as PS3.5 B.2 derives it. */
export function mintUid(newId: NewId): string {
	return `2.25.${BigInt(`0x${newId().replaceAll('-', '')}`).toString()}`;
}
