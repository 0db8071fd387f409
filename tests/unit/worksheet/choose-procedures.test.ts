import { describe, expect, it } from 'vitest';
import { chooseAmong } from '$lib/worksheet/choose.ts';
import { procedureWords } from '$lib/worksheet/procedure-words.ts';
import { readLibrary } from '$lib/worksheet/read-library.ts';
import { worksheetFiles } from '../../support/worksheet.ts';
import { procedureTexts } from './procedure-texts.ts';

const sheets = [...readLibrary(worksheetFiles()).library.worksheets.values()].map(
	({ value }) => value
);
const chosen = (study: Parameters<typeof chooseAmong>[1]) => chooseAmong(sheets, study)?.id ?? null;

/** Modalities of images and recordings; reports, plans and marks are no study by themselves. */
const readable = (
	'AR BDUS BI BMD CFM CR CT DG DMS DX ECG EEG EMG EOG EPS ES GM HC HD IO IVOCT IVUS KER LEN LS ' +
	'M3D MA MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA POS PT PX RESP RF RG RTIMAGE ' +
	'SC SM SRF TG US VA VL XA XC'
).split(' ');

describe('the worksheet for a procedure as hospitals write it', () => {
	it.each(procedureTexts.map((row) => ({ ...row, shown: row.modalities.join('+') })))(
		'$shown "$procedure" opens $worksheet',
		({ worksheet, ...study }) => {
			expect(chosen(study)).toBe(worksheet);
		}
	);

	it('J5: has one for every modality that can be read, whatever it says', () => {
		const without = readable.filter(
			(modality) => chosen({ modalities: [modality], procedure: 'zzz' }) === null
		);
		expect(without).toEqual([]);
	});

	it('J5: has none for what is no study by itself', () => {
		for (const modality of ['SR', 'KO', 'PR', 'SEG', 'REG', 'RTPLAN']) {
			expect(chosen({ modalities: [modality], procedure: 'Echo' })).toBeNull();
		}
	});

	it('J2: finds every text that a worksheet of the library names with the worksheet itself', () => {
		// Each names itself, another more exactly, or what several name alike.
		const names = new Map<string, string[]>();
		for (const sheet of sheets) {
			for (const text of sheet.procedures) {
				const words = [...new Set(procedureWords(text))].sort().join(' ');
				for (const modality of sheet.modalities) {
					const key = `${modality} ${words}`;
					names.set(key, [...(names.get(key) ?? []), sheet.id]);
				}
			}
		}
		const lost = sheets.flatMap((sheet) =>
			sheet.procedures.filter((text) => {
				const got = chosen({ modalities: [...sheet.modalities.slice(0, 1)], procedure: text });
				if (got === sheet.id) return false;
				const words = [...new Set(procedureWords(text))].sort().join(' ');
				return !names.get(`${sheet.modalities[0]} ${words}`)?.includes(got ?? '');
			})
		);
		expect(lost).toEqual([]);
	});

	it('J2: takes no contrast for what was said to be without', () => {
		expect(procedureWords('Echo without contrast')).toEqual(['echo']);
		expect(procedureWords('TTE with and without contrast')).toContain('contrast');
	});

	it('J2: reads umlauts as they are written', () => {
		const [one] = procedureWords('Schilddrüse');
		expect(procedureWords('SCHILDDRUESE')).toEqual([one]);
		expect(procedureWords('Schilddruse')).toEqual([one]);
	});
});
