import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BlockList, isIP } from 'node:net';

/** Never an archive: link-local, with the metadata services of clouds; multicast; unspecified. */
const never = new BlockList();
never.addSubnet('169.254.0.0', 16);
never.addSubnet('224.0.0.0', 3);
never.addSubnet('0.0.0.0', 8);
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');
never.addAddress('::', 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');

/** Only when the environment names the host (D4). */
const inner = new BlockList();
inner.addSubnet('10.0.0.0', 8);
inner.addSubnet('172.16.0.0', 12);
inner.addSubnet('192.168.0.0', 16);
inner.addSubnet('100.64.0.0', 10);
inner.addSubnet('127.0.0.0', 8);
inner.addAddress('::1', 'ipv6');
inner.addSubnet('fc00::', 7, 'ipv6');

/** Whether an archive may be asked at this address. IPv4 written as IPv6 counts as IPv4. */
export function isAddressAllowed(address: string, innerAllowed: boolean): boolean {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
	const plain = mapped ?? address;
	const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
	if (!isIP(plain) || never.check(plain, family)) return false;
	return innerAllowed || !inner.check(plain, family);
}

const refused = (hostname: string) =>
	Object.assign(new Error(`The address of ${hostname} is not allowed.`), {
		code: 'ERR_ADDRESS_NOT_ALLOWED'
	});

/**
 * A DNS look-up that gives only allowed addresses, so that the check is of the address that is
 * connected to, however often a name changes its mind.
 */
export function guardedLookup(innerAllowed: boolean): LookupFunction {
	return (hostname, options, callback) => {
		lookup(hostname, { ...options, all: true }, (error, addresses) => {
			if (error) return callback(error, '', 0);
			const allowed = addresses.filter((a) => isAddressAllowed(a.address, innerAllowed));
			const [first] = allowed;
			if (!first) return callback(refused(hostname), '', 0);
			if (options.all) return callback(null, allowed);
			callback(null, first.address, first.family);
		});
	};
}
