import type { Annotation } from '$lib/collab/report-doc.ts';
import { text } from '$lib/dicom/json.ts';
import { tags } from '$lib/dicom/tags.ts';
import { m } from '$lib/paraglide/messages.js';
import { getLocale } from '$lib/paraglide/runtime.js';
import type { Layout } from '../layout.ts';
import type { Loop } from '../loop.ts';
import type {
	Caution,
	Measurement,
	MeasuringTool,
	Quantity,
	QuantityKind,
	Refusal
} from '../measurement.ts';
import type { SourceStatus } from './playback/loop-source.ts';
import type { Tool } from './viewer-session.svelte.ts';
import type { Mode, View } from '../views.ts';

export const toolWords: Record<Tool, () => string> = {
	window: m.viewer_tool_window,
	zoom: m.viewer_tool_zoom,
	pan: m.viewer_tool_pan,
	length: m.viewer_tool_length,
	area: m.viewer_tool_area,
	ellipse: m.viewer_tool_ellipse,
	angle: m.viewer_tool_angle,
	discs: m.viewer_tool_discs,
	velocity: m.viewer_tool_velocity,
	trace: m.viewer_tool_trace,
	slope: m.viewer_tool_slope,
	time: m.viewer_tool_time,
	'm-mode': m.viewer_tool_mmode
};

export const layoutWords: Record<Layout, () => string> = {
	1: m.viewer_layout_1,
	2: m.viewer_layout_2,
	4: m.viewer_layout_4
};

/** Echo's own shorthand is the same in every language. */
const viewShort: Record<View, string> = {
	plax: 'PLAX',
	'rv-inflow': 'RV inflow',
	'rv-outflow': 'RV outflow',
	'psax-av': 'PSAX AV',
	'psax-mv': 'PSAX MV',
	'psax-pm': 'PSAX PM',
	psax: 'PSAX',
	a4c: 'A4C',
	a2c: 'A2C',
	a3c: 'A3C',
	a5c: 'A5C',
	subcostal: 'Subcostal',
	suprasternal: 'SSN'
};

const modeWords: Record<Mode, () => string> = {
	'2d': m.viewer_mode_2d,
	colour: m.viewer_mode_colour,
	'm-mode': m.viewer_mode_mmode,
	pw: m.viewer_mode_pw,
	cw: m.viewer_mode_cw
};

/** "A4C", "A4C colour", "CW Doppler"; what the machine calls it when we do not know the view. */
export function loopName(loop: Loop): string {
	const view = loop.view ? viewShort[loop.view] : loop.words;
	const name = view ? withMode(view, loop.mode) : plainName(loop);
	return loop.stage?.name ? `${name} · ${loop.stage.name}` : name;
}

/** Machines often say the mode in the view's own name: "AV CW". */
const said: Partial<Record<Mode, RegExp>> = {
	cw: /\bcw\b/i,
	pw: /\b(pw|tdi)\b/i,
	'm-mode': /\bm-?mode\b/i,
	colour: /\bcolou?r\b/i
};
const withMode = (view: string, mode: Mode) =>
	mode === '2d' || said[mode]?.test(view) ? view : `${view} ${modeWords[mode]()}`;

function plainName({ mode, modality, dataset }: Loop): string {
	if (modality === 'US') return withMode(mode === 'colour' ? '2D' : '', mode).trim() || '2D';
	return text(dataset, tags.SeriesDescription) || modality;
}

const refusalWords: Record<Refusal, () => string> = {
	'across-regions': m.viewer_refused_across,
	'wrong-region': m.viewer_refused_region,
	'no-strip': m.viewer_refused_strip,
	'no-calibration': m.viewer_refused_calibration,
	'crossing-outline': m.viewer_refused_crossing,
	'no-time-between': m.viewer_refused_time,
	'too-few-points': m.viewer_refused_points
};

const cautionWords: Record<Caution, () => string> = {
	uncalibrated: m.viewer_caution_uncalibrated,
	'calibration-doubtful': m.viewer_caution_doubtful,
	'calibration-ambiguous': m.viewer_caution_ambiguous,
	'at-detector': m.viewer_caution_detector,
	'axes-differ': m.viewer_caution_axes
};

const decimals: Record<string, number> = {
	cm: 2,
	mm: 1,
	cm2: 2,
	mm2: 1,
	ml: 1,
	ms: 0,
	'cm/s': 0,
	'cm/s2': 0,
	'mm[Hg]': 0,
	'/min': 0,
	deg: 0,
	'{pixels}': 0,
	'{square pixels}': 0
};

const shownUnits: Record<string, string> = {
	cm2: 'cm²',
	mm2: 'mm²',
	'cm/s2': 'cm/s²',
	'mm[Hg]': 'mmHg',
	deg: '°'
};

