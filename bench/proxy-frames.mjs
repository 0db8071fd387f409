/**
 * Loops and single frames through `/dicom-web` of the production server, with a token, rights and
 * audit, against a proxy of Node alone before the same archive. Needs a build. On a PostgreSQL of its
 * own where it is installed, else (or with `BENCH_DATABASE=embedded`) on the embedded database.
 * `npm run bench -- proxy-frames`
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { practiceSettingsSchema } from '../src/lib/report/practice-settings.ts';
import { createToken } from '../src/lib/server/commands/change-token.ts';
import { receiveObjects } from '../src/lib/server/commands/receive-objects.ts';
import { archives, memberships, practices, users } from '../src/lib/server/db/schema/index.ts';
import { readEnv } from '../src/lib/server/env.ts';
import { openServices } from '../src/lib/server/start.ts';
import {
	appRole,
	ownerRole,
	postgresPrograms,
	startCluster,
	templateName,
	urlOf
} from '../tests/support/postgres.ts';
import { tinyLoop } from '../tests/support/tiny-dicom.ts';
import { inBlocks, median, ratioOf, report, unrest } from './support/blocks.mjs';

const least = 0.75;
const root = resolve(import.meta.dirname, '..');
/** As a study of an ultrasound machine: clips of some megabytes, frames of some dozen kilobytes. */
const study = { loops: 8, frames: 40, rows: 240, columns: 320 };
const framesAsked = 160;
/** Requests at once, as a browser that fills four views. */
const lanes = 4;

const embedded = process.env.BENCH_DATABASE === 'embedded' || !postgresPrograms();
const cluster = embedded ? null : await startCluster();
const folder = mkdtempSync(join(tmpdir(), 'readroom-bench-'));
const children = [];
const hooks = [
	'--disable-warning=ExperimentalWarning',
	'--import',
	join(root, 'scripts/ts-hooks.mjs')
];

try {
	const upstream = await started([...hooks, join(root, 'bench/support/upstream.mjs')]);
	const variables = {
		DATA_DIR: folder,
		ARCHIVE_URL: `${upstream}/dicom-web`,
		LOG_LEVEL: 'error',
		...(cluster ? databaseOf(cluster.port) : { EMBEDDED_DB: 'accept' })
	};
	const { token, paths } = await filled(variables);
	const raw = await started([join(root, 'bench/support/raw-proxy.mjs'), upstream]);
	const ours = await started([join(root, 'server.js')], { ...variables, PORT: '0' });

	const loops = [...paths, ...paths].map((path) => `/dicom-web/${path}`);
	const frames = Array.from(
		{ length: framesAsked },
		(_, i) => `/dicom-web/${paths[i % paths.length]}/frames/${1 + (i % study.frames)}`
	);
	const agent = new http.Agent({ keepAlive: true, maxSockets: lanes });
	const asked = (origin, list, accept) => () =>
		Promise.all(list.map((path) => read(agent, origin + path, accept, token)));
	const object = 'multipart/related; type="application/dicom"; transfer-syntax=*';
	const octets = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

	const times = await inBlocks(
		{
			'loops, Readroom': asked(ours, loops, object),
			'loops, raw': asked(raw, loops, object),
			'frames, Readroom': asked(ours, frames, octets),
			'frames, raw': asked(raw, frames, octets)
		},
		{ blocks: 12, warmUp: 3 }
	);
	agent.destroy();
	const bytes = study.rows * study.columns;
	const rate = (name, size) => `${(size / 1e6 / (median(times[name]) / 1e3)).toFixed(0)} MB/s`;
	console.log(
		`${embedded ? 'embedded database' : 'PostgreSQL'}: loops ${rate('loops, Readroom', loops.length * bytes * study.frames)} of ` +
			`${rate('loops, raw', loops.length * bytes * study.frames)}, ` +
			`frames ${rate('frames, Readroom', framesAsked * bytes)} of ` +
			`${rate('frames, raw', framesAsked * bytes)}; control ×${unrest(times).toFixed(2)}`
	);
	report(
		['loops', 'frames'].map((what) => {
			const ratio = ratioOf(times[`${what}, raw`], times[`${what}, Readroom`]);
			return {
				name: `throughput of ${what} over a raw Node proxy`,
				value: ratio.toFixed(2),
				target: `≥ ${least}`,
				met: ratio >= least
			};
		})
	);
} finally {
	for (const child of children) child.kill();
	cluster?.stop();
	rmSync(folder, { recursive: true, force: true });
}

/** The application's own role serves, the owner migrates. */
function databaseOf(port) {
	return {
		DATABASE_URL: urlOf(port, appRole, templateName),
		DATABASE_OWNER_URL: urlOf(port, ownerRole, templateName)
	};
}

/** A process that says where it listens. */
function started(args, env = {}) {
	const child = spawn(process.execPath, args, {
		cwd: root,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	children.push(child);
	return new Promise((done, fail) => {
		let said = '';
		child.stdout.on('data', (chunk) => {
			said += chunk;
			const found = /http:\/\/[\w.]+:\d+/.exec(said);
			if (found) done(found[0]);
		});
		child.on('exit', (code) => fail(new Error(`${args.at(-1)} ended with ${code}: ${said}`)));
	});
}

/** A practice with one study in the archive, and a token to read it. */
async function filled(variables) {
	const running = await openServices({ env: readEnv(variables) });
	const { services } = running;
	const [practiceId, userId] = [randomUUID(), randomUUID()];
	const createdAt = services.clock();
	const settings = practiceSettingsSchema.parse({});
	const zone = { timeZone: 'UTC', createdAt };
	await services.db.insert(practices).values({ id: practiceId, name: 'Bench', settings, ...zone });
	await services.db
		.insert(archives)
		.values({ id: randomUUID(), practiceId, name: 'Images', kind: 'dicomweb', ...zone });
	await services.db
		.insert(users)
		.values({ id: userId, email: 'bench@example.org', name: 'Bench', createdAt });
	await services.db
		.insert(memberships)
		.values({ userId, practiceId, roles: ['physician'], createdAt });
	const operator = { kind: 'job', name: 'bench', practiceId, onBehalfOf: null };
	const { value: token } = await createToken(services, operator, {
		userId,
		name: 'bench',
		scopes: ['dicom:read'],
		days: 1
	});
	const paths = [];
	const { loops, ...size } = study;
	for (let i = 1; i <= loops; i++) {
		const uids = { studyUid: '1.2.3', seriesUid: '1.2.3.1', sopUid: `1.2.3.1.${i}` };
		const { rejected } = await receiveObjects(services, operator, {
			objects: [tinyLoop({ ...uids, ...size })],
			origin: 'import'
		});
		if (rejected[0]) throw new Error(rejected[0].reason);
		paths.push(`studies/1.2.3/series/1.2.3.1/instances/${uids.sopUid}`);
	}
	await running.close();
	return { token, paths };
}

/** Reads an answer to its end; anything but a 200 with a body is an error. */
function read(agent, url, accept, token) {
	return new Promise((done, fail) => {
		const headers = { accept, authorization: `Bearer ${token}` };
		http
			.get(url, { agent, headers }, (answer) => {
				let size = 0;
				answer.on('data', (chunk) => (size += chunk.length));
				answer.on('error', fail);
				answer.on('end', () => {
					if (answer.statusCode === 200 && size > 1000) done(size);
					else fail(new Error(`${url} answered ${answer.statusCode} with ${size} bytes`));
				});
			})
			.on('error', fail);
	});
}
