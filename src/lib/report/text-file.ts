import { z } from 'zod';
import { macroFieldsSchema, type Macro, type MacroFields } from './macro.ts';
import { presetFieldsSchema, type Preset } from './preset.ts';

/** Macros and presets of one owner as a file: for another practice, another installation, a drawer. */
export interface TextFile {
	format: 'readroom-texts';
	version: 1;
	macros: MacroFields[];
	presets: Pick<Preset, 'worksheetId' | 'title' | 'content'>[];
}

/** Of one owner at most this many of each are kept, so no file has more. */
export const mostTexts = 300;

export const textFileSchema: z.ZodType<TextFile> = z.strictObject({
	format: z.literal('readroom-texts'),
	version: z.literal(1),
	macros: z.array(macroFieldsSchema).max(mostTexts),
	presets: z.array(presetFieldsSchema).max(mostTexts)
});

/** Bytes of a file that is even read. */
export const largestTextFile = 4 * 1024 * 1024;

export type TextFileProblem =
	| { code: 'not-json' }
	/** JSON, and something else than macros and presets. */
	| { code: 'other-format' }
	/** Written by a later release. */
	| { code: 'newer'; version: number }
	/** `place` as in the file: "macros[2].abbreviation". */
	| { code: 'wrong'; place: string }
	| { code: 'empty' };

/** What stands in a file that somebody chose, or what is wrong with it and where. */
export function readTextFile(text: string): { file: TextFile } | { problem: TextFileProblem } {
	let json: unknown;
	try {
		json = JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		return { problem: { code: 'not-json' } };
	}
	const head = z.looseObject({ format: z.literal('readroom-texts'), version: z.number() });
	const known = head.safeParse(json);
	if (!known.success) return { problem: { code: 'other-format' } };
	if (known.data.version > 1) {
		return { problem: { code: 'newer', version: known.data.version } };
	}
	const parsed = textFileSchema.safeParse(json);
	if (!parsed.success) {
		return { problem: { code: 'wrong', place: placeOf(parsed.error.issues[0]?.path ?? []) } };
	}
	const { macros, presets } = parsed.data;
	return macros.length + presets.length > 0
		? { file: parsed.data }
		: { problem: { code: 'empty' } };
}

const placeOf = (path: readonly PropertyKey[]): string =>
	path
		.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`))
		.join('')
		.replace(/^\./, '');

/** Ids, owners and who changed it last stay behind: they mean nothing elsewhere. */
export function writeTextFile(
	macros: readonly Pick<Macro, 'abbreviation' | 'title' | 'body'>[],
	presets: readonly Pick<Preset, 'worksheetId' | 'title' | 'content'>[]
): string {
	const file: TextFile = {
		format: 'readroom-texts',
		version: 1,
		macros: macros.map(({ abbreviation, title, body }) => ({ abbreviation, title, body })),
		presets: presets.map(({ worksheetId, title, content }) => ({ worksheetId, title, content }))
	};
	return `${JSON.stringify(file, null, '\t')}\n`;
}
