import { describe, expect, it } from 'vitest';
import { isAddressAllowed } from '$lib/server/archive/address-guard.ts';

describe('addresses of archives (D4)', () => {
	it.each([
		['169.254.169.254', false, false],
		['::ffff:169.254.169.254', false, false],
		['fe80::1', false, false],
		['0.0.0.0', false, false],
		['224.0.0.1', false, false],
		['fd00:ec2::254', false, false],
		['not an address', false, false],
		['127.0.0.1', false, true],
		['::1', false, true],
		['10.1.2.3', false, true],
		['192.168.1.1', false, true],
		['::ffff:10.0.0.1', false, true],
		['93.184.216.34', true, true],
		['2606:2800:220:1::1', true, true]
	])('%s: %s from outside, %s when the environment names it', (address, open, named) => {
		expect(isAddressAllowed(address, false)).toBe(open);
		expect(isAddressAllowed(address, true)).toBe(named);
	});
});