/** The value of a caliper with its unit; velocities as magnitude with their side of the baseline. */
export function valueWords(value: number, unit: string): string {
	// Echo counts times in milliseconds.
	if (unit === 's') return valueWords(value * 1000, 'ms');
	const digits = decimals[unit] ?? 2;
	const shown = new Intl.NumberFormat(getLocale() === 'x-pseudo' ? 'en' : getLocale(), {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	}).format(unit === 'cm/s' ? Math.abs(value) : value);
	if (unit === '{pixels}') return m.viewer_value_pixels({ value: shown });
	if (unit === '{square pixels}') return m.viewer_value_square_pixels({ value: shown });
	if (unit === 'cm/s') return `${value < 0 ? '↓' : '↑'} ${shown} cm/s`;
	return unit === 'deg' ? `${shown}°` : `${shown} ${shownUnits[unit] ?? unit}`;
}

/** Echo's own shorthand is the same in every language; what a unit says alone has none. */
const quantityShort: Record<QuantityKind, string> = {
	distance: '',
	area: '',
	'cavity-area': '',
	perimeter: '',
	angle: '',
	'long-axis': 'L',
	volume: 'V',
	'volume-area-length': 'V A-L',
	'volume-biplane': 'V biplane',
	velocity: '',
	'peak-velocity': 'Vmax',
	'mean-velocity': 'Vmean',
	vti: 'VTI',
	'peak-gradient': 'PGmax',
	'mean-gradient': 'PGmean',
	duration: '',
	'heart-rate': 'HR',
	slope: '',
	'deceleration-time': 'DT',
	'pressure-half-time': 'PHT'
};

export const quantityWords = ({ kind, value, unit }: Quantity): string =>
	[quantityShort[kind], valueWords(value, unit)].filter(Boolean).join(' ');

/** What of a drawing stands beside it; the rest is offered where a field is chosen. */
const besideIt: Partial<Record<MeasuringTool, readonly QuantityKind[]>> = {
	discs: ['volume', 'long-axis'],
	velocity: ['velocity', 'peak-gradient'],
	trace: ['vti', 'peak-velocity', 'mean-gradient'],
	slope: ['deceleration-time', 'pressure-half-time'],
	time: ['duration', 'heart-rate']
};

/** What stands beside a caliper: its numbers, or why there are none. */
export function annotationWords(annotation: Annotation, result: Measurement | null): string[] {
	const head = annotation.label ? [annotation.label] : [];
	if (result?.kind === 'refused') return [...head, refusalWords[result.reason]()];
	if (annotation.value === null || annotation.unit === null) return head;
	if (!result) return [[...head, valueWords(annotation.value, annotation.unit)].join(' ')];
	const wanted = besideIt[annotation.tool as MeasuringTool] ?? [];
	const found = result.quantities.filter(({ kind }) => wanted.includes(kind));
	const [first, ...rest] = (found.length > 0 ? found : [result.quantities[0]]).map(quantityWords);
	const cautions = result.cautions.map((caution) => cautionWords[caution]());
	return [[...head, first].join(' '), ...rest, ...cautions];
}

type Failure = Extract<SourceStatus, { kind: 'failed' }>['reason'];

/** What happened, and what to do. `download`: the file itself may help. */
const failures: Record<Failure, { what: () => string; todo: () => string; download: boolean }> = {
	'not-dicom': { what: m.viewer_failed_damaged, todo: m.viewer_todo_download, download: true },
	'no-pixels': { what: m.viewer_failed_no_pixels, todo: m.viewer_todo_download, download: true },
	'too-large': { what: m.viewer_failed_too_large, todo: m.viewer_todo_download, download: true },
	video: { what: m.viewer_failed_video, todo: m.viewer_todo_download, download: true },
	'video-mpeg2': { what: m.viewer_failed_mpeg2, todo: m.viewer_todo_download, download: true },
	'pixels-unknown': { what: m.viewer_failed_pixels, todo: m.viewer_todo_download, download: true },
	'cut-short': { what: m.viewer_failed_cut, todo: m.viewer_todo_resend, download: true },
	'not-decodable': { what: m.viewer_failed_decode, todo: m.viewer_todo_download, download: true },
	'not-found': { what: m.viewer_failed_missing, todo: m.viewer_todo_archive, download: false },
	'not-allowed': { what: m.viewer_failed_refused, todo: m.viewer_todo_sign_in, download: false },
	unavailable: { what: m.viewer_failed_away, todo: m.viewer_todo_retry, download: false }
};
export const failureWords = (reason: Failure) => failures[reason];
