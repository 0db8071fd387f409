import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '$lib/ids.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import {
	auditEvents,
	modalities,
	practiceStudies,
	studyInstances
} from '$lib/server/db/schema/index.ts';
import { addMachine, setMachineDisabled } from '$lib/server/commands/change-machine.ts';
import { listMachines } from '$lib/server/queries/list-machines.ts';
import { startDimse, type DimseDoor } from '$lib/server/dimse/start-dimse.ts';
import { createTestArchives } from '../../support/archives.ts';
import { corpus, hasCorpus } from '../../support/corpus.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import { tinyLoop } from '../../support/tiny-dicom.ts';

const missing = await new Promise<boolean>((done) =>
	execFile('storescu', ['--version'], (error) => done(error !== null))
);
if (missing) console.warn('dcmtk (storescu, echoscu) is not installed: its tests are skipped.');

let test: TestServices;
let practiceId: PracticeId;
let archive: Archive;
let door: DimseDoor;
let folder: string;

beforeAll(async () => {
	const archives = createTestArchives();
	test = await createTestServices({ archives: archives.port });
	test.services.env = { ...test.services.env, DIMSE_PORT: 0 };
	practiceId = await buildPractice(test.services);
	archive = await archives.addEmbedded(test.services, practiceId);
	await test.services.db.insert(modalities).values([
		{ ...machine('m1', 'ECHO1'), address: '127.0.0.1' },
		{ ...machine('m2', 'ELSEWHERE'), address: '10.1.2.3' }
	]);
	door = await startDimse(test.services);
	folder = mkdtempSync(join(tmpdir(), 'readroom-dimse-'));
});
afterAll(async () => {
	await door.close();
	rmSync(folder, { recursive: true, force: true });
});

const machine = (id: string, aeTitle: string) => ({
	id,
	practiceId,
	archiveId: archive.id,
	aeTitle,
	createdAt: test.services.clock()
});

interface Ended {
	code: number | null;
	output: string;
}

function run(program: string, args: string[]): Promise<Ended> {
	return new Promise((done) => {
		execFile(program, args, { maxBuffer: 1e8 }, (error, stdout, stderr) =>
			done({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr })
		);
	});
}

const at = (aeTitle: string) => [
	'-aet',
	aeTitle,
	'-aec',
	'READROOM',
	'127.0.0.1',
	String(door.port)
];

/** Writes loops of one study; SOP UIDs end in the number. */
function files(study: string, from: number, to: number, frames = 2): string[] {
	return Array.from({ length: to - from }, (_, i) => {
		const n = from + i;
		const path = join(folder, `${study}-${n}.dcm`);
		const uids = { studyUid: study, seriesUid: `${study}.1`, sopUid: `${study}.1.${n + 1}` };
		writeFileSync(path, tinyLoop({ ...uids, frames, rows: 16, columns: 16 }));
		return path;
	});
}

async function countOf(study: string): Promise<number> {
	const rows = await test.services.db
		.select({ id: studyInstances.id })
		.from(studyInstances)
		.innerJoin(practiceStudies, eq(practiceStudies.id, studyInstances.studyId))
		.where(eq(practiceStudies.studyUid, study as never));
	return rows.length;
}

