/**
 * What the text of a procedure says, as words that can be compared: hospitals abbreviate, put the
 * words in any order and write umlauts or not.
 */

/** The words of a text: small letters without accents, in one spelling, without those that say nothing. */
export function procedureWords(text: string): string[] {
	const plain = oneSpelling(text);
	const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '' && !empty.has(word));
	return words.flatMap((word) => spelledOut.get(word) ?? [stemmed(word)]);
}

/** A word that a worksheet names, in a text: short ones alone, longer ones as stem or within. */
export function isWordIn(named: string, words: readonly string[]): string | undefined {
	if (named.length <= 3) return words.find((word) => word === named);
	if (named.length <= 5) return words.find((word) => word.startsWith(named));
	return words.find((word) => word.includes(named));
}

/** The word by which a text names the modality; a study of that modality needs not say it. */
export const modalityWord: Readonly<Record<string, string>> = {
	BMD: 'dxa',
	CR: 'xr',
	CT: 'ct',
	DX: 'xr',
	ECG: 'ecg',
	EEG: 'eeg',
	MG: 'mammo',
	MR: 'mr',
	NM: 'scint',
	OPT: 'oct',
	PT: 'pet',
	US: 'us',
	XA: 'angiography'
};

/** Words that say how, not what: they weigh nothing when two worksheets fit. */
export const modalityWords: ReadonlySet<string> = new Set(['us', 'ct', 'mr', 'xr', 'pet', 'ecg']);

function oneSpelling(text: string): string {
	const plain = text
		.toLowerCase()
		.replaceAll('ß', 'ss')
		.replaceAll('œ', 'oe')
		.replaceAll('æ', 'ae')
		.replaceAll('ø', 'o')
		.normalize('NFD')
		.replace(/\p{M}/gu, '');
	return phrases.reduce((so, [from, to]) => so.replace(from, to), plain);
}

/** Several words, or words that mean something else beside certain others. */
const phrases: readonly (readonly [RegExp, string])[] = [
	// What was not given must not look as if it was.
	[
		/(?<!with and |w and |w\/? ?and |mit und |con y |avec et )\b(without|w\/o|w\/out|wo|ohne|sans|sin|utan|non)( iv| i\.v\.)?[ -]*(contrast\w*|contraste|kontrast\w*|km|kontrastmittel|contrast agent|enhancement|injection)\b/g,
		' '
	],
	[/</g, ' less than '],
	[/>/g, ' greater than '],
	[/\bct a ?[/&+] ?p\b/g, 'ct abdomen pelvis'],
	[/\bx[ -]?rays?\b/g, 'xr'],
	[/\b([ctl])[ -]?sp(ine|n)?\b/g, '$1 spine'],
	[/\bpet[ /-]?ct\b/g, 'pet ct'],
	[/\b(kernspin|magnetresonanz|mr)-?tomogra(ph|f)i\w*/g, 'mr'],
	[/\b(magnetic resonance)( imaging)?\b/g, 'mr'],
	[/\bmagnetkamera\b/g, 'mr'],
	[/\b(computed tomography|computertomogra(ph|f)ie|datortomografi|tomodensitometrie)\b/g, 'ct'],
	// "With contrast, bubble and strain if needed" says nothing of what was done.
	[/\b(with|w|incl)\b[^|·]*?\b(if|as) (needed|necessary|indicated|appropriate)\b/g, ' '],
	[/\b(membres inferieurs|(miembros|extremidades) inferiores)\b/g, 'leg'],
	[/\b(membres superieurs|(miembros|extremidades) superiores)\b/g, 'arm'],
	[/\b(lower|lwr|low) (extremit(y|ies)|extr?|xtr|limbs?)\b/g, 'leg'],
	[/\b(upper|upr|up) (extremit(y|ies)|extr?|xtr|limbs?)\b/g, 'arm'],
	// "le" is an article elsewhere, and so is "la".
	[/\b(b|r|l)?le (?=(ven|vn|art|dop|dup|dvt|reflux))/g, 'leg '],
	[/(?<=(venous|vein|veins|arterial|artery|doppler|duplex|dvt|ven|art) )(b|r|l)?le\b/g, 'leg'],
	[/\b(b|r|l)?ue (?=(ven|vn|art|dop|dup|dvt))/g, 'arm '],
	[/(?<=(venous|vein|veins|arterial|artery|doppler|duplex|dvt|ven|art) )(b|r|l)?ue\b/g, 'arm'],
	[/\b(lower|lumbar) back\b/g, 'lumbar spine'],
	[/\be(ch|c)o[ -]?doppler (?=(ve|arter|art|des? |tronc|tsa|ren|carot))/g, 'us duplex ']
];

