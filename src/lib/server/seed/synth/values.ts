/** What a synthetic heart is drawn from, and what its machine "measured". cm, cm², ml, cm/s, ms, mmHg. */
export interface HeartValues {
	LVIDd: number;
	LVIDs: number;
	IVSd: number;
	LVPWd: number;
	/** LV length and width in the apical views, end diastole (d) and end systole (s). */
	L4d: number;
	L4s: number;
	D4d: number;
	D4s: number;
	D2d: number;
	D2s: number;
	LAV: number;
	LAAP: number;
	LAA4: number;
	RAA: number;
	RVD1: number;
	RVEDA: number;
	RVESA: number;
	TAPSE: number;
	RVS: number;
	AVV: number;
	AVMG: number;
	AVVTI: number;
	LVOTD: number;
	LVOTV: number;
	LVOTVTI: number;
	E: number;
	A: number;
	DT: number;
	es: number;
	el: number;
	TRV: number;
	RAP: number;
	IVC: number;
	IVCc: number;
	AoR: number;
	AscAo: number;
	PVV: number;
	PAAT: number;
	PISAr: number;
	Alias: number;
	MRV: number;
	MRVTI: number;
	IVRT: number;
	SBP: number;
	DBP: number;
}

/** A heart without findings. */
export const normalHeart: HeartValues = {
	LVIDd: 4.6,
	LVIDs: 2.9,
	IVSd: 0.9,
	LVPWd: 0.8,
	L4d: 8.3,
	L4s: 6.7,
	D4d: 4.6,
	D4s: 3.0,
	D2d: 4.5,
	D2s: 2.95,
	LAV: 48,
	LAAP: 3.5,
	LAA4: 16.8,
	RAA: 14.2,
	RVD1: 3.4,
	RVEDA: 18.2,
	RVESA: 10.1,
	TAPSE: 2.3,
	RVS: 13,
	AVV: 128,
	AVMG: 3.6,
	AVVTI: 27,
	LVOTD: 2.0,
	LVOTV: 98,
	LVOTVTI: 21,
	E: 82,
	A: 64,
	DT: 190,
	es: 9.2,
	el: 12.4,
	TRV: 225,
	RAP: 3,
	IVC: 1.6,
	IVCc: 60,
	AoR: 3.1,
	AscAo: 3.0,
	PVV: 92,
	PAAT: 135,
	PISAr: 0,
	Alias: 38.5,
	MRV: 0,
	MRVTI: 0,
	IVRT: 78,
	SBP: 124,
	DBP: 76
};

/** Calcified aortic valve, thick walls, slow relaxation: the story's first patient, now. */
export const stenoticHeart: HeartValues = {
	LVIDd: 4.9,
	LVIDs: 3.2,
	IVSd: 1.2,
	LVPWd: 1.1,
	L4d: 8.6,
	L4s: 7.3,
	D4d: 4.9,
	D4s: 3.4,
	D2d: 4.8,
	D2s: 3.3,
	LAV: 66,
	LAAP: 4.1,
	LAA4: 20.4,
	RAA: 16.2,
	RVD1: 3.6,
	RVEDA: 19.8,
	RVESA: 11.3,
	TAPSE: 2.1,
	RVS: 12.1,
	AVV: 412,
	AVMG: 43,
	AVVTI: 96,
	LVOTD: 2.0,
	LVOTV: 101,
	LVOTVTI: 22,
	E: 82,
	A: 95,
	DT: 232,
	es: 5.6,
	el: 7.4,
	TRV: 271,
	RAP: 3,
	IVC: 1.9,
	IVCc: 55,
	AoR: 3.4,
	AscAo: 3.5,
	PVV: 92,
	PAAT: 98,
	PISAr: 0.5,
	Alias: 38.5,
	MRV: 510,
	MRVTI: 155,
	IVRT: 96,
	SBP: 138,
	DBP: 82
};

