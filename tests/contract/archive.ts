import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import jpegJs from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import type { Archive, InstanceRef, Search } from '$lib/server/archive/archive.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { items, number, text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { file, jpegCine, pdf, rawCine, report } from '../support/dicom-maker.ts';
import type { Identity } from '../support/dicom-maker.ts';

export interface ArchiveUnderTest {
	archive: Archive;
	/** Puts bytes in without our checks; undefined when that cannot be done. */
	close(): Promise<void>;
}

let next = Date.now();
/** A UID that no other test of this run, and no earlier run against the same server, has used. */
const uid = () => `2.25.${next++}`;

const identity = (over: Partial<Identity> = {}): Identity => ({
	study: uid(),
	series: uid(),
	sop: uid(),
	...over
});

const refOf = (of: Identity): InstanceRef => ({
	studyUid: of.study as StudyUid,
	seriesUid: of.series as SeriesUid,
	sopUid: of.sop as InstanceUid
});

const search = (over: Partial<Search>): Search => ({
	level: 'studies',
	filters: {},
	includeFields: [],
	limit: 100,
	offset: 0,
	...over
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A real JPEG of one grey, so that decoders and browsers take it. */
export function greyJpeg(level: number, columns = 32, rows = 16): Uint8Array {
	const data = new Uint8Array(columns * rows * 4).fill(level);
	return new Uint8Array(jpegJs.encode({ width: columns, height: rows, data }, 90).data);
}

const sopUids = (results: DicomJson[]) => results.map((r) => text(r, tags.SOPInstanceUID));
const studyUids = (results: DicomJson[]) => results.map((r) => text(r, tags.StudyInstanceUID));

/** What every archive does, whatever is behind it. Each adapter runs all of it. */
export function describeArchive(name: string, setup: () => Promise<ArchiveUnderTest>): void {
	describe(`archive: ${name}`, () => {
		let archive: Archive;
		let close: () => Promise<void>;
		beforeAll(async () => {
			({ archive, close } = await setup());
		});
		afterAll(() => close?.());

		const put = async (bytes: Uint8Array) => {
			const [outcome] = await archive.store([bytes]);
			expect(outcome).toMatchObject({ status: 'stored' });
			return outcome!;
		};

		it('answers a ping', async () => {
			await archive.ping();
		});

		describe('storing', () => {
			it('gives one outcome an object, in order, with the hash of what it holds', async () => {
				const a = identity();
				const b = identity({ study: a.study });
				const objects = [rawCine(a), new TextEncoder().encode('not DICOM'), report(b)];
				const outcomes = await archive.store(objects);
				expect(outcomes.map((o) => o.status)).toEqual(['stored', 'rejected', 'stored']);
				expect(outcomes[0]).toMatchObject({ ref: refOf(a), hash: sha256(objects[0]!) });
				expect(outcomes[1]).toMatchObject({
					failureReason: 0xc000,
					reason: expect.stringMatching(/not a DICOM file/)
				});
				const held = await archive.instance(refOf(b));
				expect(sha256(await buffer(held.body))).toBe(sha256(objects[2]!));
			});

			it('calls the same bytes a duplicate and changes nothing', async () => {
				const of = identity();
				const first = await put(rawCine(of));
				const [again] = await archive.store([rawCine(of)]);
				expect(again).toEqual({ ...first, status: 'duplicate' });
			});

			it('refuses the same UID with other bytes, and keeps what it has', async () => {
				const of = identity();
				const original = report(of, 'first');
				await put(original);
				const [second] = await archive.store([report(of, 'second')]);
				expect(second).toMatchObject({
					status: 'rejected',
					sopUid: of.sop,
					failureReason: 0x0111,
					reason: expect.stringMatching(/other content/)
				});
				const held = await archive.instance(refOf(of));
				expect(sha256(await buffer(held.body))).toBe(sha256(original));
			});

			it('refuses the same UID in another study', async () => {
				const of = identity();
				await put(rawCine(of));
				const elsewhere = identity({ sop: of.sop });
				const [second] = await archive.store([rawCine(elsewhere)]);
				expect(second).toMatchObject({ status: 'rejected', failureReason: 0x0111 });
				await expect(archive.instance(refOf(elsewhere))).rejects.toMatchObject({
					code: 'not_found'
				});
			});

			it('keeps one of two different objects that race for a UID', async () => {
				const of = identity();
				const [a, b] = await Promise.all([
					archive.store([report(of, 'one')]),
					archive.store([report(of, 'two')])
				]);
				expect([a![0]!.status, b![0]!.status].sort()).toEqual(['rejected', 'stored']);
			});

			it('refuses an object of another study than expected', async () => {
				const of = identity();
				const [outcome] = await archive.store([rawCine(of)], { studyUid: uid() as StudyUid });
				expect(outcome).toMatchObject({
					status: 'rejected',
					reason: expect.stringMatching(/another study/)
				});
				await expect(archive.instance(refOf(of))).rejects.toMatchObject({ code: 'not_found' });
			});

			it('takes objects of the expected study', async () => {
				const of = identity();
				const [outcome] = await archive.store([rawCine(of)], { studyUid: of.study as StudyUid });
				expect(outcome).toMatchObject({ status: 'stored' });
			});

			it.each([
				['no Study Instance UID', { '0020000D': ['UI', ''] }, /Study Instance UID/],
				['a UID with path characters', { '00080018': ['UI', '../../etc'] }, /not a valid UID/],
				['a UID over 64 characters', { '0020000E': ['UI', '1.'.repeat(40) + '1'] }, /valid UID/],
				['more rows than bytes', { '00280010': ['US', 4000] }, /need/],
				['more frames than bytes', { '00280008': ['IS', '1000000'] }, /need/],
				[
					'a frame of four gigapixels',
					{ '00280010': ['US', 65535], '00280011': ['US', 65535] },
					/larger/
				]
			] as const)('refuses an object with %s', async (_, wrong, reason) => {
				const of = identity();
				const elements = {
					'00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7'],
					'00080018': ['UI', of.sop],
					'0020000D': ['UI', of.study],
					'0020000E': ['UI', of.series],
					'00280002': ['US', 1],
					'00280004': ['CS', 'MONOCHROME2'],
					'00280010': ['US', 4],
					'00280011': ['US', 4],
					'00280100': ['US', 8],
					'7FE00010': ['OB', new Uint8Array(16)],
					...wrong
				} as unknown as Parameters<typeof file>[0]['elements'];
				const [outcome] = await archive.store([file({ elements })]);
				expect(outcome).toMatchObject({
					status: 'rejected',
					reason: expect.stringMatching(reason)
				});
			});

			it('refuses meta information that names another object', async () => {
				const of = identity();
				const bytes = file({
					elements: {
						'00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7'],
						'00080018': ['UI', of.sop],
						'0020000D': ['UI', of.study],
						'0020000E': ['UI', of.series]
					},
					meta: { '00020003': ['UI', uid()] }
				});
				const [outcome] = await archive.store([bytes]);
				expect(outcome).toMatchObject({ status: 'rejected' });
			});

			it('keeps nothing of what stands before DICM (T36)', async () => {
				const of = identity();
				const bytes = rawCine(of);
				bytes.set(new TextEncoder().encode('MZ\x90\x00 This program cannot be run'));
				await put(bytes);
				const held = await buffer((await archive.instance(refOf(of))).body);
				expect(held.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
				expect(held.subarray(128, 132).toString()).toBe('DICM');
			});
		});

		describe('reading', () => {
			const cine = identity({ instanceNumber: 1, seriesNumber: 1 });
			const jpeg = identity({ study: cine.study, instanceNumber: 2, seriesNumber: 2 });
			const sr = identity({ study: cine.study, instanceNumber: 3, seriesNumber: 3 });
			const doc = identity({ study: cine.study, instanceNumber: 4, seriesNumber: 4 });
			const frames = [greyJpeg(40), greyJpeg(120), greyJpeg(200)];
			const document = new TextEncoder().encode(`%PDF-1.4\n${'%'.repeat(3001)}\n%%EOF\n`);
			const rawBytes = rawCine(cine);
			beforeAll(async () => {
				const [first, second, third] = frames;
				const half = second!.length >> 1;
				await put(rawBytes);
				await put(
					jpegCine(
						jpeg,
						[[first!], [second!.subarray(0, half & ~1), second!.subarray(half & ~1)], [third!]],
						16,
						32
					)
				);
				await put(report(sr));
				await put(pdf(doc, document));
			});

			it('gives the file as it is stored', async () => {
				const held = await archive.instance(refOf(cine));
				expect(held.contentType).toBe('application/dicom');
				expect(new Uint8Array(await buffer(held.body))).toEqual(rawBytes);
				if (held.length !== null) expect(held.length).toBe(rawBytes.length);
			});

			it('gives metadata of study, series and instance, with text inside sequences', async () => {
				const study = await archive.metadata(cine.study as StudyUid);
				expect(sopUids(study).sort()).toEqual([cine.sop, jpeg.sop, sr.sop, doc.sop].sort());
				const series = await archive.metadata(cine.study as StudyUid, jpeg.series as SeriesUid);
				expect(sopUids(series)).toEqual([jpeg.sop]);
				const { studyUid, seriesUid, sopUid } = refOf(sr);
				const [one] = await archive.metadata(studyUid, seriesUid, sopUid);
				const [measured, finding] = items(one!, tags.ContentSequence);
				expect(text(finding!, tags.TextValue)).toBe('Größe 25 µm');
				const value = items(measured!, tags.MeasuredValueSequence)[0]!;
				expect(number(value, tags.NumericValue)).toBe(4.7);
				expect(Object.keys(one!).some((tag) => tag.startsWith('0002'))).toBe(false);
			});

			it('leaves pixels out of the metadata', async () => {
				const { studyUid, seriesUid, sopUid } = refOf(cine);
				const [one] = await archive.metadata(studyUid, seriesUid, sopUid);
				expect(one![tags.PixelData]?.InlineBinary).toBeUndefined();
				expect(number(one!, tags.NumberOfFrames)).toBe(3);
				expect(text(one!, tags.FrameIncrementPointer)).toBe('00181063');
			});

			it('gives bulk data by the path it gave', async () => {
				const { studyUid, seriesUid, sopUid } = refOf(doc);
				const [one] = await archive.metadata(studyUid, seriesUid, sopUid);
				const uri = one![tags.EncapsulatedDocument]?.BulkDataURI ?? '';
				const prefix = `series/${seriesUid}/instances/${sopUid}/`;
				expect(uri.startsWith(prefix)).toBe(true);
				const held = await archive.bulkdata(refOf(doc), uri.slice(prefix.length));
				const bytes = new Uint8Array(await buffer(held.body));
				expect(bytes.subarray(0, document.length)).toEqual(document);
				expect(bytes.length - document.length).toBeLessThanOrEqual(1);
			});

			it('gives native frames', async () => {
				const found = await archive.frames(refOf(cine), [1, 3]);
				expect(found.map((frame) => frame.bytes.length)).toEqual([16 * 24, 16 * 24]);
				expect(found.map((frame) => frame.bytes[0])).toEqual([10, 30]);
				expect(found[0]).toMatchObject({
					contentType: 'application/octet-stream',
					transferSyntax: '1.2.840.10008.1.2.1'
				});
			});

			it('gives compressed frames as stored, fragments joined', async () => {
				const found = await archive.frames(refOf(jpeg), [1, 2, 3]);
				expect(found).toHaveLength(3);
				found.forEach((frame, i) => {
					expect(frame.transferSyntax).toBe('1.2.840.10008.1.2.4.50');
					expect(frame.contentType).toBe('image/jpeg');
					expect(frame.bytes.subarray(0, frames[i]!.length)).toEqual(frames[i]);
				});
			});

			it('has no frame 0 and none after the last', async () => {
				await expect(archive.frames(refOf(cine), [0])).rejects.toMatchObject({ code: 'not_found' });
				await expect(archive.frames(refOf(cine), [4])).rejects.toMatchObject({ code: 'not_found' });
			});

			it('draws a frame as JPEG and as PNG', async () => {
				const drawn = await archive.rendered(refOf(cine), { frame: 2 });
				expect(drawn.contentType).toBe('image/jpeg');
				const decoded = jpegJs.decode(await buffer(drawn.body), { useTArray: true });
				expect([decoded.width, decoded.height]).toEqual([24, 16]);
				const png = await archive.rendered(refOf(cine), { frame: 1, type: 'image/png' });
				expect(png.contentType).toBe('image/png');
				const bytes = await buffer(png.body);
				expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
			});

			it('draws it smaller when asked', async () => {
				const drawn = await archive.rendered(refOf(jpeg), { frame: 3, width: 16 });
				const decoded = jpegJs.decode(await buffer(drawn.body), { useTArray: true });
				expect([decoded.width, decoded.height]).toEqual([16, 8]);
				expect(Math.abs(decoded.data[0]! - 200)).toBeLessThan(8);
			});

			it('draws no picture of an object that has none', async () => {
				await expect(archive.rendered(refOf(sr), {})).rejects.toMatchObject({
					code: 'unsupported'
				});
			});

			it('knows nothing of what it does not hold', async () => {
				const nobody = refOf(identity());
				const missing = { code: 'not_found' };
				await expect(archive.metadata(nobody.studyUid)).rejects.toMatchObject(missing);
				await expect(archive.instance(nobody)).rejects.toMatchObject(missing);
				await expect(archive.frames(nobody, [1])).rejects.toMatchObject(missing);
				await expect(archive.rendered(nobody, {})).rejects.toMatchObject(missing);
				await expect(archive.bulkdata(nobody, 'bulk/00420011')).rejects.toMatchObject(missing);
				expect(
					await archive.search(search({ level: 'series', studyUid: nobody.studyUid }))
				).toEqual([]);
			});

			it('does not give an object under another study or series (D3)', async () => {
				const mixed = { ...refOf(cine), seriesUid: jpeg.series as SeriesUid };
				const missing = { code: 'not_found' };
				await expect(archive.instance(mixed)).rejects.toMatchObject(missing);
				await expect(archive.frames(mixed, [1])).rejects.toMatchObject(missing);
				await expect(archive.rendered(mixed, {})).rejects.toMatchObject(missing);
			});

			it('survives a caller who leaves before or after the body was opened', async () => {
				const left = AbortSignal.abort(new Error('the client left'));
				await expect(archive.instance(refOf(cine), left)).rejects.toBeTruthy();
				const leaving = new AbortController();
				const { body } = await archive.instance(refOf(cine), leaving.signal);
				leaving.abort(new Error('the client left'));
				// An error that nobody listened to would end the process here.
				await new Promise((done) => setImmediate(done));
				body.destroy();
			});

			it('stops when the caller does', async () => {
				const signal = AbortSignal.abort();
				await expect(
					archive.metadata(cine.study as StudyUid, undefined, undefined, signal)
				).rejects.toBeTruthy();
			});
		});

		describe('searching', () => {
			const patientId = `SRCH${next}`;
			const a = identity({
				patientId,
				patientName: 'Müller^Jörg',
				studyDate: '20250304',
				accession: `AX${next}`,
				description: 'Adult TTE'
			});
			const aSr = identity({ ...a, sop: uid(), series: uid(), instanceNumber: 2, seriesNumber: 2 });
			const b = identity({
				patientId,
				patientName: 'Müller^Jörg',
				studyDate: '20260312',
				accession: `BX${next}`
			});
			beforeAll(async () => {
				for (const bytes of [rawCine(a), report(aSr), rawCine(b)]) await put(bytes);
			});
			const studies = async (filters: Record<string, string>, over: Partial<Search> = {}) =>
				studyUids(
					await archive.search(search({ filters: { PatientID: patientId, ...filters }, ...over }))
				);

			it('finds by patient, newest first, with counts and modalities', async () => {
				const found = await archive.search(search({ filters: { PatientID: patientId } }));
				expect(studyUids(found)).toEqual([b.study, a.study]);
				const [, older] = found;
				expect(number(older!, tags.NumberOfStudyRelatedInstances)).toBe(2);
				expect(number(older!, tags.NumberOfStudyRelatedSeries)).toBe(2);
				expect([...(older![tags.ModalitiesInStudy]?.Value ?? [])].sort()).toEqual(['SR', 'US']);
				expect(text(older!, tags.PatientName)).toBe('Müller^Jörg');
			});

			it.each([
				['a date', { StudyDate: '20250304' }, 'a'],
				['a range of dates', { StudyDate: '20260101-20261231' }, 'b'],
				['an open range', { StudyDate: '-20251231' }, 'a'],
				['a modality', { ModalitiesInStudy: 'SR' }, 'a'],
				['one of several modalities', { ModalitiesInStudy: 'SR,US' }, 'ab'],
				['a name with a wildcard and an umlaut', { PatientName: 'müller^*' }, 'ab'],
				['a name with a caret', { PatientName: 'Müller^Jörg' }, 'ab'],
				['another name', { PatientName: 'Meier*' }, ''],
				['a time', { StudyTime: '100000-110000' }, 'ab'],
				['a description', { StudyDescription: '*TTE' }, 'ab'],
				['a tag instead of a keyword', { '00080020': '20260312' }, 'b'],
				['an empty value, which matches all', { StudyDate: '' }, 'ab'],
				['a birth date, which some archives ignore', { PatientBirthDate: '19990101' }, ''],
				['an issuer, which these objects do not have', { IssuerOfPatientID: 'X' }, '']
			] as const)('finds by %s', async (_, filters, expected) => {
				const byName = { a: a.study, b: b.study };
				const found = await studies(filters as Record<string, string>);
				expect(found.sort()).toEqual([...expected].map((n) => byName[n as 'a' | 'b']).sort());
			});

			it('finds a list of studies by UID', async () => {
				const filters = { StudyInstanceUID: `${a.study},${b.study}` };
				expect((await archive.search(search({ filters }))).length).toBe(2);
			});

			it('gives pages that fit together', async () => {
				expect(await studies({}, { limit: 1 })).toEqual([b.study]);
				expect(await studies({}, { limit: 1, offset: 1 })).toEqual([a.study]);
				expect(await studies({}, { limit: 1, offset: 2 })).toEqual([]);
			});

			it('lists series and instances of a study', async () => {
				const studyUid = a.study as StudyUid;
				const series = await archive.search(search({ level: 'series', studyUid }));
				expect(series.map((s) => text(s, tags.Modality)).sort()).toEqual(['SR', 'US']);
				const sr = await archive.search(
					search({ level: 'series', studyUid, filters: { Modality: 'SR' } })
				);
				expect(sr.map((s) => text(s, tags.SeriesInstanceUID))).toEqual([aSr.series]);
				const instances = await archive.search(search({ level: 'instances', studyUid }));
				expect(sopUids(instances).sort()).toEqual([a.sop, aSr.sop].sort());
				const ofClass = await archive.search(
					search({
						level: 'instances',
						studyUid,
						filters: { SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.33' }
					})
				);
				expect(sopUids(ofClass)).toEqual([aSr.sop]);
				const ofSeries = await archive.search(
					search({ level: 'instances', studyUid, seriesUid: a.series as SeriesUid })
				);
				expect(sopUids(ofSeries)).toEqual([a.sop]);
			});
		});
	});
}