/** One spelling for what has many. */
const spelledOut = new Map<string, string[]>(
	(
		[
			[
				'us',
				'us ultrasound ultrasonic sono sonogram usg ultraschall ultraljud ecografia ultrasonido'
			],
			['us', 'ultrasonography sonography sonographie sonografie echographie echografie ecograf'],
			['mr', 'mr mri mrt irm rm rmn kernspin'],
			['ct', 'ct cat tac tc tdm scanner scan dt'],
			['xr', 'xr xray xrays rx cr dx radiographie radiograph radiographs radiografia roentgen'],
			['xr', 'rontgen rontgenaufnahme radiograph plain'],
			['pet', 'pet petct'],
			['ct angiography', 'cta ctangio'],
			['mr angiography', 'mra mrangio'],
			['ct venography', 'ctv'],
			['mr venography', 'mrv'],
			['angiography', 'angio angiogram angiograms angiographie angiografia'],
			['echo', 'eko ucg eco'],
			['tee', 'ete'],
			['tte', 'ett'],
			['left', 'lt lft links'],
			['right', 'rt rgt rechts'],
			['limited', 'ltd lmt lmtd lim limitiert limite limitado'],
			['abdomen', 'abd abdo abdominal buk bauch'],
			['pelvis', 'pel pelv pelvic'],
			['spine', 'spn'],
			['thorax', 'thx'],
			['vein', 'venous veins ven venen vns veineux veineuse venoso venosa vener'],
			['artery', 'arterial arteries art arterien arter arteriel arterielle'],
			['leg', 'legs lext bein beine'],
			['arm', 'arms uext'],
			['doppler', 'dopp dop dplr'],
			['duplex', 'dup dplx dupl'],
			['echo', 'echocardiograph'],
			['gallbladder', 'gb'],
			['chest', 'cxr chst'],
			['screening', 'screen scrn'],
			['mammo', 'mam'],
			['follow', 'fu followup'],
			['brain', 'brn cerebral'],
			['pediatric', 'peds ped paed paeds']
		] satisfies [string, string][]
	).flatMap(([to, from]) =>
		from.split(' ').map((each): [string, string[]] => [each, to.split(' ')])
	)
);

/** Words whose endings differ and mean the same. */
const stems: readonly (readonly [RegExp, string])[] = [
	[/^p(a|ae)?diatri\w*$/, 'pediatric'],
	[/^(echo|ekk?o|eco)(c|k)ardio(gr|sc)\w*$/, 'echo'],
	[/^(sonogra(ph|f)|ultrasonogra|echogra(ph|f))\w*$/, 'us'],
	[/^trans(o|e)?so(ph|f)ag\w*$/, 'tee'],
	[/^(transthora[ck])\w*$/, 'tte'],
	[/^(f(o|oe)?etal)\w*$/, 'fetal'],
	[/^mammogra\w*$/, 'mammo'],
	[/^(scintigra|szintigra)\w*$/, 'scint'],
	[/^abdomin\w*$/, 'abdomen']
];

function stemmed(word: string): string {
	const folded = word.length < 5 ? word : word.replace(/([aou])e/g, '$1');
	return stems.find(([pattern]) => pattern.test(folded))?.[1] ?? folded;
}

/** What says nothing of the procedure; sides and views among it. */
const empty = new Set(
	[
		'a an and or of the for to in on at by with w wo without per via from as is',
		'der die das des dem den mit ohne und von vom zur zum bei beim im am auf',
		'de la du les d l et avec sans pour par au aux en sur un une',
		'el los las con sin y del para por',
		'av och med utan till for',
		'bilateral bilat bil bi both unilateral unilat uni beidseits',
		'view views vw vws v exam examination study procedure routine standard std'
	].flatMap((line) => line.split(' '))
);
