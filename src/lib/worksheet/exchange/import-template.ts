import { longestImport } from './draft.ts';
import type { Imported, IsTaken } from './draft.ts';
import { importQuestionnaire } from './import-questionnaire.ts';
import { importMrrt } from './mrrt.ts';

/**
 * Reads a template of another system: an MRRT page or a FHIR Questionnaire, told by what it begins
 * with. `wrong` says why a file is none.
 */
export function importTemplate(text: string, isTaken?: IsTaken): Imported | { wrong: string } {
	if (text.length > longestImport)
		return { wrong: `has ${text.length} characters, more than ${longestImport}` };
	if (text.trim() === '') return { wrong: 'is empty' };
	const start = text.replace(/^\uFEFF/, '').trimStart();
	if (start.startsWith('{')) return importQuestionnaire(start, isTaken);
	if (/^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<Questionnaire[\s>]/.test(start))
		return { wrong: 'is a Questionnaire in XML; only the JSON form is read' };
	if (!/^<(!doctype|html|\?xml|!--|body|section|form|div)/i.test(start))
		return { wrong: 'is neither an HTML page nor a FHIR Questionnaire in JSON' };
	const imported = importMrrt(text, isTaken);
	return imported.fields === 0 ? { wrong: 'has no field' } : imported;
}
