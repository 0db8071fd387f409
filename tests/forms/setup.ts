import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildFormPage } from './form-page.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** Folder of the built page. */
		formPage: string;
	}
}

/** The page is built once for all tests of the forms. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
	const folder = mkdtempSync(join(tmpdir(), 'readroom-forms-'));
	await buildFormPage(folder);
	provide('formPage', folder);
	return () => rmSync(folder, { recursive: true, force: true });
}
