/** What the command line prints, as another program or a file receives it. */
import { spawn, spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const here = resolve(import.meta.dirname, '../../..');
const starter = join(here, 'scripts/readroom.mjs');

/** Of all worksheets those of one group: nobody has checked exactly these before. */
const kept =
	/^(catalogue\/dental\.yaml|[^/]+|(sections|formulas|normals|grades|charts|plausibility|contradictions)\/.*)$/;

describe('what the command line prints', () => {
	let root: string;

	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), 'readroom-cli-'));
		symlinkSync(join(here, 'package.json'), join(root, 'package.json'));
		cpSync(join(here, 'worksheets'), join(root, 'worksheets'), {
			recursive: true,
			filter: (path) => {
				const below = path.slice(join(here, 'worksheets').length + 1);
				return !/\.ya?ml$/.test(below) || (kept.test(below) && !below.endsWith('.cases.yaml'));
			}
		});
		mkdirSync(join(root, 'build'));
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	const env = () => ({ ...process.env, READROOM_ROOT: root, DATA_DIR: '' });

	it('a list of worksheets that were never checked arrives whole, and nothing else with it', async () => {
		const child = spawn('node', [starter, 'worksheets', 'list', '--json'], { env: env() });
		const out: Buffer[] = [];
		let err = '';
		child.stderr.on('data', (each: Buffer) => (err += each.toString()));
		// A reader that takes its time: the pipe is full before the program has written everything.
		child.stdout.pause();
		child.once('spawn', () => child.stderr.once('data', () => child.stdout.resume()));
		child.stdout.on('data', (each: Buffer) => out.push(each));
		child.stdout.pause();
		const code = await new Promise((done) => child.once('close', done));
		expect(code).toBe(0);
		expect(err).toContain('Checking all worksheets');
		const list = JSON.parse(Buffer.concat(out).toString()) as { id: string }[];
		expect(list.length).toBeGreaterThan(5);
	});

	it('into a file it is the same, and checked before it is not checked again', () => {
		const file = join(root, 'list.json');
		writeFileSync(file, '');
		const { status, stderr } = spawnSync(
			'sh',
			['-c', `node "${starter}" worksheets list --json > "${file}"`],
			{ env: env(), encoding: 'utf8' }
		);
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
		expect(JSON.parse(readFileSync(file, 'utf8'))).not.toHaveLength(0);
	});

	it('stopped before it is done it says so by its code, and leaves nothing running', async () => {
		rmSync(join(root, 'build/worksheets.json'), { force: true });
		const child = spawn('node', [starter, 'worksheets', 'list', '--json'], { env: env() });
		let out = '';
		child.stdout.on('data', (each: Buffer) => (out += each.toString()));
		// Its child has begun when it says what takes so long.
		child.stderr.once('data', () => child.kill('SIGTERM'));
		// `close` comes when no process holds the pipe any more: also the one that it had started is gone.
		const code = await new Promise((done) => child.once('close', done));
		expect(code).toBe(143);
		expect(out).toBe('');
	});
});