/** The same patient a year before. */
export const stenoticHeartBefore: HeartValues = {
	...stenoticHeart,
	LVIDd: 4.8,
	LVIDs: 3.1,
	IVSd: 1.1,
	LVPWd: 1.0,
	LAV: 58,
	LAAP: 3.9,
	LAA4: 19,
	AVV: 285,
	AVMG: 18.2,
	AVVTI: 62,
	E: 78,
	A: 90,
	DT: 224,
	es: 6.1,
	el: 8,
	TRV: 252,
	RAP: 3,
	IVC: 1.7,
	IVCc: 60,
	AscAo: 3.5,
	SBP: 134,
	DBP: 80
};

/** Dilated and weak. */
export const failingHeart: HeartValues = {
	...normalHeart,
	LVIDd: 6.6,
	LVIDs: 5.6,
	IVSd: 0.9,
	LVPWd: 0.9,
	L4d: 9.2,
	L4s: 8.5,
	D4d: 6.2,
	D4s: 5.3,
	D2d: 6.0,
	D2s: 5.2,
	LAV: 98,
	LAAP: 4.9,
	LAA4: 27,
	RAA: 21,
	RVD1: 4.4,
	RVEDA: 26,
	RVESA: 18,
	TAPSE: 1.4,
	RVS: 8,
	AVV: 110,
	AVMG: 2.6,
	AVVTI: 19,
	LVOTV: 72,
	LVOTVTI: 13,
	E: 98,
	A: 42,
	DT: 138,
	es: 4.1,
	el: 5.6,
	TRV: 312,
	RAP: 15,
	IVC: 2.5,
	IVCc: 25,
	PISAr: 0.7,
	MRV: 460,
	MRVTI: 140,
	IVRT: 62,
	SBP: 104,
	DBP: 64
};

/** Body surface area, Du Bois, m². */
export function bodySurface(heightCm: number, weightKg: number): number {
	return 0.007184 * weightKg ** 0.425 * heightCm ** 0.725;
}

/** What the machine computes from its own measurements, as machines do. */
export function derived(v: HeartValues, bsa: number): Record<string, number> {
	const discs = (d4: number, d2: number, length: number) =>
		(2 / 3) * (Math.PI / 4) * d4 * d2 * length;
	const teichholz = (d: number) => (7 / (2.4 + d)) * d ** 3;
	const edv = discs(v.D4d, v.D2d, v.L4d);
	const esv = discs(v.D4s, v.D2s, v.L4s);
	const edv4 = discs(v.D4d, v.D4d, v.L4d);
	const esv4 = discs(v.D4s, v.D4s, v.L4s);
	const edv2 = discs(v.D2d, v.D2d, v.L4d);
	const esv2 = discs(v.D2s, v.D2s, v.L4s);
	const mass = 0.8 * 1.04 * ((v.LVIDd + v.IVSd + v.LVPWd) ** 3 - v.LVIDd ** 3) + 0.6;
	const strokeVolume = (Math.PI / 4) * v.LVOTD ** 2 * v.LVOTVTI;
	const orifice = v.MRV ? (2 * Math.PI * v.PISAr ** 2 * v.Alias) / v.MRV : 0;
	return {
		BSA: bsa,
		EDV: edv,
		ESV: esv,
		EF: (1 - esv / edv) * 100,
		EDV4: edv4,
		ESV4: esv4,
		EF4: (1 - esv4 / edv4) * 100,
		EDV2: edv2,
		ESV2: esv2,
		EF2: (1 - esv2 / edv2) * 100,
		EFT: (1 - teichholz(v.LVIDs) / teichholz(v.LVIDd)) * 100,
		FS: (1 - v.LVIDs / v.LVIDd) * 100,
		MASS: mass,
		EA: v.E / v.A,
		Ees: v.E / v.es,
		Eel: v.E / v.el,
		TRPG: 4 * (v.TRV / 100) ** 2,
		RVSP: 4 * (v.TRV / 100) ** 2 + v.RAP,
		AVPG: 4 * (v.AVV / 100) ** 2,
		SV: strokeVolume,
		AVA: strokeVolume / v.AVVTI,
		EROA: orifice,
		RVOL: orifice * v.MRVTI,
		FAC: (1 - v.RVESA / v.RVEDA) * 100
	};
}
