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

	it('J3: opens the general one when a text names two regions or fits two alike', () => {
		expect(chosen({ procedure: 'CT chest and knees' })).toBe('chest');
		const two = [
			sheet('chest', { procedures: ['chest'], bodyParts: ['CHEST'] }),
			sheet('elbow', { procedures: ['elbow'], bodyParts: ['ELBOW'] }),
			sheet('general', { fallback: true })
		];
		const study = { modalities: ['CT'], procedure: 'CT chest, elbow' };
		expect(chooseAmong(two, study)?.id).toBe('general');
		expect(chooseAmong(two, { ...study, bodyParts: ['CHEST'] })?.id).toBe('general');
		expect(chooseAmong(two, { ...study, procedure: 'Elbow' })?.id).toBe('elbow');
	});

	it("J4: takes a practice's own before those of the library that fit alike", () => {
		const library = sheet('library', { procedures: ['chest wide'], bodyParts: ['CHEST'] });
		const own = sheet('own', { procedures: ['wide chest'], bodyParts: ['CHEST'], own: true });
		for (const study of [{ procedure: 'Chest wide' }, { procedure: '', bodyParts: ['CHEST'] }]) {
			expect(chooseAmong([own, library], { modalities: ['CT'], ...study })?.id).toBe('own');
		}
	});

	it('reads the CT of a PET/CT with the PET', () => {
		const pet = sheet('pet', { modalities: ['PT'], fallback: true });
		const study = { modalities: ['CT', 'PT'], procedure: 'PET/CT chest', bodyParts: ['CHEST'] };
		expect(chooseAmong([...sheets, pet], study)?.id).toBe('pet');
	});

	it('gives nothing to another modality', () => {
		expect(chosen({ modalities: ['MR'], procedure: 'chest' })).toBeNull();
	});
});
