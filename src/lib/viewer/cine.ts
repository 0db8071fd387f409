import { number, numbers } from '$lib/dicom/json.ts';
import type { DicomJson } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';

/** Nobody acquires an hour in one clip; a count beyond this is damage and must cost no memory. */
const mostFrames = 100_000;

export function frameCount(dataset: DicomJson): number {
	const declared = Math.trunc(number(dataset, tags.NumberOfFrames) ?? 1);
	return Math.min(mostFrames, Math.max(1, declared));
}

/**
 * When each frame was acquired, in ms from the first, for measuring: Frame Time Vector or Frame
 * Time, nothing else (PS3.3 C.7.6.5). Null when the object does not say. The vector's first value
 * is frame 1's own offset and not a step, also where a machine puts a step there.
 */
export function frameTimesMs(dataset: DicomJson): number[] | null {
	const frames = frameCount(dataset);
	const vector = numbers(dataset, tags.FrameTimeVector).map((ms) => ms ?? 0);
	if (vector.length === frames && frames > 1 && vector.slice(1).every((ms) => ms > 0)) {
		let at = 0;
		return vector.map((step, index) => (index === 0 ? 0 : (at += step)));
	}
	const step = number(dataset, tags.FrameTime);
	if (step === null || step <= 0) return null;
	return Array.from({ length: frames }, (_, index) => index * step);
}

export interface Playback {
	/** How long each frame of the trimmed loop stands, in ms at normal speed. */
	durationsMs: number[];
	totalMs: number;
	/** First and last frame shown, from 1 (Start Trim, Stop Trim). */
	first: number;
	last: number;
	/** Back and forth (Preferred Playback Sequencing 1). */
	sweep: boolean;
	/** Frames a second, for the eye. */
	rate: number;
	/** Where the pace is from. `assumed`: the object says nothing. */
	source: 'recommended' | 'cine-rate' | 'frame-time' | 'assumed';
	/** Playback against real time: 1 is true time, 0.5 half speed; null when it is not known. */
	trueSpeed: number | null;
}

const assumedRate = 30;
/** Beyond these a rate is a slip of the pen (seen: 0, 9999), not a wish. */
const isRate = (rate: number | null): rate is number => rate !== null && rate > 0 && rate <= 1000;

/**
 * The order of PS3.3 C.7.6.5 and of practice: recommended display rate, cine rate, frame time, its
 * vector's mean, 30. The first two are whole numbers; where they are only the rounded frame time,
 * the exact times are used, so that a loop plays as it was acquired.
 */
export function playbackOf(dataset: DicomJson): Playback {
	const frames = frameCount(dataset);
	const trim = trimOf(dataset, frames);
	const times = frameTimesMs(dataset);
	const exact = times && frames > 1 ? stepsOf(times) : null;
	const meanMs = exact ? exact.reduce((sum, step) => sum + step, 0) / exact.length : null;
	const recommended = number(dataset, tags.RecommendedDisplayFrameRate);
	const cineRate = number(dataset, tags.CineRate);

	const named = isRate(recommended) ? recommended : isRate(cineRate) ? cineRate : null;
	const rounded = named !== null && meanMs !== null && Math.abs(1000 / meanMs - named) <= 1;
	const paced = exact && (named === null || rounded);
	const source = isRate(recommended)
		? 'recommended'
		: isRate(cineRate)
			? 'cine-rate'
			: exact
				? 'frame-time'
				: 'assumed';
	const steps = paced ? exact : Array.from({ length: frames }, () => 1000 / (named ?? assumedRate));
	const durationsMs = steps.slice(trim.first - 1, trim.last);
	const totalMs = durationsMs.reduce((sum, ms) => sum + ms, 0);
	return {
		durationsMs,
		totalMs,
		...trim,
		sweep: number(dataset, tags.PreferredPlaybackSequencing) === 1,
		rate: (1000 * durationsMs.length) / totalMs,
		source: paced && source !== 'assumed' ? 'frame-time' : source,
		trueSpeed: meanMs === null ? null : paced ? 1 : (meanMs * (named ?? assumedRate)) / 1000
	};
}

/** Each frame stands until the next; the last as long as the one before it. */
function stepsOf(times: number[]): number[] {
	return times.map((at, index) => {
		const next = times[index + 1];
		return next !== undefined ? next - at : at - (times[index - 1] ?? at);
	});
}

function trimOf(dataset: DicomJson, frames: number): { first: number; last: number } {
	const first = Math.trunc(number(dataset, tags.StartTrim) ?? 1);
	const last = Math.trunc(number(dataset, tags.StopTrim) ?? frames);
	const sound = first >= 1 && last <= frames && first < last;
	return sound ? { first, last } : { first: 1, last: frames };
}

/**
 * The frame (from 1) that stands `elapsedMs` after `first` began, at normal speed. It depends on
 * the time alone: a late painter skips frames instead of slowing the heart down.
 */
export function frameAt(playback: Playback, elapsedMs: number): number {
	const { durationsMs, totalMs, first, sweep } = playback;
	const count = durationsMs.length;
	if (count <= 1 || totalMs <= 0) return first;
	let rest = ((elapsedMs % cycleMs(playback)) + cycleMs(playback)) % cycleMs(playback);
	if (sweep && rest >= totalMs) {
		// The way back leaves out both ends, which have just been shown.
		rest -= totalMs;
		for (let index = count - 2; index > 0; index--) {
			rest -= durationsMs[index] ?? 0;
			if (rest < 0) return first + index;
		}
		return first;
	}
	for (let index = 0; index < count; index++) {
		rest -= durationsMs[index] ?? 0;
		if (rest < 0) return first + index;
	}
	return first + count - 1;
}

/** The inverse: when frame `frame` begins within the cycle. */
export function startOf(playback: Playback, frame: number): number {
	return playback.durationsMs
		.slice(0, Math.max(0, frame - playback.first))
		.reduce((sum, ms) => sum + ms, 0);
}

function cycleMs({ durationsMs, totalMs, sweep }: Playback): number {
	if (!sweep || durationsMs.length < 3) return totalMs;
	return 2 * totalMs - (durationsMs[0] ?? 0) - (durationsMs.at(-1) ?? 0);
}
