// Writes docs/*.schema.json from the schemas that the files are read with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { publishedSchemas, schemaText } = await import('../src/lib/worksheet/published-schemas.ts');
for (const [name, schema] of Object.entries(publishedSchemas())) {
	writeFileSync(join('docs', name), schemaText(schema));
	console.log(`docs/${name}`);
}
