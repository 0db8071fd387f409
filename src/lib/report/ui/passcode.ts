/** Read aloud on a telephone: no letter that looks or sounds like another. */
const signs = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Eight random signs in two groups, `k7mp-x2qd`: about 39 bits, five tries a link. */
export function newPasscode(): string {
	// Rejection keeps every sign equally likely.
	const out: string[] = [];
	while (out.length < 8) {
		for (const byte of crypto.getRandomValues(new Uint8Array(16))) {
			if (byte < 256 - (256 % signs.length) && out.length < 8)
				out.push(signs[byte % signs.length] ?? '');
		}
	}
	return `${out.slice(0, 4).join('')}-${out.slice(4).join('')}`;
}
