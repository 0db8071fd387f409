// The peers that the tests run against. On Debian and Ubuntu missing ones are installed; elsewhere
// they are named, and the run fails clearly.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** package -> a file or a program that proves it is there. */
const tools = {
	chromium: ['chromium'],
	orthanc: ['Orthanc'],
	'orthanc-dicomweb': ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
	dcmtk: ['storescu', 'dsrdump', 'dcmdump'],
	dicom3tools: ['dciodvfy'],
	'poppler-utils': ['pdftoppm', 'pdfinfo'],
	qpdf: ['qpdf'],
	postgresql: ['pg_ctl'],
	'redis-server': ['redis-server']
};

const postgresBins = () => {
	const base = '/usr/lib/postgresql';
	return existsSync(base) ? readdirSync(base).map((v) => join(base, v, 'bin')) : [];
};

function isThere(proof) {
	if (proof.startsWith('/')) return existsSync(proof);
	const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', ...postgresBins()];
	return places.some((place) => existsSync(join(place, proof)));
}

const missing = () =>
	Object.entries(tools)
		.filter(([, proofs]) => !proofs.every(isThere))
		.map(([name]) => name);

const apt = (...args) =>
	spawnSync('apt-get', args, {
		stdio: ['ignore', 'inherit', 'inherit'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	}).status;

/** Keeps packages from starting their services: the tests start what they need themselves. */
function withoutServices(work) {
	const policy = '/usr/sbin/policy-rc.d';
	const ours = !existsSync(policy);
	if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	try {
		work();
	} finally {
		if (ours) rmSync(policy, { force: true });
	}
}

export function ensureTools() {
	const before = missing();
	if (before.length === 0) return;
	const canInstall = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
	if (canInstall) {
		console.log(`Installing test tools: ${before.join(' ')}`);
		withoutServices(() => {
			apt('update', '-qq');
			apt('install', '-y', '-qq', '--no-install-recommends', ...before);
		});
	}
	const after = missing();
	if (after.length) {
		console.error(
			`These test tools are missing: ${after.join(', ')}.\n` +
				(canInstall
					? 'apt-get could not install them; look at its messages above.'
					: `On Debian or Ubuntu run as root: apt-get install ${after.join(' ')}`)
		);
		process.exit(1);
	}
}

/** A folder for this run, gone when the process ends. */
export function temporaryFolder(prefix) {
	const folder = mkdtempSync(join(tmpdir(), prefix));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	return folder;
}
