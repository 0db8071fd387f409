/**
 * Editions of guidelines between which a practice decides, the default first. Rules ask for them as
 * `option.diastology`; what is added here is a setting, an option of the rules, a choice on the
 * practice's page and one in every report that uses it.
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

/** The editions alone out of a practice's settings or the engine's options. */
export function editionsOf({ diastology, carotid, profile, rightHeart }: Editions): Editions {
	return { diastology, carotid, profile, rightHeart };
}

/** N3: the profiles of normal ranges that belong to an edition. */
export const editionProfiles: { [K in EditionName]?: Record<Editions[K], string> } = {
	profile: { ASE2015: 'ASE2015', BSE2020: 'BSE2020' },
	diastology: { '2016': 'ASE2016', '2025': 'ASE2025-diastology' },
	rightHeart: { '2015': 'ASE2015-right', '2025': 'ASE2025' }
};

/** As a report prints them: what is judged, and by which publication. */
const printed: {
	[K in EditionName]: { title: string; texts: Record<Editions[K], string> };
} = {
	diastology: {
		title: 'Diastolic function',
		texts: { '2016': 'ASE/EACVI 2016', '2025': 'ASE 2025' }
	},
	carotid: {
		title: 'Carotid stenosis',
		texts: { sru2003: 'SRU 2003', iac2021: 'IAC 2021', iac2021_ratio: 'IAC 2021, with the ratio' }
	},
	profile: {
		title: 'Normal ranges of the chambers',
		texts: { ASE2015: 'ASE/EACVI 2015', BSE2020: 'BSE 2020' }
	},
	rightHeart: {
		title: 'Right ventricular function',
		texts: { '2015': 'ASE/EACVI 2015', '2025': 'ASE 2025' }
	}
};

export interface PrintedEdition {
	edition: EditionName;
	value: string;
	title: string;
	text: string;
}

export function printEdition(edition: EditionName, chosen: Editions): PrintedEdition {
	const { title, texts } = printed[edition];
	const value = chosen[edition];
	return { edition, value, title, text: (texts as Record<string, string>)[value] ?? value };
}
