// A certificate of our own for the local network, kept in the data folder and made anew for another
// address. Nobody else trusts it; that is what the browser's question is about.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** @returns {Promise<{TLS_KEY: string, TLS_CERT: string}>} paths for `server.js` */
export async function certificate(dataDir, address) {
	const paths = { TLS_KEY: join(dataDir, 'lan.key'), TLS_CERT: join(dataDir, 'lan.crt') };
	const forAddress = join(dataDir, 'lan.address');
	const known = existsSync(forAddress) ? readFileSync(forAddress, 'utf8') : '';
	if (known === address && existsSync(paths.TLS_KEY) && existsSync(paths.TLS_CERT)) return paths;
	const made = await generate([{ name: 'commonName', value: address }], {
		keySize: 2048,
		algorithm: 'sha256',
		notAfterDate: new Date(Date.now() + 365 * 86_400_000),
		extensions: [
			{
				name: 'subjectAltName',
				altNames: [
					{ type: 2, value: 'localhost' },
					{ type: 7, ip: address },
					{ type: 7, ip: '127.0.0.1' }
				]
			}
		]
	});
	writeFileSync(paths.TLS_KEY, made.private, { mode: 0o600 });
	writeFileSync(paths.TLS_CERT, made.cert);
	writeFileSync(forAddress, address);
	return paths;
}
