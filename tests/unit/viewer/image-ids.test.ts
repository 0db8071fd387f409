import { describe, expect, it } from 'vitest';
import {
	imageIdOf,
	instanceUrl,
	parseImageId,
	renderedUrl
} from '../../../src/lib/viewer/image-ids.ts';

const address = { studyUid: '1.2', seriesUid: '1.2.3', sopInstanceUid: '1.2.3.4' };

describe('image ids and addresses', () => {
	it('an id is read back as it was written', () => {
		expect(parseImageId(imageIdOf(address, 7))).toEqual({ ...address, frame: 7 });
	});
	it('ids of other loaders and damaged ones are not ours', () => {
		expect(parseImageId('wadors:1.2/1.2.3/1.2.3.4/7')).toBeNull();
		expect(parseImageId('readroom:1.2/1.2.3/1.2.3.4/0')).toBeNull();
		expect(parseImageId('readroom:1.2')).toBeNull();
	});
	it('addresses follow WADO-RS', () => {
		expect(instanceUrl('/dicom-web', address)).toBe(
			'/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4'
		);
		expect(renderedUrl('/dicom-web', address, 2, 184)).toMatch(
			/\/frames\/2\/rendered\?viewport=184,184$/
		);
	});
});
