import { readFile } from 'node:fs/promises';
import { DomainError } from '$lib/errors.ts';
import type { ErrorCode } from '$lib/errors.ts';
import type { ParseLimits } from '$lib/dicom/limits.ts';
import { parsePart10 } from '$lib/dicom/part10.ts';
import { bulkBytes, frameBytes } from '$lib/dicom/pixel-data.ts';
import { summarise } from './object-summary.ts';
import type { ObjectSummary } from './object-summary.ts';
import type { Picture, RenderOptions } from './render.ts';

/** Bytes that both threads see, or a file that only the worker opens. */
export type Source = { shared: SharedArrayBuffer } | { path: string };

export type ParseTask =
	| { kind: 'summarise'; source: Source; limits?: Partial<ParseLimits> }
	| { kind: 'frames'; source: Source; numbers: number[] }
	| { kind: 'bulk'; source: Source; path: string }
	| { kind: 'render'; source: Source; options: RenderOptions }
	| { kind: 'resize'; source: Source; options: RenderOptions };

export interface ParseResults {
	summarise: ObjectSummary;
	frames: Uint8Array[];
	bulk: Uint8Array;
	render: Picture;
	resize: Picture;
}

export type TaskAnswer<K extends keyof ParseResults = keyof ParseResults> =
	{ result: ParseResults[K] } | { error: { code: ErrorCode; detail?: string } };

/** The decoders are large; a worker that only reads starts without them. */
const drawing = () => import('./render.ts');

async function load(source: Source): Promise<Uint8Array> {
	if ('path' in source) return new Uint8Array(await readFile(source.path));
	// A copy of our own: TextDecoder takes no shared memory, and nobody changes it under us.
	return new Uint8Array(source.shared).slice();
}

async function perform(task: ParseTask): Promise<ParseResults[keyof ParseResults]> {
	const bytes = await load(task.source);
	switch (task.kind) {
		case 'summarise':
			return summarise(bytes, task.limits);
		case 'frames': {
			const part10 = parsePart10(bytes);
			return task.numbers.map((n) => frameBytes(part10, n).slice());
		}
		case 'bulk':
			return bulkBytes(parsePart10(bytes), task.path).slice();
		case 'render':
			return await (await drawing()).renderFrame(parsePart10(bytes), task.options);
		case 'resize':
			return (await drawing()).resizeJpeg(bytes, task.options);
	}
}

/** One task inside the worker. Errors travel as code and words, never as a stack. */
export async function runTask(task: ParseTask): Promise<TaskAnswer> {
	try {
		return { result: await perform(task) };
	} catch (e) {
		if (e instanceof DomainError) {
			return { error: { code: e.code, ...(e.detail ? { detail: e.detail } : {}) } };
		}
		return { error: { code: 'invalid_input', detail: 'The file cannot be read. Send it again.' } };
	}
}
