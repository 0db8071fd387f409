/**
 * The archive of the proxy bench: keeps what it is sent in memory and gives it back at once, so that
 * only what stands before it is measured. Speaks as much DICOMweb as Readroom asks of an archive.
 */
import { createServer } from 'node:http';
import { text } from '../../src/lib/dicom/json.ts';
import { parsePart10 } from '../../src/lib/dicom/part10.ts';
import { frameBytes } from '../../src/lib/dicom/pixel-data.ts';
import { tags } from '../../src/lib/dicom/tags.ts';
import { readMediaType } from '../../src/lib/server/dicomweb/accept.ts';
import { multipartEnd, partHead, readParts } from '../../src/lib/server/dicomweb/multipart.ts';

/** By path below `/dicom-web`: the answers as they go out. */
const answers = new Map();
const known = new Map();
const boundary = 'upstream-of-the-bench';

const wrapped = (bytes, type) =>
	Buffer.concat([
		partHead(boundary, { 'Content-Type': type }, true),
		bytes,
		multipartEnd(boundary)
	]);

const server = createServer(async (request, response) => {
	const url = new URL(request.url, 'http://upstream');
	const path = url.pathname.slice('/dicom-web'.length);
	if (request.method === 'POST') return store(request, response);
	const answer = answers.get(path);
	if (answer) {
		response.writeHead(200, {
			'content-type': `multipart/related; type="${answer.type}"; boundary=${boundary}`,
			'content-length': answer.body.length
		});
		return response.end(answer.body);
	}
	const found = known.get(url.searchParams.get('SOPInstanceUID'));
	response.writeHead(200, { 'content-type': 'application/dicom+json' });
	response.end(JSON.stringify(path === '/instances' && found ? [found] : []));
});

async function store(request, response) {
	const { parameters } = readMediaType(request.headers['content-type']);
	const limits = { partBytes: 2 ** 30, parts: 1000, totalBytes: 2 ** 31 };
	const references = [];
	for await (const { bytes } of readParts(request, parameters.boundary, limits)) {
		references.push(keep(Buffer.from(bytes)));
	}
	response.writeHead(200, { 'content-type': 'application/dicom+json' });
	response.end(JSON.stringify({ [tags.ReferencedSOPSequence]: { vr: 'SQ', Value: references } }));
}

function keep(bytes) {
	const object = parsePart10(bytes);
	const uid = (keyword) => text(object.dataset, tags[keyword]);
	const sop = uid('SOPInstanceUID');
	const path = `/studies/${uid('StudyInstanceUID')}/series/${uid('SeriesInstanceUID')}/instances/${sop}`;
	answers.set(path, { type: 'application/dicom', body: wrapped(bytes, 'application/dicom') });
	const frames = Number(text(object.dataset, tags.NumberOfFrames) || 1);
	for (let frame = 1; frame <= frames; frame++) {
		const type = 'application/octet-stream';
		const body = wrapped(frameBytes(object, frame), type);
		answers.set(`${path}/frames/${frame}`, { type, body });
	}
	const value = (keyword) => ({ vr: 'UI', Value: [uid(keyword)] });
	known.set(sop, {
		[tags.StudyInstanceUID]: value('StudyInstanceUID'),
		[tags.SeriesInstanceUID]: value('SeriesInstanceUID'),
		[tags.SOPInstanceUID]: value('SOPInstanceUID')
	});
	const item = (vr, content) => ({ vr, Value: [content] });
	return {
		[tags.ReferencedSOPClassUID]: item('UI', uid('SOPClassUID')),
		[tags.ReferencedSOPInstanceUID]: item('UI', sop)
	};
}

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
