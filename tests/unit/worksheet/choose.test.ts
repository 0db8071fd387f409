import { describe, expect, it } from 'vitest';
import { chooseAmong, type Candidate, type StudyFacts } from '$lib/worksheet/choose.ts';

const sheet = (id: string, parts: Partial<Candidate> = {}): Candidate => ({
	id,
	modalities: ['CT'],
	procedures: [],
	...parts
});
const sheets = [
	sheet('chest', { procedures: ['chest', 'thorax'], bodyParts: ['CHEST'] }),
	sheet('embolism', {
		procedures: ['pulmonary embolism', 'chest for embolism'],
		codes: [{ scheme: 'LN', value: '79077-1' }]
	}),
	sheet('knee', { bodyParts: ['KNEE'] }),
	sheet('any', { fallback: true })
];
const chosen = (study: Partial<StudyFacts>) =>
	chooseAmong(sheets, { modalities: ['CT'], procedure: '', ...study })?.id ?? null;

describe('which worksheet a study gets', () => {
	it('takes the longest text that the procedure contains', () => {
		expect(chosen({ procedure: 'CT Chest for embolism' })).toBe('embolism');
		expect(chosen({ procedure: 'CT THORAX' })).toBe('chest');
	});

	it('believes a procedure code before any text', () => {
		expect(chosen({ procedure: 'CT thorax', codes: ['LN:79077-1'] })).toBe('embolism');
	});

	it('goes by the body part when no text says anything', () => {
		expect(chosen({ procedure: 'CT routine', bodyParts: ['KNEE'] })).toBe('knee');
	});

	it('asks the second text before it takes what is meant for everything else', () => {
		expect(chosen({ procedure: ['Routine', 'Pulmonary embolism report'] })).toBe('embolism');
		expect(chosen({ procedure: ['Routine', 'Other'] })).toBe('any');
		expect(chosen({ procedure: [] })).toBe('any');
	});

	it('gives nothing to another modality', () => {
		expect(chosen({ modalities: ['MR'], procedure: 'chest' })).toBeNull();
	});
});
