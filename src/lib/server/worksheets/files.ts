import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Problem } from '$lib/worksheet/source-files.ts';

/** Where `worksheets/` lies: beside the program, or in the working folder. */
export function worksheetFolder(env: NodeJS.ProcessEnv = process.env): string {
	return join(env.READROOM_ROOT ?? process.cwd(), 'worksheets');
}

/** Content of every YAML and JSON file, by its path below the folder, with `/` on every system. */
export function readWorksheetFiles(folder: string): Map<string, string> {
	const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(yaml|json)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
	return new Map(
		paths
			.sort()
			.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')])
	);
}

export function describeProblem({ file, line, what, remedy }: Problem): string {
	return `${file}:${line}: ${what}. ${remedy}`;
}
