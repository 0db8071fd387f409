/**
 * Editions of guidelines between which a practice decides, the default first. Rules ask for them as
 * `option.diastology`; what is added here is a setting, an option of the rules and a choice on the
 * practice's page.
 */
export const editions = {
	diastology: ['2016', '2025'],
	/**
	 * Limits for the internal carotid artery: SRU 2003, or IAC 2021 by the velocity alone or by the
	 * velocity of 2003 together with the ratio.
	 */
	carotid: ['sru2003', 'iac2021', 'iac2021_ratio'],
	/** Whose normal ranges of the chambers: ASE/EACVI 2015, or those known of the BSE 2020. */
	profile: ['ASE2015', 'BSE2020'],
	/** Right ventricular function: the limits of 2015, or the grades of ASE 2025. */
	rightHeart: ['2015', '2025']
} as const;

export type EditionName = keyof typeof editions;
export type Editions = { [K in EditionName]: (typeof editions)[K][number] };

export const editionNames = Object.keys(editions) as EditionName[];