describe.skipIf(missing)('the door for machines', () => {
	it('answers an echo of a machine that it knows', async () => {
		expect(await run('echoscu', at('ECHO1'))).toMatchObject({ code: 0 });
	});

	it('rejects an unknown machine, and a known one that calls from elsewhere', async () => {
		for (const aeTitle of ['STRANGER', 'ELSEWHERE', 'echo1']) {
			const { code, output } = await run('echoscu', ['-v', ...at(aeTitle)]);
			expect(code).not.toBe(0);
			expect(output).toContain('Calling AE Title Not Recognized');
		}
	});

	it('stores 200 instances over several associations, and again without change', async () => {
		const all = files('1.2.200', 0, 200);
		const groups = [all.slice(0, 70), all.slice(70, 140), all.slice(140)];
		const ended = await Promise.all(
			groups.map((group) => run('storescu', ['--repeat', '1', ...at('ECHO1'), ...group]))
		);
		const refused = () => test.logged.filter((line) => !/"level":(20|30)/.test(line)).join('\n');
		expect(
			ended.map((e) => e.code),
			refused()
		).toEqual([0, 0, 0]);
		expect(await countOf('1.2.200')).toBe(200);
		const [study] = await test.services.db
			.select()
			.from(practiceStudies)
			.where(eq(practiceStudies.studyUid, '1.2.200' as never));
		expect(study).toMatchObject({ practiceId, instanceCount: 200, origin: 'dimse' });
		expect(await run('storescu', [...at('ECHO1'), ...all.slice(0, 3)])).toMatchObject({ code: 0 });
		expect(await countOf('1.2.200')).toBe(200);
		const events = await test.services.db
			.select()
			.from(auditEvents)
			.where(eq(auditEvents.actor, 'modality:ECHO1'));
		expect(events[0]).toMatchObject({ address: '127.0.0.1', device: 'AE ECHO1' });
	}, 120_000);

	it('leaves nothing half stored when an association is dropped in the middle', async () => {
		const all = files('1.2.201', 0, 60, 400);
		const child = spawn('storescu', [...at('ECHO1'), ...all], { stdio: 'ignore' });
		const ended = new Promise((done) => child.on('exit', done));
		while ((await countOf('1.2.201')) < 5) await new Promise((done) => setTimeout(done, 5));
		child.kill('SIGKILL');
		await ended;
		const inIndex = await countOf('1.2.201');
		expect(inIndex).toBeGreaterThanOrEqual(5);
		expect(inIndex).toBeLessThan(60);
		// Everything that the archive or the index holds is whole and readable.
		const held = await archive.search({
			level: 'instances',
			studyUid: '1.2.201' as never,
			filters: {},
			includeFields: [],
			limit: 100,
			offset: 0
		});
		expect(Math.abs(held.length - inIndex)).toBeLessThanOrEqual(1);
		expect(await run('storescu', [...at('ECHO1'), ...all])).toMatchObject({ code: 0 });
		expect(await countOf('1.2.201')).toBe(60);
	}, 120_000);

	it('tells the machine why an object is not taken, and takes the next', async () => {
		const [first] = files('1.2.202', 0, 1);
		expect(await run('storescu', [...at('ECHO1'), first ?? ''])).toMatchObject({ code: 0 });
		const other = join(folder, 'other.dcm');
		writeFileSync(other, tinyLoop({ studyUid: '1.2.202', sopUid: '1.2.202.9', patientId: 'P9' }));
		const [, next = ''] = files('1.2.202', 0, 2);
		const { output } = await run('storescu', ['-v', '-nh', ...at('ECHO1'), other, next]);
		expect(output).toMatch(/DataSetDoesNotMatchSOPClass|0xa900/i);
		expect(await countOf('1.2.202')).toBe(2);
	});

	it('takes a machine from the moment it is added until the moment it is disabled', async () => {
		const admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
		const [one = '', two = '', three = ''] = files('1.2.203', 0, 3);
		expect(await run('storescu', [...at('ROOM 2'), one])).not.toMatchObject({ code: 0 });
		const input = { aeTitle: ' ROOM 2 ', name: 'Room 2', address: '127.0.0.1' };
		const { id } = await addMachine(test.services, admin, input, true);
		expect(await run('storescu', [...at('ROOM 2'), one])).toMatchObject({ code: 0 });
		const [heard] = (await listMachines(test.services.db, practiceId)).filter((x) => x.id === id);
		expect(heard?.lastHeardAt).toEqual(test.services.clock());
		await setMachineDisabled(test.services, admin, { id, disabled: true }, true);
		const { code, output } = await run('storescu', ['-v', ...at('ROOM 2'), two]);
		expect(code).not.toBe(0);
		expect(output).toContain('Calling AE Title Not Recognized');
		expect(await countOf('1.2.203')).toBe(1);
		await setMachineDisabled(test.services, admin, { id, disabled: false }, true);
		expect(await run('storescu', [...at('ROOM 2'), three])).toMatchObject({ code: 0 });
		expect(await countOf('1.2.203')).toBe(2);
	});

	it('refuses the next object of a connection whose machine was disabled meanwhile', async () => {
		const admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
		const input = { aeTitle: 'ROOM3', name: '', address: null };
		const { id } = await addMachine(test.services, admin, input, true);
		const all = files('1.2.204', 0, 60, 400);
		const sending = run('storescu', [...at('ROOM3'), ...all]);
		while ((await countOf('1.2.204')) < 3) await new Promise((done) => setTimeout(done, 5));
		await setMachineDisabled(test.services, admin, { id, disabled: true }, true);
		const taken = await countOf('1.2.204');
		expect(await sending).not.toMatchObject({ code: 0 });
		// One object may have been judged before the change.
		expect(await countOf('1.2.204')).toBeLessThanOrEqual(taken + 1);
	}, 60_000);

	it('lives on after bytes that are no DICOM, and after claims of four gigabytes', async () => {
		for (const bytes of [
			Buffer.from('GET / HTTP/1.1\r\n\r\n'),
			Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff, 0, 0]),
			Buffer.alloc(0)
		]) {
			await new Promise<void>((done) => {
				const socket = connect(door.port, '127.0.0.1', () => {
					if (bytes.length) socket.write(bytes);
					else socket.end();
				});
				socket.on('close', () => done());
				socket.on('error', () => {});
				socket.resume();
			});
		}
		expect(await run('echoscu', at('ECHO1'))).toMatchObject({ code: 0 });
	});

	it.skipIf(!hasCorpus)('takes compressed loops and reports as they come', async () => {
		const names = ['us-mf-jpeg', 'us-mf-rle', 'us-mf-j2k', 'SR-TID5200-implicit-undefined-length'];
		for (const name of names) {
			const path = join(corpus, `synthetic/extras/${name}.dcm`);
			// -xf would need a profile; proposing the file's own syntax is what machines do.
			const option = { 'us-mf-jpeg': '-xy', 'us-mf-rle': '-xr', 'us-mf-j2k': '-xw' }[name];
			const args = [...(option ? [option] : ['-xi']), '-R', ...at('ECHO1'), path];
			const { code, output } = await run('storescu', args);
			expect(code, `${name}: ${output}`).toBe(0);
		}
		const rows = await test.services.db
			.select({ syntax: studyInstances.transferSyntax })
			.from(studyInstances);
		const syntaxes = new Set(rows.map((row) => row.syntax));
		for (const syntax of ['4.50', '5', '4.91']) {
			expect([...syntaxes]).toContain(`1.2.840.10008.1.2.${syntax}`);
		}
	});
});
