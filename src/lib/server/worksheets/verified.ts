/**
 * What was found in order once is not checked again: seven hundred worksheets take seconds. Remembered
 * is the hash of everything that the answer rests on, and what every list and choice needs, so that
 * most starts of a server read no worksheet at all.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Candidate } from '$lib/worksheet/choose.ts';
import { engineVersion } from '$lib/worksheet/evaluate.ts';
import type { WorksheetSummary } from '$lib/worksheet/summary.ts';

/** Of a worksheet, without resolving it. */
export interface VerifiedWorksheet {
	summary: WorksheetSummary;
	meantFor: Candidate;
	/** Files that it is made of, beside those that all share. */
	files: readonly string[];
}

const coded = z.object({ scheme: z.string(), value: z.string() });
const rememberedSchema = z.object({
	/** Of this file's own shape. */
	shape: z.literal(1),
	fingerprint: z.string(),
	worksheets: z.array(
		z.object({
			summary: z.object({
				id: z.string(),
				title: z.string(),
				version: z.string(),
				group: z.string(),
				modalities: z.array(z.string()),
				maturity: z.enum(['A', 'B', 'C']),
				standard: z.string(),
				sections: z.array(z.object({ id: z.string(), title: z.string(), fields: z.number() })),
				fields: z.number(),
				codedFields: z.number(),
				rules: z.number()
			}),
			meantFor: z.object({
				id: z.string(),
				modalities: z.array(z.string()),
				procedures: z.array(z.string()),
				bodyParts: z.array(z.string()),
				codes: z.array(coded),
				fallback: z.boolean()
			}),
			files: z.array(z.string())
		})
	)
});

/**
 * Where it is remembered, the first that can be written: the build, the data folder, the package
 * folder. Never a folder that other people of the machine may write to.
 */
export function verifiedFiles(env: NodeJS.ProcessEnv = process.env): string[] {
	const root = env.READROOM_ROOT ?? process.cwd();
	return [
		join(root, 'build', 'worksheets.json'),
		...(env.DATA_DIR ? [join(env.DATA_DIR, 'worksheets.json')] : []),
		join(root, 'node_modules', '.cache', 'readroom', 'worksheets.json')
	];
}

/** Of the files, and of the rules they are checked by: either changed, and all is checked again. */
export function fingerprintOf(files: ReadonlyMap<string, string>): string {
	const hash = createHash('sha256').update(engineVersion);
	for (const [path, text] of files) hash.update(`\0${path}\0${text}`);
	// Where the sources lie beside the program, their state counts as well.
	const rules = join(process.env.READROOM_ROOT ?? process.cwd(), 'src', 'lib', 'worksheet');
	for (const name of existsSync(rules) ? readdirSync(rules).sort() : [])
		if (name.endsWith('.ts')) hash.update(`\0${name}\0`).update(readFileSync(join(rules, name)));
	return hash.digest('hex');
}

/** Null when nothing was remembered for exactly these files. */
export function recall(fingerprint: string, paths = verifiedFiles()): VerifiedWorksheet[] | null {
	for (const path of paths) {
		const known = readRemembered(path);
		if (known?.fingerprint === fingerprint) return known.worksheets;
	}
	return null;
}

function readRemembered(path: string): z.infer<typeof rememberedSchema> | null {
	try {
		const parsed = rememberedSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
		return parsed.success ? parsed.data : null;
	} catch {
		// Absent, half written or of another shape: then everything is checked.
		return null;
	}
}

/** Writes it down where the folder is there already; a read-only system just checks at every start. */
export function remember(
	fingerprint: string,
	worksheets: readonly VerifiedWorksheet[],
	paths = verifiedFiles()
): void {
	const content = JSON.stringify({ shape: 1, fingerprint, worksheets });
	for (const path of paths) {
		try {
			const isCache = path.includes('.cache');
			if (!existsSync(isCache ? dirname(dirname(dirname(path))) : dirname(path))) continue;
			mkdirSync(dirname(path), { recursive: true });
			const unfinished = `${path}.${process.pid}`;
			writeFileSync(unfinished, content);
			renameSync(unfinished, path);
			return;
		} catch {
			// The next folder may take it.
		}
	}
}
