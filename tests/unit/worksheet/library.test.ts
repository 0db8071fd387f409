import { mkdtempSync, cpSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '$lib/errors.ts';
import { openWorksheetLibrary } from '$lib/server/worksheets/library.ts';
import { resolveWorksheet } from '$lib/worksheet/resolve.ts';
import { worksheet, worksheetFolder, worksheetLibrary } from '../../support/worksheet.ts';

// Seven hundred worksheets are read and judged once.
beforeAll(() => void worksheetLibrary().list(), 120_000);

describe('the library', () => {
	it('lists what there is to report on', () => {
		expect(
			worksheetLibrary()
				.list()
				.map(({ id, maturity }) => [id, maturity])
		).toEqual(
			expect.arrayContaining([
				['adult-tte', 'A'],
				['carotid-duplex', 'A'],
				['toe-film', 'C']
			])
		);
	});

	it('marks as A what a heart and vessel laboratory does every day', () => {
		const marks = new Map(
			worksheetLibrary()
				.list()
				.map(({ id, maturity }) => [id, maturity])
		);
		const daily =
			'adult-tte adult-tte-limited tte-strain tte-enhancing-agent aortic-stenosis-tte aortic-regurgitation-tte mitral-regurgitation-tte mitral-stenosis-tte tricuspid-regurgitation-tte prosthetic-valve-tte pulmonary-hypertension-tte right-heart-tte pericardial-disease-tte hypertrophic-cardiomyopathy-tte treadmill-stress-echo bicycle-stress-echo dobutamine-stress-echo tee-complete paediatric-tte fetal-echo carotid-duplex leg-vein-dvt venous-insufficiency leg-artery-duplex abi-rest renal-artery-duplex mesenteric-duplex aaa-screening dialysis-access-surveillance ob-first-trimester-viability ob-second-trimester-standard ob-third-trimester-growth thyroid-us coronary-calcium-ct coronary-cta spect-mpi-exercise spect-mpi-vasodilator low-dose-lung-screening';
		expect(daily.split(' ').filter((id) => marks.get(id) !== 'A')).toEqual([]);
	});

	it.each([
		['Echo TTE', 'adult-tte'],
		['TRANSTHORACIC ECHOCARDIOGRAM, COMPLETE', 'adult-tte'],
		['Echokardiographie transthorakal', 'adult-tte'],
		['US Carotid Duplex bilateral', 'carotid-duplex'],
		['US abdomen', 'abdomen-us-complete'],
		['US thyroid', 'thyroid-us'],
		['', 'free-text-report']
	])('"%s" is reported on %s', (procedure, id) => {
		expect(worksheetLibrary().chooseFor({ modalities: ['US', 'SR'], procedure })?.id).toBe(id);
	});

	it('a procedure of another modality gets the general worksheet, a document none', () => {
		const chooseFor = (modality: string) =>
			worksheetLibrary().chooseFor({ modalities: [modality], procedure: 'Carotid' });
		expect(chooseFor('CT')?.id).toBe('free-text-report');
		expect(chooseFor('SR')).toBeNull();
	});

	it('gives a version that the files do not hold to nobody', () => {
		const library = worksheetLibrary();
		expect(library.resolve('adult-tte', worksheet().version)).toBe(library.resolve('adult-tte'));
		expect(library.resolve('adult-tte', '0.0.1')).toBeNull();
		expect(library.resolve('nothing')).toBeNull();
	});

	it('hashes content: a copy has the same hash, a change another', () => {
		const library = worksheetLibrary();
		const copy = structuredClone(worksheet());
		expect(library.hashOf(copy)).toBe(library.hashOf(worksheet()));
		expect(library.hashOf({ ...copy, title: 'Other' })).not.toBe(library.hashOf(worksheet()));
	});

	it('resolves a worksheet of its own files as of all of them', { timeout: 60_000 }, () => {
		const first = openWorksheetLibrary(worksheetFolder);
		const again = openWorksheetLibrary(worksheetFolder);
		const every = process.env.READROOM_LONG ? 1 : 25;
		for (const { id } of first.list().filter((_, index) => index % every === 0)) {
			const whole = resolveWorksheet(first.parts, id);
			const alone = again.resolve(id);
			if (!whole || !alone) throw new Error(id);
			expect(again.hashOf(alone), id).toBe(first.hashOf(whole));
		}
	});

	it('does not open with a problem in it, and says where', () => {
		const folder = mkdtempSync(join(tmpdir(), 'worksheets-'));
		try {
			cpSync(worksheetFolder, folder, { recursive: true });
			rmSync(join(folder, 'catalogue'), { recursive: true });
			const file = join(folder, 'vascular/carotid-duplex.yaml');
			const text = readFileSync(file, 'utf8');
			const line = text.slice(0, text.indexOf('vascular/exam')).split('\n').length;
			writeFileSync(file, text.replace('vascular/exam', 'vascular/exams'));
			let thrown: unknown;
			try {
				openWorksheetLibrary(folder);
			} catch (error) {
				thrown = error;
			}
			expect(thrown).toBeInstanceOf(DomainError);
			expect(String(thrown)).toContain(
				`worksheets/vascular/carotid-duplex.yaml:${line}: carotid-duplex: there is no section "vascular/exams"`
			);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe('the adult TTE sheet', () => {
	const sheet = worksheet();
	const fields = sheet.sections.flatMap((section) => section.fields);

	it('has a field for each measurement of a complete study', () => {
		// The items of a full SR of an adult echo, by measurement.
		const wanted =
			'height weight bsa hr sbp dbp lvidd lvids lv_ivsd lv_pwd lv_fs lv_mass_linear lvedv_biplane lvesv_biplane lvef_biplane lvedv_a4c lvesv_a4c lvef_a4c lvedv_a2c lvesv_a2c lvef_a2c lvef_teichholz lv_length_d lv_length_s lvot_diameter e_prime_septal e_prime_lateral e_eprime_septal e_eprime_lateral lv_ivrt lvot_vmax lvot_vti lvot_sv la_ap la_area_a4c la_volume_mod ra_area rap rv_basal rv_fac rv_eda rv_esa tapse rv_s_prime rvsp av_vmax av_pg_max av_pg_mean av_vti ava_vti mv_e_velocity mv_a_velocity mv_e_a_ratio mv_dt mv_pht mva_pht mr_vmax mr_vti mr_pisa_radius mr_aliasing_velocity mr_eroa_pisa mr_rvol_pisa tr_vmax tr_pg_max pv_vmax rvot_acct ao_root ao_asc ivc_diameter ivc_collapse'.split(
				' '
			);
		const ids = new Set(fields.map(({ id }) => id));
		expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
	});

	it('knows every measurement by its dictionary row, every other field by its section', () => {
		for (const { id, measurementId } of fields) {
			if (measurementId === null) expect(id).toMatch(/^[a-z]+\.[a-z_]+$/);
			else expect(sheet.measurements[measurementId], id).toBeDefined();
		}
	});

	it('cites everything in it', () => {
		const cited = [...sheet.formulas, ...sheet.normals, ...sheet.grades, ...sheet.statements];
		for (const key of cited.flatMap(({ source }) => source))
			expect(sheet.sources[key], key).toBeDefined();
	});
});
