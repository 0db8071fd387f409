import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedSchemas, schemaText } from '$lib/worksheet/published-schemas.ts';

const docs = resolve(import.meta.dirname, '../../../docs');

describe('the published JSON Schemas', () => {
	it.each(Object.entries(publishedSchemas()))(
		'%s is what the files are read with (npm run schemas)',
		(name, schema) => {
			expect(readFileSync(resolve(docs, name), 'utf8')).toBe(schemaText(schema));
		}
	);

	it('know no other keys than ours', () => {
		const { 'worksheet.schema.json': sheet } = publishedSchemas() as Record<
			string,
			{ additionalProperties: boolean; required: string[]; properties: Record<string, unknown> }
		>;
		expect(sheet?.additionalProperties).toBe(false);
		expect(sheet?.required).toContain('maturity');
		expect(Object.keys(sheet?.properties ?? {})).toContain('sections');
	});
});
