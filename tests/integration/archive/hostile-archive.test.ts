import { buffer, text as readText } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import type { Search } from '$lib/server/archive/archive.ts';
import { ParsePool } from '$lib/server/archive/parse-pool.ts';
import { rawCine } from '../../support/dicom-maker.ts';
import { json, multipart, multipartType, startMockArchive } from '../../support/mock-archive.ts';
import type { Answer, MockArchive } from '../../support/mock-archive.ts';

const of = { study: '1.2.3', series: '1.2.3.4', sop: '1.2.3.4.5' };
const ref = {
	studyUid: of.study as StudyUid,
	seriesUid: of.series as SeriesUid,
	sopUid: of.sop as InstanceUid
};
const cine = rawCine(of);
const ui = (value: string) => ({ vr: 'UI', Value: [value] });
const identity = {
	'00080018': ui(of.sop),
	'0020000D': ui(of.study),
	'0020000E': ui(of.series)
};
const allStudies: Search = {
	level: 'studies',
	filters: {},
	includeFields: ['00081190'],
	limit: 10,
	offset: 0
};
const send =
	(body: Uint8Array, headers: Record<string, string | number>, status = 200): Answer =>
	(_, response) =>
		response.writeHead(status, headers).end(body);

describe('an archive that cannot be trusted', () => {
	let pool: ParsePool;
	let mock: MockArchive;
	/** For tests of silence alone: on a busy machine an honest answer may take longer than this. */
	const impatient = { firstByteMs: 400, idleMs: 400 };
	beforeAll(() => {
		pool = new ParsePool({ size: 1 });
	});
	afterAll(() => pool.close());
	beforeEach(async () => {
		mock = await startMockArchive(pool);
	});
	afterEach(() => mock.stop());

	const wrong = { code: 'archive_answer_wrong' };
	const away = { code: 'archive_unavailable' };

	describe('addresses inside answers (T29)', () => {
		const evil = [
			'http://169.254.169.254/latest/meta-data',
			'http://localhost:1/x',
			'https://attacker.example/bulk',
			`http://attacker.example/studies/${of.study}/instances/${of.sop}/../../../secret`
		];

		it.each(evil)('turns %s into an address of ours, and calls nobody', async (uri) => {
			mock.answer = json([
				{
					...identity,
					'00081190': { vr: 'UR', Value: [uri] },
					'00420011': { vr: 'OB', BulkDataURI: uri },
					'7FE00010': { vr: 'OB', BulkDataURI: uri },
					'0040A730': {
						vr: 'SQ',
						Value: [
							{ '00081190': { vr: 'UR', Value: [uri] }, '00420011': { vr: 'OB', BulkDataURI: uri } }
						]
					}
				}
			]);
			const metadata = await mock.archive.metadata(ref.studyUid);
			const prefix = `series/${of.series}/instances/${of.sop}`;
			expect(JSON.stringify(metadata)).not.toContain(uri);
			expect(metadata[0]!['00420011']!.BulkDataURI).toBe(`${prefix}/bulk/00420011`);
			expect(JSON.stringify(metadata)).toContain(`${prefix}/bulk/0040A730/1/00420011`);
			expect(mock.calls).toEqual([`GET /dicom-web/studies/${of.study}/metadata`]);
		});

		it('asks for bulk data below the instance alone, or takes it out of the object', async () => {
			mock.answer = (request, response) => {
				if (request.url?.endsWith('/metadata')) {
					const element = { vr: 'OB', BulkDataURI: 'http://169.254.169.254/latest' };
					return json([{ ...identity, '00420011': element }])(request, response);
				}
				send(multipart([cine]), { 'content-type': multipartType })(request, response);
			};
			await expect(mock.archive.bulkdata(ref, 'bulk/00420011')).rejects.toMatchObject({
				code: 'not_found'
			});
			const instance = `GET /dicom-web/studies/${of.study}/series/${of.series}/instances/${of.sop}`;
			expect(mock.calls).toEqual([`${instance}/metadata`, instance]);
		});

		it('leaves them out of search results', async () => {
			mock.answer = json([{ ...identity, '00081190': { vr: 'UR', Value: [evil[0]] } }]);
			const [found] = await mock.archive.search(allStudies);
			expect(Object.keys(found!)).not.toContain('00081190');
		});
	});

	describe('what passes (T31)', () => {
		it('is a type from our list and nothing of the archive’s headers', async () => {
			mock.answer = send(multipart([cine]), {
				'content-type': multipartType,
				'set-cookie': 'a=b',
				'access-control-allow-origin': '*',
				location: 'http://attacker.example/',
				server: 'x'
			});
			const held = await mock.archive.instance(ref);
			expect(Object.keys(held).sort()).toEqual(['body', 'contentType', 'etag', 'length']);
			expect(held).toMatchObject({ contentType: 'application/dicom', etag: null });
			expect(new Uint8Array(await buffer(held.body))).toEqual(cine);
		});

		it.each(['text/html', 'image/svg+xml', 'application/pdf', 'application/xml'])(
			'is never %s',
			async (type) => {
				const script = Buffer.from('<script>alert(1)</script>');
				mock.answer = send(script, { 'content-type': type });
				await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject(wrong);
				await expect(mock.archive.instance(ref)).rejects.toMatchObject(wrong);
				await expect(mock.archive.frames(ref, [1])).rejects.toMatchObject(wrong);
				await expect(mock.archive.rendered(ref, {})).rejects.toMatchObject(wrong);
				await expect(mock.archive.search(allStudies)).rejects.toMatchObject(wrong);
			}
		);

		it('is not what a redirect points to', async () => {
			mock.answer = send(Buffer.alloc(0), { location: `${mock.url}/elsewhere` }, 302);
			await expect(mock.archive.instance(ref)).rejects.toMatchObject(wrong);
			await expect(mock.archive.ping()).rejects.toMatchObject(wrong);
			expect(mock.calls).toHaveLength(2);
		});

		it('is the object that was asked for (D3)', async () => {
			const other = { ...of, sop: '9.9' };
			mock.answer = send(multipart([rawCine(other)]), { 'content-type': multipartType });
			await expect(mock.archive.instance(ref)).rejects.toMatchObject(wrong);
			mock.answer = send(multipart([rawCine({ ...of, study: '9.9' })]), {
				'content-type': multipartType
			});
			await expect(mock.archive.instance(ref)).rejects.toMatchObject(wrong);
			mock.answer = json([{ ...identity, '0020000D': ui('9.9') }]);
			await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject(wrong);
			mock.answer = json([{ ...identity, '0020000D': ui('9.9') }]);
			const search = { ...allStudies, studyUid: ref.studyUid };
			expect(await mock.archive.search(search)).toEqual([]);
		});

		it('has nothing before DICM (T36)', async () => {
			const polyglot = cine.slice();
			polyglot.set(Buffer.from('\x7fELF'));
			mock.answer = send(polyglot, { 'content-type': 'application/dicom' });
			const held = await mock.archive.instance(ref);
			expect(new Uint8Array(await buffer(held.body))).toEqual(cine);
		});

		it('is tags and values, not the keys of an attacker', async () => {
			const body = `[{"__proto__":{"polluted":1},"constructor":{"vr":"UI"},${JSON.stringify(identity).slice(1)}]`;
			mock.answer = send(Buffer.from(body), { 'content-type': 'application/dicom+json' });
			const [found] = await mock.archive.metadata(ref.studyUid);
			expect(Object.keys(found!).sort()).toEqual(Object.keys(identity).sort());
			expect(({} as Record<string, unknown>).polluted).toBeUndefined();
		});
	});

	describe('filters (an archive that ignores what it does not know)', () => {
		it('are applied again by us', async () => {
			const study = (uid: string, sex: string) => ({
				'0020000D': ui(uid),
				'00100040': { vr: 'CS', Value: [sex] }
			});
			mock.answer = json([study('1.1', 'F'), study('1.2', 'M')]);
			const found = await mock.archive.search({ ...allStudies, filters: { PatientSex: 'M' } });
			expect(found.map((s) => s['0020000D']!.Value![0])).toEqual(['1.2']);
		});

		it('are sent without a character that would need decoding', async () => {
			mock.answer = json([]);
			const filters = { PatientName: 'Müller^J&limit=1#', StudyDate: '20260101-' };
			await mock.archive.search({ ...allStudies, filters });
			expect(mock.calls[0]).toMatch(/\?PatientName=M\*ller\*J\*limit\*1\*&StudyDate=20260101-&/);
			expect(mock.calls[0]).not.toMatch(/%/);
		});
	});

	describe('half answers (D7)', () => {
		const body = multipart([cine]);

		it.each([
			['cut off in the object', body.subarray(0, 600)],
			['cut off before the last boundary', multipart([cine], 'application/dicom', false)],
			['two objects', multipart([cine, cine])]
		])('%s: the stream ends with an error, never early', async (_, bytes) => {
			mock.answer = send(bytes, { 'content-type': multipartType });
			await expect(
				(async () => buffer((await mock.archive.instance(ref)).body))()
			).rejects.toMatchObject(wrong);
		});

		it('a connection that breaks in the middle is an error', async () => {
			mock.answer = (_, response) => {
				response.writeHead(200, { 'content-type': multipartType, 'content-length': body.length });
				response.write(body.subarray(0, body.length - 200), () => response.socket?.destroy());
			};
			await expect(
				(async () => buffer((await mock.archive.instance(ref)).body))()
			).rejects.toMatchObject(away);
		});

		it('silence in the middle is an error within the limit', async () => {
			await mock.stop();
			mock = await startMockArchive(pool, { idleMs: 150 });
			mock.answer = (_, response) => {
				response.writeHead(200, { 'content-type': multipartType });
				response.write(body.subarray(0, body.length - 200));
			};
			await expect(
				(async () => buffer((await mock.archive.instance(ref)).body))()
			).rejects.toMatchObject(away);
		});

		it('fewer frames than asked for are an error', async () => {
			const frame = Buffer.alloc(16);
			mock.answer = send(multipart([frame, frame], 'application/octet-stream'), {
				'content-type': 'multipart/related; boundary=b0undary'
			});
			await expect(mock.archive.frames(ref, [1, 2, 3])).rejects.toMatchObject(wrong);
		});

		it('JSON that is cut off is an error', async () => {
			mock.answer = send(Buffer.from('[{"0020000D":'), {
				'content-type': 'application/dicom+json'
			});
			await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject(wrong);
		});
	});

	describe('sizes (T33)', () => {
		it('a length of 4 GB is refused before the body', async () => {
			mock.answer = (_, response) => {
				response.writeHead(200, { 'content-type': multipartType, 'content-length': 4e9 });
				response.write('x');
			};
			await expect(mock.archive.instance(ref)).rejects.toMatchObject(wrong);
		});

		it('a gzip bomb is refused while it grows', async () => {
			const bomb = gzipSync(Buffer.alloc(96 * 1024 * 1024, 0x20));
			mock.answer = send(bomb, {
				'content-type': 'application/dicom+json',
				'content-encoding': 'gzip'
			});
			await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject(wrong);
		});

		it('plain gzip is read', async () => {
			mock.answer = send(gzipSync(JSON.stringify([identity])), {
				'content-type': 'application/dicom+json',
				'content-encoding': 'gzip'
			});
			expect(await mock.archive.metadata(ref.studyUid)).toHaveLength(1);
		});

		it('JSON that does not end is refused', async () => {
			mock.answer = (_, response) => {
				response.writeHead(200, { 'content-type': 'application/dicom+json' });
				const chunk = Buffer.alloc(1024 * 1024, 0x20);
				const more = () => {
					while (!response.destroyed && response.write(chunk));
				};
				response.on('drain', more);
				more();
			};
			await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject(wrong);
		});
	});

	describe('an archive that is away (T32)', () => {
		const faults: Record<string, Answer> = {
			resets: (request) => request.socket.destroy(),
			'does not answer': () => {},
			'answers 500': (_, response) => response.writeHead(500).end(),
			'refuses our credentials': (_, response) => response.writeHead(401).end()
		};

		it.each(Object.keys(faults))(
			'%s: an honest error, then the breaker, then it recovers',
			async (name) => {
				if (name === 'does not answer') {
					await mock.stop();
					mock = await startMockArchive(pool, impatient);
				}
				mock.answer = faults[name]!;
				for (let i = 0; i < 5; i++) await expect(mock.archive.ping()).rejects.toMatchObject(away);
				const before = mock.calls.length;
				await expect(mock.archive.ping()).rejects.toMatchObject(away);
				expect(mock.calls.length).toBe(before); // turned away at once
				mock.answer = json([]);
				await expect(mock.archive.ping()).rejects.toMatchObject(away);
				mock.advance(29_000); // recovers in 30 s at the latest (N9)
				await mock.archive.ping();
				await mock.archive.ping();
			}
		);

		it('stays open while the probe fails, and lets one through at a time', async () => {
			mock.answer = faults['answers 500']!;
			for (let i = 0; i < 5; i++) await mock.archive.ping().catch(() => {});
			mock.advance(6000);
			const before = mock.calls.length;
			await Promise.allSettled([mock.archive.ping(), mock.archive.ping(), mock.archive.ping()]);
			expect(mock.calls.length).toBe(before + 1);
			await expect(mock.archive.ping()).rejects.toMatchObject(away);
			expect(mock.calls.length).toBe(before + 1);
		});

		it('what is not there does not open it', async () => {
			for (let i = 0; i < 20; i++) {
				await expect(mock.archive.metadata(ref.studyUid)).rejects.toMatchObject({
					code: 'not_found'
				});
			}
			expect(mock.calls).toHaveLength(20);
		});

		it('nobody listening is an honest error', async () => {
			await mock.stop();
			await expect(mock.archive.ping()).rejects.toMatchObject(away);
		});

		it('a caller who leaves is not held up, and nothing is held against the archive', async () => {
			mock.answer = faults['does not answer']!;
			for (let i = 0; i < 8; i++) {
				await expect(mock.archive.ping(AbortSignal.timeout(5))).rejects.toBeTruthy();
			}
			mock.answer = json([]);
			await mock.archive.ping();
		});
	});

	describe('storing', () => {
		it('does not believe a 200 that names nothing', async () => {
			mock.answer = (request, response) =>
				request.method === 'POST'
					? json({ '00081199': { vr: 'SQ' } })(request, response)
					: json([])(request, response);
			const [outcome] = await mock.archive.store([cine]);
			expect(outcome).toMatchObject({ status: 'rejected', sopUid: of.sop, failureReason: 0x0110 });
		});

		it('believes what a 400 lists as kept, and says so when it was changed', async () => {
			const kept = { '00081155': ui(of.sop) };
			const coerced = rawCine({ ...of, patientId: 'COERCED' });
			mock.answer = (request, response) => {
				if (request.method === 'POST') {
					response.writeHead(400, { 'content-type': 'application/dicom+json' });
					return response.end(JSON.stringify({ '00081199': { vr: 'SQ', Value: [kept] } }));
				}
				if (request.url?.includes('?')) return json([])(request, response);
				send(multipart([coerced]), { 'content-type': multipartType })(request, response);
			};
			const [outcome] = await mock.archive.store([cine]);
			expect(outcome).toMatchObject({ status: 'stored', coerced: true });
		});

		it('gives the archive’s reason', async () => {
			const failed = { '00081155': ui(of.sop), '00081197': { vr: 'US', Value: [0xa700] } };
			mock.answer = (request, response) =>
				request.method === 'POST'
					? (response.writeHead(409, { 'content-type': 'application/dicom+json' }),
						response.end(JSON.stringify({ '00081198': { vr: 'SQ', Value: [failed] } })))
					: json([])(request, response);
			const [outcome] = await mock.archive.store([cine]);
			expect(outcome).toMatchObject({ status: 'rejected', failureReason: 0xa700 });
		});

		it('sends no preamble, our token, and one part', async () => {
			let sent = '';
			let header: string | undefined;
			mock.answer = async (request, response) => {
				if (request.method !== 'POST') return json([])(request, response);
				header = request.headers.authorization;
				sent = await readText(request.setEncoding('latin1'));
				response.writeHead(409).end();
			};
			const polyglot = cine.slice();
			polyglot.set(Buffer.from('MZ'));
			await mock.archive.store([polyglot]);
			expect(header).toBe('Bearer token');
			expect(sent).toMatch(
				/^--readroom-\w+\r\nContent-Type: application\/dicom\r\n\r\n\0{128}DICM/
			);
			expect(sent.match(/\r\n--readroom/g)).toHaveLength(1);
		});

		it('says that it does not know when the answer is lost; asked again it is a duplicate (T58)', async () => {
			let there = false;
			mock.answer = (request, response) => {
				if (request.method === 'POST') {
					request.resume().on('end', () => {
						there = true;
						request.socket.destroy();
					});
				} else if (request.url?.includes('?')) {
					json(there ? [identity] : [])(request, response);
				} else send(multipart([cine]), { 'content-type': multipartType })(request, response);
			};
			await expect(mock.archive.store([cine])).rejects.toMatchObject(away);
			const [again] = await mock.archive.store([cine]);
			expect(again).toMatchObject({ status: 'duplicate' });
		});
	});

	it('never makes a path of anything but UIDs (T28)', async () => {
		for (const bad of ['..', '%2e%2e', '..%2f', '//h', 'http://h', '1.2@h', '1\r\n2', '1..2', '']) {
			const uid = bad as StudyUid;
			await expect(mock.archive.metadata(uid)).rejects.toMatchObject({ code: 'invalid_input' });
			await expect(
				mock.archive.instance({ ...ref, sopUid: bad as InstanceUid })
			).rejects.toMatchObject({
				code: 'invalid_input'
			});
		}
		expect(mock.calls).toEqual([]);
	});
});
