/** JSON Schemas of our files, for editors and for those who write worksheets elsewhere. */
import { z } from 'zod';
import { sectionSchema, templateSchema, worksheetSchema } from './file-schemas.ts';

const base = 'https://readroom.example/schemas';

/** By file below `docs/`. `npm run schemas` writes them; a test fails when they are not current. */
export function publishedSchemas(): Record<string, unknown> {
	return {
		'worksheet.schema.json': {
			$id: `${base}/worksheet.schema.json`,
			title: 'Readroom worksheet',
			...z.toJSONSchema(worksheetSchema, { io: 'input', unrepresentable: 'any' })
		},
		'section.schema.json': {
			$id: `${base}/section.schema.json`,
			title: 'Readroom section, its parameters put in',
			...z.toJSONSchema(
				sectionSchema.extend({
					parameters: templateSchema.shape.parameters,
					repeat: templateSchema.shape.repeat
				}),
				{ io: 'input', unrepresentable: 'any' }
			)
		}
	};
}

export function schemaText(schema: unknown): string {
	return `${JSON.stringify(schema, null, '\t')}\n`;
}
