import { DomainError } from '$lib/errors.ts';
import type { DicomElement, DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';

const wrong = (detail: string) => new DomainError('archive_answer_wrong', detail);

/** Sequences within sequences that an answer may have; ours stay under 20. */
const maxDepth = 64;

/**
 * Reads an array of DICOM JSON objects as an archive sent it. Everything is rebuilt key by key, so
 * that nothing but tags and their values comes in (B6).
 * @throws DomainError `archive_answer_wrong` when it is something else.
 */
export function readDicomJson(body: Buffer): DicomJson[] {
	if (body.length === 0) return [];
	let parsed: unknown;
	try {
		parsed = JSON.parse(body.toString('utf8'));
	} catch {
		throw wrong('The archive’s answer is not JSON.');
	}
	const list = Array.isArray(parsed) ? parsed : [parsed];
	return list.map((entry) => readDataset(entry, 0));
}

function readDataset(entry: unknown, depth: number): DicomJson {
	if (typeof entry !== 'object' || entry === null || Array.isArray(entry) || depth > maxDepth) {
		throw wrong('The archive’s answer is not DICOM JSON.');
	}
	const dataset: DicomJson = {};
	for (const [tag, element] of Object.entries(entry)) {
		if (!/^[0-9A-Fa-f]{8}$/.test(tag)) continue;
		dataset[tag.toUpperCase()] = readElement(element, depth);
	}
	return dataset;
}

function readElement(value: unknown, depth: number): DicomElement {
	if (typeof value !== 'object' || value === null) throw wrong('An element is not DICOM JSON.');
	const { vr, Value, InlineBinary, BulkDataURI } = value as Record<string, unknown>;
	if (typeof vr !== 'string' || !/^[A-Z]{2}$/.test(vr)) throw wrong('An element has no VR.');
	if (typeof InlineBinary === 'string') return { vr, InlineBinary };
	if (typeof BulkDataURI === 'string') return { vr, BulkDataURI };
	if (!Array.isArray(Value) || !Value.length) return { vr };
	if (vr !== 'SQ') return { vr, Value };
	return { vr, Value: Value.map((item) => readDataset(item ?? {}, depth + 1)) };
}

const notSent: ReadonlySet<string> = new Set([
	tags.PixelData,
	tags.FloatPixelData,
	tags.DoubleFloatPixelData,
	tags.RetrieveURL
]);

/**
 * A data set as it may leave us: no pixels, no group 0002, no addresses of the archive. Each
 * BulkDataURI becomes ours: `prefix` and the path of the element, so that what the archive wrote
 * there is never used as an address (D4).
 */
export function withOurUris(dataset: DicomJson, prefix: string, path = 'bulk'): DicomJson {
	const clean: DicomJson = {};
	for (const [tag, element] of Object.entries(dataset)) {
		if (notSent.has(tag) || tag.startsWith('0002')) continue;
		if (element.BulkDataURI !== undefined) {
			clean[tag] = { vr: element.vr, BulkDataURI: `${prefix}/${path}/${tag}` };
		} else if (element.vr === 'SQ' && element.Value) {
			const items = element.Value.map((item, i) =>
				withOurUris(item as DicomJson, prefix, `${path}/${tag}/${i + 1}`)
			);
			clean[tag] = { vr: 'SQ', Value: items };
		} else clean[tag] = element;
	}
	return clean;
}

/** A search result as it may leave us: without anything that points somewhere. */
export function withoutUris(dataset: DicomJson): DicomJson {
	return Object.fromEntries(
		Object.entries(dataset).filter(
			([tag, element]) => !notSent.has(tag) && element.BulkDataURI === undefined
		)
	);
}

/** The element that a path of ours (`bulk/54000100/1/54001010`) names; null when there is none. */
export function elementAt(dataset: DicomJson, path: string): DicomElement | null {
	const [head, ...steps] = path.split('/');
	if (head !== 'bulk') return null;
	let here: DicomJson | undefined = dataset;
	while (here && steps.length > 1) {
		const [tag, item] = steps.splice(0, 2) as [string, string];
		here = here[tag]?.Value?.[Number(item) - 1] as DicomJson | undefined;
	}
	return (steps[0] && here?.[steps[0]]) || null;
}
