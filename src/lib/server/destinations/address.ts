import { isIP } from 'node:net';
import { DomainError } from '$lib/errors.ts';
import { isAddressAllowed } from '../archive/address-guard.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Named in ARCHIVE_ALLOW_HOSTS, with or without its port: may be in a private network (D4). */
export function isNamed(url: URL, allowed: readonly string[]): boolean {
	return allowed.includes(url.hostname) || allowed.includes(url.host);
}

/**
 * An address as an administrator may set it (D4): https, http only to this machine, no credentials,
 * query or fragment in it, and no private network unless the environment names the host. A name is
 * checked again for each connection, because it may come to mean another address.
 *
 * @returns the root without a slash at its end. @throws DomainError `invalid_input`, with the reason.
 */
export function checkedAddress(text: string, allowed: readonly string[]): string {
	const refuse = (why: string) => new DomainError('invalid_input', why);
	const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
	if (!url) throw refuse('Write the whole address, like https://pacs.example.org/dicom-web.');
	if (url.username || url.password) {
		throw refuse('Leave user and password out of the address; they have fields of their own.');
	}
	if (url.search || url.hash) throw refuse('The address ends with its path: no ? and no #.');
	const local = loopback.has(url.hostname);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) {
		throw refuse('The address begins with https; reports are not sent unencrypted.');
	}
	const host = url.hostname.replace(/^\[|\]$/g, '');
	const named = isNamed(url, allowed);
	if ((local && !named) || (isIP(host) && !isAddressAllowed(host, named))) {
		throw refuse(
			'This address is in a private network. Whoever runs the server names the host in ARCHIVE_ALLOW_HOSTS first.'
		);
	}
	return url.href.replace(/\/+$/, '');
}
