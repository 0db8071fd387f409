import type { Actor } from '$lib/access/actor.ts';
import { text, type DicomJson } from '$lib/dicom/json.ts';
import { matchesFilters, parseQuery, project, type Query } from '$lib/dicom/query.ts';
import { tags } from '$lib/dicom/tags.ts';
import { Refusal } from '../access/require.ts';
import { isDocument } from '../arrival/documents.ts';
import { isStaff, studyCut } from '../queries/study-cut.ts';
import type { Services } from '../services.ts';
import { chooseType, readAccept } from './accept.ts';
import { dicomJson, notAcceptable, type DoorAnswer } from './answer.ts';
import type { Flow } from './flow.ts';
import { readMetadata, withOurAddresses } from './metadata.ts';
import type { Place, Target } from './path.ts';
import { reach, type InstanceRow } from './reach.ts';
import {
	candidateStudies,
	instancesOf,
	placeOf,
	type After,
	type SearchRow
} from './search-rows.ts';
import { instanceResult, seriesResult, studyResult } from './search-results.ts';

type SearchTarget = Extract<Target, { kind: 'search' }>;

const offered = ['application/dicom+json', 'application/json'];
/** Studies looked at in one go, and in all; a search that needs more is told to be narrower. */
const batch = 200;
const mostStudies = 50_000;

/**
 * QIDO-RS. Answered from the index, cut to what this actor may list: pages are exact whatever else
 * an archive holds, and the search works while the archive is away.
 */
export async function searchIndex(
	services: Services,
	actor: Actor,
	flow: Flow,
	target: SearchTarget,
	params: URLSearchParams,
	base: string,
	accept: string | null
): Promise<DoorAnswer> {
	const cut = await studyCut(services.db, actor, services.clock());
	const { level } = target;
	// Administrators see the columns of the list, and nothing below a study (c1).
	const seesInstances =
		isStaff(actor) ||
		('roles' in actor && actor.roles.some((r) => r === 'referrer' || r === 'patient'));
	if (level !== 'studies' && !seesInstances) throw new Refusal('not_found', 'study.view-images');
	if (!chooseType(readAccept(accept), offered)) return notAcceptable(offered);
	const query = parseQuery(level, params);
	if (target.studyUid) query.filters.StudyInstanceUID = target.studyUid;
	if (target.seriesUid) query.filters.SeriesInstanceUID = target.seriesUid;

	const wanted = query.offset + query.limit;
	const results: DicomJson[] = [];
	let more = false;
	let after: After | null = null;
	for (let seen = 0; seen < mostStudies && !more; seen += batch) {
		const rows = await candidateStudies(services.db, cut, query.filters, after, batch);
		for (const result of await resultsOf(services, actor, level, rows, base)) {
			if (!matchesFilters(level, result, query.filters)) continue;
			if (results.length < wanted) results.push(result);
			else more = true;
		}
		const last = rows.at(-1);
		if (rows.length < batch || !last) break;
		after = placeOf(last);
	}
	const page = results.slice(query.offset);
	const filled = await withAskedFields(services, actor, flow, target, query, page, base);
	await services.db.transaction((tx) =>
		services.audit.record(tx, actor, {
			action: 'study.searched',
			detail: { door: `qido-${level}`, results: filled.length }
		})
	);
	return dicomJson(
		filled.map((result) => withAddress(project(level, result, query), result)),
		more
			? { headers: { warning: '299 readroom: There are additional results that can be requested' } }
			: {}
	);
}

/** Retrieve URLs are returned always; they are ours. */
function withAddress(projected: DicomJson, result: DicomJson): DicomJson {
	const address = result[tags.RetrieveURL];
	const all = address ? { ...projected, [tags.RetrieveURL]: address } : projected;
	return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function resultsOf(
	services: Services,
	actor: Actor,
	level: SearchTarget['level'],
	rows: readonly SearchRow[],
	base: string
): Promise<DicomJson[]> {
	if (level === 'studies') return rows.map((row) => studyResult(row, base));
	const instances = await instancesOf(
		services.db,
		rows.map((row) => row.study.id)
	);
	const staff = isStaff(actor);
	return rows.flatMap((row) => {
		const study = studyResult(row, base);
		const address = `${base}/studies/${row.study.studyUid}`;
		const visible = (instances.get(row.study.id) ?? []).filter(
			(i) => staff || (i.rows !== null && !isDocument(i.sopClass))
		);
		return bySeries(visible).flatMap((series) => {
			const ofSeries = { ...study, ...seriesResult(series, address) };
			if (level === 'series') return [ofSeries];
			return series.map((i) => ({ ...ofSeries, ...instanceResult(i, address) }));
		});
	});
}

function bySeries(instances: readonly InstanceRow[]): InstanceRow[][] {
	const found = new Map<string, InstanceRow[]>();
	for (const instance of instances) {
		const series = found.get(instance.seriesUid);
		if (series) series.push(instance);
		else found.set(instance.seriesUid, [instance]);
	}
	return [...found.values()];
}

/**
 * Fields that the index does not hold, from the archive, where one study was asked about. Without
 * the archive the answer is what the index knows: an extra field is a wish, not a filter.
 */
async function withAskedFields(
	services: Services,
	actor: Actor,
	flow: Flow,
	{ level, studyUid, seriesUid }: SearchTarget,
	query: Query,
	page: DicomJson[],
	base: string
): Promise<DicomJson[]> {
	const [sample] = page;
	if (level === 'studies' || !studyUid || !sample) return page;
	const unknown = query.includeFields.filter((tag) => !(tag in sample));
	if (!unknown.length) return page;
	const place: Place = { studyUid, seriesUid, sopUid: null };
	const found = await reach(services, actor, place, 'view');
	const datasets = await readMetadata(services, found, place, flow.signal);
	const key = level === 'series' ? tags.SeriesInstanceUID : tags.SOPInstanceUID;
	const byKey = new Map(datasets.map((dataset) => [text(dataset, key), dataset]));
	return page.map((result) => {
		const dataset = byKey.get(text(result, key));
		if (!dataset) return result;
		const asked = Object.entries(dataset).filter(([tag]) => unknown.includes(tag));
		const ours = withOurAddresses(Object.fromEntries(asked), `${base}/studies/${studyUid}`);
		return { ...result, ...ours };
	});
}
