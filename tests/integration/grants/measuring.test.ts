import { brotliDecompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { tags } from '$lib/dicom/tags.ts';
import { revokeGrant } from '$lib/server/commands/change-grant.ts';
import { readPath } from '$lib/server/dicomweb/path.ts';
import { packedJson } from '$lib/server/grants/packed-json.ts';
import { sharedScale } from '$lib/server/grants/shared-scale.ts';
import { sharedView } from '$lib/server/grants/shared-view.ts';
import { GET as scale } from '../../../src/routes/(share)/s/[id]/scale/[...path]/+server.ts';
import { POST as open } from '../../../src/routes/(share)/s/[id]/open/+server.ts';
import {
	openReporting,
	type ReportingPractice,
	type ReportingTest,
	type SignedStudy
} from '../../support/signed-report.ts';
import { codeOf, opened, share, Visitor } from './setup.ts';

let test: ReportingTest;
let here: ReportingPractice;
let study: SignedStudy;
let other: SignedStudy;

beforeAll(async () => {
	test = await openReporting();
	here = await test.practice();
	study = await here.signed();
	other = await here.signed();
});

const placeOf = (path: string) => {
	const target = readPath(path.split('/'), 'GET');
	if (target.kind !== 'retrieve') throw new Error(`${path} is no instance`);
	return target.place;
};

describe('measuring on a link', () => {
	it('gets what a length needs of a picture, and nothing about anybody', async () => {
		const actor = await opened(test.services, here, study, { switches: { measure: true } });
		expect((await sharedView(test.services, actor)).switches.measure).toBe(true);
		const dataset = await sharedScale(test.services, actor, placeOf(study.paths.loop));
		expect(dataset[tags.Rows]?.Value?.[0]).toBeGreaterThan(0);
		expect(dataset[tags.SOPInstanceUID]?.Value).toEqual([study.sopUids[0]]);
		expect(dataset[tags.PatientName]).toBeUndefined();
		expect(Object.keys(dataset).length).toBeLessThanOrEqual(9);
	});

	it('does not exist where the switch is off, or the pictures are (c4, C9)', async () => {
		const off = await opened(test.services, here, study, { switches: { measure: false } });
		const blind = await opened(test.services, here, study, {
			switches: { measure: true, images: false }
		});
		const place = placeOf(study.paths.loop);
		for (const actor of [off, blind]) {
			expect(await codeOf(sharedScale(test.services, actor, place))).toBe('not_found');
		}
	});

	it('opens no other study, no document, and nothing after the link was revoked', async () => {
		const link = await share(test.services, here, study, { switches: { measure: true } });
		const visitor = new Visitor(test.services);
		const ask = async (path: string) =>
			(await visitor.ask(scale, link.id, `scale/${path}`)).response.status;
		expect(await ask(study.paths.loop)).toBe(404);
		await visitor.ask(open, link.id, 'open', {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ secret: link.secret, passcode: null })
		});
		expect(await ask(study.paths.loop)).toBe(200);
		expect(await ask(other.paths.loop)).toBe(404);
		expect(await ask(study.paths.sr)).toBe(404);
		expect(await ask(`${study.paths.loop}/metadata`)).toBe(400);
		expect(await ask('studies/1..2')).toBe(400);
		await revokeGrant(test.services, here.physician, { id: link.id, reason: '' });
		expect(await ask(study.paths.loop)).toBe(404);
	});
});

describe('the answer that a shared page waits for', () => {
	const long = { words: 'Normal left ventricular size. '.repeat(200) };
	const asked = (accept: string) =>
		new Request('https://echo.example.org/s/x/view', { headers: { 'accept-encoding': accept } });

	it('is packed as the browser takes it, and says so', async () => {
		const answer = await packedJson(asked('gzip, deflate, br, zstd'), long, { 'x-a': 'b' });
		expect(answer.headers.get('content-encoding')).toBe('br');
		expect(answer.headers.get('vary')).toBe('accept-encoding');
		expect(answer.headers.get('x-a')).toBe('b');
		const bytes = new Uint8Array(await answer.arrayBuffer());
		expect(bytes.length).toBeLessThan(JSON.stringify(long).length / 5);
		expect(JSON.parse(brotliDecompressSync(bytes).toString())).toEqual(long);
	});

	it('is plain for who asks for nothing, and when it is short', async () => {
		for (const answer of [
			await packedJson(asked('identity'), long, {}),
			await packedJson(asked('br'), { a: 1 }, {})
		]) {
			expect(answer.headers.get('content-encoding')).toBeNull();
			expect(await answer.json()).toBeTypeOf('object');
		}
	});
});
