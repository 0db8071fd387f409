import { m } from '$lib/paraglide/messages.js';
import type { EditionName, Editions } from '../editions.ts';

/** What a practice decides, or a reader for one report, and the names of the editions between which it does. */
export const editionLabels: {
	[K in EditionName]: { title: () => string; editions: Record<Editions[K], () => string> };
} = {
	diastology: {
		title: m.practice_diastology,
		editions: { '2016': () => 'ASE/EACVI 2016', '2025': () => 'ASE 2025' }
	},
	carotid: {
		title: m.practice_carotid,
		editions: {
			sru2003: () => 'SRU 2003',
			iac2021: () => 'IAC 2021',
			iac2021_ratio: m.practice_carotid_ratio
		}
	},
	profile: {
		title: m.practice_profile,
		editions: { ASE2015: () => 'ASE/EACVI 2015', BSE2020: m.practice_profile_bse }
	},
	rightHeart: {
		title: m.practice_right_heart,
		editions: { '2015': () => 'ASE/EACVI 2015', '2025': () => 'ASE 2025' }
	}
};

/** For a list to choose from. */
export const editionOptions = (name: EditionName): { value: string; label: string }[] =>
	Object.entries(editionLabels[name].editions).map(([value, label]) => ({ value, label: label() }));
