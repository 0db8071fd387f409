import { createRequire } from 'node:module';

/**
 * dcmjs-dimse is one CommonJS file whose names Node cannot tell before it runs, while its types are
 * those of a module with named exports: only `require` fits both.
 */
export const dimse = createRequire(import.meta.url)('dcmjs-dimse') as typeof import('dcmjs-dimse');
