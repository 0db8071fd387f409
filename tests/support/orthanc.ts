import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Orthanc {
	/** The DICOMweb root. */
	url: string;
	/** The native REST root, for looking behind our back. */
	rest: string;
	user: string;
	password: string;
	stop(): Promise<void>;
}

const binary = process.env.ORTHANC ?? '/usr/sbin/Orthanc';
const folders = [
	'/usr/share/orthanc/plugins',
	'/usr/lib/orthanc',
	'/usr/local/share/orthanc/plugins'
];

/** Without it the tests against a real server are skipped. */
export const hasOrthanc = existsSync(binary);

async function plugin(): Promise<string> {
	for (const folder of folders) {
		const names = await readdir(folder).catch(() => []);
		const found = names.find((name) => name.startsWith('libOrthancDicomWeb.so'));
		if (found) return join(folder, found);
	}
	throw new Error('The DICOMweb plugin of Orthanc is not installed.');
}

function freePort(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer().once('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => done(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

/** A real Orthanc with an empty store, for this process only. */
export async function startOrthanc(): Promise<Orthanc> {
	const folder = await mkdtemp(join(tmpdir(), 'readroom-orthanc-'));
	const port = await freePort();
	const user = 'readroom';
	const password = 'a password for tests';
	const configuration = join(folder, 'orthanc.json');
	await writeFile(
		configuration,
		JSON.stringify({
			StorageDirectory: join(folder, 'storage'),
			IndexDirectory: join(folder, 'index'),
			HttpPort: port,
			HttpsCACertificates: '',
			RemoteAccessAllowed: false,
			AuthenticationEnabled: true,
			RegisteredUsers: { [user]: password },
			DicomServerEnabled: false,
			Plugins: [await plugin()]
		})
	);
	const child = spawn(binary, [configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
	let log = '';
	child.stderr.on('data', (chunk: Buffer) => {
		log = (log + chunk.toString()).slice(-4000);
	});
	const exited = new Promise<void>((done) => child.once('exit', () => done()));
	const stop = async () => {
		child.kill('SIGTERM');
		await exited;
		await rm(folder, { recursive: true, force: true });
	};
	const rest = `http://127.0.0.1:${port}`;
	const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}` };
	for (let tries = 0; ; tries++) {
		const up = await fetch(`${rest}/dicom-web/studies?limit=1`, { headers }).catch(() => null);
		if (up?.ok) break;
		if (child.exitCode !== null || tries > 300) {
			await stop();
			throw new Error(`Orthanc does not come up:\n${log}`);
		}
		await new Promise((done) => setTimeout(done, 100));
	}
	return { url: `${rest}/dicom-web`, rest, user, password, stop };
}
