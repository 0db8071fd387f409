import { resolve } from 'node:path';

/** The worksheets of this repository, wherever a test or script was started. */
export const worksheetFolder = resolve(import.meta.dirname, '../../worksheets');
