import { describe, expect, it } from 'vitest';
import { readPath } from '$lib/server/dicomweb/path.ts';

const read = (path: string, method = 'GET') => readPath(path.split('/'), method);
const place = { studyUid: '1.2', seriesUid: null, sopUid: null };

describe('a DICOMweb path', () => {
	it('is one of the templates', () => {
		expect(read('studies')).toMatchObject({ kind: 'search', level: 'studies' });
		expect(read('series')).toMatchObject({ kind: 'search', level: 'series', studyUid: null });
		expect(read('studies/1.2/series')).toMatchObject({ level: 'series', studyUid: '1.2' });
		expect(read('studies/1.2/instances')).toMatchObject({ level: 'instances', studyUid: '1.2' });
		expect(read('studies/1.2/series/3/instances')).toMatchObject({
			kind: 'search',
			level: 'instances',
			seriesUid: '3'
		});
		expect(read('studies/1.2')).toEqual({ kind: 'retrieve', place });
		expect(read('studies/1.2/metadata')).toEqual({ kind: 'metadata', place });
		expect(read('studies/1.2/series/3')).toMatchObject({
			kind: 'retrieve',
			place: { seriesUid: '3', sopUid: null }
		});
		expect(read('studies/1.2/series/3/instances/4/frames/1,2,3')).toMatchObject({
			kind: 'frames',
			frames: [1, 2, 3]
		});
		expect(read('studies/1.2/series/3/instances/4/frames/7/rendered')).toMatchObject({
			kind: 'rendered',
			frame: 7
		});
		expect(read('studies/1.2/thumbnail')).toMatchObject({ kind: 'thumbnail', frame: null });
		expect(read('studies/1.2/series/3/instances/4/bulk/00420011')).toMatchObject({
			kind: 'bulkdata',
			path: 'bulk/00420011'
		});
		expect(read('studies', 'POST')).toEqual({ kind: 'store', studyUid: null });
		expect(read('studies/1.2', 'POST')).toEqual({ kind: 'store', studyUid: '1.2' });
	});

	// T28: every UID position against what must not reach an archive.
	const hostile = [
		'..',
		'.',
		'%2e%2e',
		'..%2f',
		'http:',
		'1.2@h',
		'1.2\r\nX: y',
		'1'.repeat(65),
		'1..2',
		'.1',
		'1.',
		'',
		'1.2%00',
		'1.2 ',
		'１.2',
		'1.2;v=1',
		'*'
	];
	const positions = [
		'studies/@',
		'studies/@/series',
		'studies/@/metadata',
		'studies/1.2/series/@',
		'studies/1.2/series/@/instances',
		'studies/1.2/series/@/metadata',
		'studies/1.2/series/3/instances/@',
		'studies/1.2/series/3/instances/@/metadata',
		'studies/1.2/series/3/instances/@/frames/1',
		'studies/1.2/series/3/instances/@/rendered',
		'studies/1.2/series/3/instances/@/bulk/00420011'
	];
	for (const position of positions) {
		it(`refuses what is no UID in ${position}`, () => {
			for (const uid of hostile) {
				expect(() => read(position.replace('@', uid)), JSON.stringify(uid)).toThrow(
					'invalid_input'
				);
			}
		});
	}

	it('refuses what is in no template', () => {
		for (const path of [
			'',
			'patients',
			'studies/1.2/reports',
			'studies/1.2/metadata/x',
			'studies/1.2/series/3/series/4',
			'studies/1.2/series/3/instances/4/5',
			'studies/1.2/frames/1',
			'studies/1.2/series/3/instances/4/frames',
			'studies/1.2/series/3/instances/4/frames/0',
			'studies/1.2/series/3/instances/4/frames/1,,2',
			'studies/1.2/series/3/instances/4/frames/-1',
			'studies/1.2/series/3/instances/4/frames/1,2/rendered',
			`studies/1.2/series/3/instances/4/frames/${'1,'.repeat(1000)}1`,
			'studies/1.2/series/3/instances/4/bulk',
			'studies/1.2/series/3/instances/4/bulk/../x',
			'studies/1.2/series/3/instances/4/bulk/a%2fb'
		]) {
			expect(() => read(path), path).toThrow('invalid_input');
		}
		expect(() => read('studies/1.2/series', 'POST')).toThrow('invalid_input');
	});
});
