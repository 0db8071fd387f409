import { createRequire } from 'node:module';
import { api } from 'dicomweb-client';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TokenActor } from '$lib/access/actor.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { corpusFile, hasCorpus } from '../../support/corpus.ts';
import { tinyLoop, tinyReport } from '../../support/tiny-dicom.ts';
import { openDoor, type DoorTest, type PracticeParts } from './setup.ts';

/** As its documentation has it; the types that it ships ask for every option. */
type Client = Record<
	| 'storeInstances'
	| `searchFor${'Studies' | 'Series' | 'Instances'}`
	| `retrieve${'Study' | 'Series' | 'Instance'}${'' | 'Metadata'}`
	| `retrieveInstance${'Frames' | 'Rendered' | 'FramesRendered'}`
	| 'retrieveBulkData',
	(options?: Record<string, unknown>) => Promise<unknown>
>;
const { JSDOM } = createRequire(import.meta.url)('jsdom') as {
	JSDOM: new (html: string, options: { url: string }) => { window: typeof globalThis };
};

let test: DoorTest;
let practice: PracticeParts;
let client: Client;

const study = { studyInstanceUID: '1.2.3' };
const loop = { ...study, seriesInstanceUID: '1.2.3.1', sopInstanceUID: '1.2.3.1.1' };
/** Some calls of the client answer with a list of one. */
const bytesOf = (answer: unknown) =>
	Buffer.from((Array.isArray(answer) ? answer[0] : answer) as ArrayBuffer);
const value = (dataset: DicomJson | undefined, tag: string) => dataset?.[tag]?.Value?.[0];

beforeAll(async () => {
	test = await openDoor();
	practice = await test.practice();
	const token: TokenActor = {
		kind: 'token',
		tokenId: 't1',
		userId: practice.reader.userId,
		practiceId: practice.practiceId,
		roles: ['physician'],
		scopes: ['dicom:read', 'dicom:store']
	};
	// The client speaks XMLHttpRequest, as in a page of the same origin.
	globalThis.XMLHttpRequest = new JSDOM('', { url: test.origin }).window.XMLHttpRequest;
	const Constructor = api.DICOMwebClient as unknown as new (options: object) => Client;
	client = new Constructor({
		url: `${test.origin}/dicom-web`,
		headers: test.as(token),
		verbose: false
	});
});

describe('any DICOMweb client with a token', () => {
	it('stores, and is told of each instance', async () => {
		const datasets = [tinyLoop({ frames: 3 }), tinyReport()].map((b) => b.slice().buffer);
		const answer = await client.storeInstances({ datasets });
		const parsed = (typeof answer === 'string' ? JSON.parse(answer) : answer) as DicomJson;
		expect(parsed['00081199']?.Value).toHaveLength(2);
		expect(parsed['00081198']).toBeUndefined();
	});

	it('searches at every level', async () => {
		const studies = (await client.searchForStudies({
			queryParams: { PatientName: 'lindq*', StudyDate: '20260301-20260303' }
		})) as DicomJson[];
		expect(studies).toHaveLength(1);
		expect(value(studies[0], '0020000D')).toBe('1.2.3');
		expect(value(studies[0], '00201208')).toBe(2);
		expect(value(studies[0], '00080030')).toBe('081500');

		const series = (await client.searchForSeries(study)) as DicomJson[];
		expect(series.map((s) => value(s, '00080060'))).toEqual(['US', 'SR']);
		const instances = (await client.searchForInstances({
			...study,
			queryParams: { SOPInstanceUID: '1.2.3.1.1' }
		})) as DicomJson[];
		expect(instances.map((i) => value(i, '00280008'))).toEqual([3]);
	});

	it('reads metadata at every level', async () => {
		expect(await client.retrieveStudyMetadata(study)).toHaveLength(2);
		expect(await client.retrieveSeriesMetadata(loop)).toHaveLength(1);
		const metadata = (await client.retrieveInstanceMetadata(loop)) as unknown;
		const [dataset] = Array.isArray(metadata) ? (metadata as DicomJson[]) : [metadata as DicomJson];
		expect(value(dataset, '00100020')).toBe('P1');
	});

	it('fetches a loop whole, a series, and the study', async () => {
		const one = await client.retrieveInstance(loop);
		const bytes = new Uint8Array(one as ArrayBuffer);
		expect(Buffer.from(bytes.subarray(128, 132)).toString()).toBe('DICM');
		expect(bytes).toEqual(tinyLoop({ frames: 3 }));
		expect(await client.retrieveSeries(loop)).toHaveLength(1);
		expect(await client.retrieveStudy(study)).toHaveLength(2);
	});

	it('fetches frames, a picture and a thumbnail', async () => {
		const frames = (await client.retrieveInstanceFrames({
			...loop,
			frameNumbers: [1, 3]
		})) as ArrayBuffer[];
		expect(frames).toHaveLength(2);
		expect(new Uint8Array(frames[0] ?? new ArrayBuffer(0))).toEqual(
			new Uint8Array(24).map((_, i) => (i * 7) % 256)
		);
		const picture = await client.retrieveInstanceRendered({
			...loop,
			mediaTypes: [{ mediaType: 'image/png' }]
		});
		expect(bytesOf(picture).subarray(1, 4).toString()).toBe('PNG');
		const rendered = await client.retrieveInstanceFramesRendered({
			...loop,
			frameNumbers: [2],
			mediaTypes: [{ mediaType: 'image/jpeg' }]
		});
		expect(bytesOf(rendered).subarray(0, 2).toString('hex')).toBe('ffd8');
	});

	it.skipIf(!hasCorpus)(
		'reads an encapsulated PDF by the address that its metadata give',
		async () => {
			await practice.receive(corpusFile('encapsulated/orthanc-tests__sample-pdf.dcm'));
			const [found] = (await client.searchForInstances({
				queryParams: { SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1' }
			})) as DicomJson[];
			const [metadata] = (await client.retrieveStudyMetadata({
				studyInstanceUID: String(value(found, '0020000D'))
			})) as DicomJson[];
			const address = String(metadata?.['00420011']?.BulkDataURI);
			expect(address).toMatch(new RegExp(`^${test.origin}/dicom-web/studies/`));
			const answer = await client.retrieveBulkData({ BulkDataURI: address });
			expect(bytesOf(answer).subarray(0, 5).toString()).toBe('%PDF-');
		}
	);
});
