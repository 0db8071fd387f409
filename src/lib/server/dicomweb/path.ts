import { DomainError } from '$lib/errors.ts';
import type { InstanceUid, SeriesUid, StudyUid } from '$lib/ids.ts';
import type { SearchLevel } from '../archive/archive.ts';

/** A study, one of its series, or one instance. */
export interface Place {
	studyUid: StudyUid;
	seriesUid: SeriesUid | null;
	sopUid: InstanceUid | null;
}

/** What a request is about: the closed list of path templates (D2). */
export type Target =
	| {
			kind: 'search';
			level: SearchLevel;
			studyUid: StudyUid | null;
			seriesUid: SeriesUid | null;
	  }
	| { kind: 'retrieve' | 'metadata'; place: Place }
	| { kind: 'frames'; place: Place; frames: number[] }
	| { kind: 'rendered' | 'thumbnail'; place: Place; frame: number | null }
	| { kind: 'bulkdata'; place: Place; path: string }
	| { kind: 'store'; studyUid: StudyUid | null };

/** More frames than this in one request are asked for in several. */
const maxFrames = 1000;
const uid = /^\d+(?:\.\d+)*$/;

/**
 * Reads the segments after `/dicom-web/`. They are taken as they stand in the request: nothing in a
 * valid path needs an escape, so a percent sign is already an error and nothing is decoded twice.
 * Throws `invalid_input` for everything that is not a template of ours.
 */
export function readPath(segments: readonly string[], method: string): Target {
	const target = method === 'POST' ? storeTarget(segments) : getTarget(segments);
	if (!target) throw new DomainError('invalid_input', 'This is not a DICOMweb address.');
	return target;
}

function storeTarget(segments: readonly string[]): Target | null {
	const [head, study, ...rest] = segments;
	if (head !== 'studies' || rest.length) return null;
	return { kind: 'store', studyUid: study === undefined ? null : (uidOf(study) as StudyUid) };
}

function getTarget(segments: readonly string[]): Target | null {
	if (segments.length === 1) return searchTarget(segments[0], null, null);
	if (segments[0] !== 'studies' || segments[1] === undefined) return null;
	const studyUid = uidOf(segments[1]) as StudyUid;
	const rest = segments.slice(2);
	if (rest[0] !== 'series') return rest.length > 1 ? null : placeTarget(studyUid, null, null, rest);
	if (rest.length === 1) return searchTarget('series', studyUid, null);
	const seriesUid = uidOf(rest[1] ?? '') as SeriesUid;
	const below = rest.slice(2);
	if (below[0] !== 'instances') {
		return below.length > 1 ? null : placeTarget(studyUid, seriesUid, null, below);
	}
	if (below.length === 1) return searchTarget('instances', studyUid, seriesUid);
	const sopUid = uidOf(below[1] ?? '') as InstanceUid;
	return placeTarget(studyUid, seriesUid, sopUid, below.slice(2));
}

function searchTarget(
	level: string | undefined,
	studyUid: StudyUid | null,
	seriesUid: SeriesUid | null
): Target | null {
	if (level !== 'studies' && level !== 'series' && level !== 'instances') return null;
	return { kind: 'search', level, studyUid, seriesUid };
}

function placeTarget(
	studyUid: StudyUid,
	seriesUid: SeriesUid | null,
	sopUid: InstanceUid | null,
	tail: readonly string[]
): Target | null {
	const place = { studyUid, seriesUid, sopUid };
	const [what, list, more, ...rest] = tail;
	if (rest.length && what !== 'bulk') return null;
	switch (what) {
		case undefined:
			return { kind: 'retrieve', place };
		case 'metadata':
			return list === undefined ? { kind: 'metadata', place } : null;
		case 'rendered':
		case 'thumbnail':
			return list === undefined ? { kind: what, place, frame: null } : null;
		case 'instances':
			// `/studies/{uid}/instances`: relational search.
			return list === undefined && !seriesUid ? searchTarget('instances', studyUid, null) : null;
		case 'frames':
			return sopUid && list !== undefined ? frameTarget(place, list, more) : null;
		case 'bulk':
			return sopUid ? bulkTarget(place, tail) : null;
		default:
			return null;
	}
}

function frameTarget(place: Place, list: string, more: string | undefined): Target | null {
	if (!/^\d{1,7}(?:,\d{1,7})*$/.test(list)) return null;
	const frames = list.split(',').map(Number);
	if (frames.length > maxFrames || frames.some((n) => n < 1)) return null;
	if (more === undefined) return { kind: 'frames', place, frames };
	const [frame, ...others] = frames;
	if (frame === undefined || others.length) return null;
	return more === 'rendered' || more === 'thumbnail' ? { kind: more, place, frame } : null;
}

/** Tags and item numbers, as in the BulkDataURIs that our metadata give. */
function bulkTarget(place: Place, path: readonly string[]): Target | null {
	const fits =
		path.length > 1 && path.length <= 140 && path.every((part) => /^[0-9A-Za-z]{1,32}$/.test(part));
	return fits ? { kind: 'bulkdata', place, path: path.join('/') } : null;
}

/** Digits and dots, at most 64 characters, no empty part. Leading zeros do occur in the field. */
function uidOf(text: string): string {
	if (text.length > 64 || !uid.test(text)) {
		throw new DomainError('invalid_input', 'A UID is digits and dots, at most 64 characters.');
	}
	return text;
}
