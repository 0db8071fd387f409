import type { Code } from '../dicom/sr/content-item.ts';
import { ownScheme } from '../dicom/sr/codes.ts';
import { convert } from '../worksheet/units.ts';
import type { Field, Measurement, ResolvedWorksheet } from '../worksheet/definition.ts';
import type { Entry } from '../worksheet/entry.ts';
import type { ReportBody, VersionContent } from './version.ts';
import { communicationText } from './communication-text.ts';
import { roundHalfUp } from './format.ts';
import conceptTable from './sr-concepts.json' with { type: 'json' };

/**
 * A signed version as a content tree in the shape of TID 5200 (PS3.16), the only place that maps a
 * report to DICOM SR. The tree is plain data; `server/documents/dicom` makes an object of it.
 */
export interface SrNode {
	relationship:
		'CONTAINS' | 'HAS CONCEPT MOD' | 'HAS OBS CONTEXT' | 'INFERRED FROM' | 'SELECTED FROM';
	concept: Code | null;
	value:
		| { type: 'CONTAINER' }
		| { type: 'CODE'; code: Code }
		| { type: 'TEXT'; text: string }
		| { type: 'PNAME'; name: string }
		| { type: 'NUM'; number: number; unit: Code }
		| { type: 'SCOORD'; graphicType: 'POINT' | 'POLYLINE'; points: [number, number][] }
		| { type: 'IMAGE'; sopClassUid: string; sopInstanceUid: string; frame: number | null };
	children: SrNode[];
}

/** SOP class and frame count of a referenced image; without them it cannot be referenced. */
export type ImageLookup = (
	sopInstanceUid: string
) => { sopClassUid: string; frames: number } | null;

type CodeTuple = [value: string, scheme: string, meaning: string];
interface Concept {
	concept: CodeTuple;
	section?: CodeTuple;
	modifiers?: [CodeTuple, CodeTuple][];
}
const concepts = conceptTable as unknown as Record<string, Concept>;

const code = ([value, scheme, meaning]: CodeTuple): Code => ({ value, scheme, meaning });
const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const loinc = (value: string, meaning: string): Code => ({ value, scheme: 'LN', meaning });

const findingSite: Code = { value: '363698007', scheme: 'SCT', meaning: 'Finding Site' };
/** For a quantity that no standard code is known for. Described in every object that uses it. */
export const privateScheme = ownScheme;

const container = (concept: Code | null, children: SrNode[]): SrNode => ({
	relationship: 'CONTAINS',
	concept,
	value: { type: 'CONTAINER' },
	children
});
const modifier = (concept: Code, value: Code): SrNode => ({
	relationship: 'HAS CONCEPT MOD',
	concept,
	value: { type: 'CODE', code: value },
	children: []
});
const text = (concept: Code, content: string): SrNode => ({
	relationship: 'CONTAINS',
	concept,
	value: { type: 'TEXT', text: content },
	children: []
});

/** Demographic and vital values stand under Patient Characteristics (TID 5201), not under a site. */
const characteristics = ['height', 'weight', 'bsa', 'hr', 'sbp', 'dbp'];

/** Title by what the worksheet is about; the echo title is what every reader of TID 5200 looks for. */
export function documentTitle(group: string): { title: Code; template: string | null } {
	if (group === 'echo') {
		return { title: dcm('125200', 'Adult Echocardiography Procedure Report'), template: '5200' };
	}
	return { title: loinc('18748-4', 'Diagnostic Imaging Report'), template: null };
}

export function reportTree(
	content: VersionContent,
	worksheet: ResolvedWorksheet,
	image: ImageLookup
): SrNode {
	const { body } = content;
	const { title } = documentTitle(worksheet.group);
	const measured = measuredNodes(body, worksheet, image);
	const bySection = new Map<string, { site: Code | null; nodes: SrNode[] }>();
	for (const { site, node } of measured.filter((item) => !item.characteristic)) {
		const key = site ? `${site.scheme}:${site.value}` : '';
		const group = bySection.get(key) ?? { site, nodes: [] };
		group.nodes.push(node);
		bySection.set(key, group);
	}
	const patient = measured.filter((item) => item.characteristic).map((item) => item.node);

	return container(
		title,
		[
			modifier(dcm('121049', 'Language of Content Item and Descendants'), language(body.language)),
			{
				relationship: 'HAS OBS CONTEXT' as const,
				concept: dcm('121005', 'Observer Type'),
				value: { type: 'CODE' as const, code: dcm('121006', 'Person') },
				children: []
			},
			{
				relationship: 'HAS OBS CONTEXT' as const,
				concept: dcm('121008', 'Person Observer Name'),
				value: { type: 'PNAME' as const, name: personName(content.signature.printedName) },
				children: []
			},
			...amendmentNodes(body),
			...(body.order?.indication
				? [
						container(loinc('18785-6', 'Indications for procedure'), [
							text(dcm('121071', 'Finding'), body.order.indication)
						])
					]
				: []),
			...(patient.length ? [container(dcm('121118', 'Patient Characteristics'), patient)] : []),
			...[...bySection.values()].map(({ site, nodes }) =>
				container(dcm('121070', 'Findings'), [
					...(site ? [modifier(findingSite, site)] : []),
					container(dcm('125007', 'Measurement Group'), nodes)
				])
			),
			...statementNodes(body),
			...impressionNodes(body),
			...communicationNodes(body),
			...keyImageNodes(body, image)
		].filter((node) => node !== null)
	);
}

function language(tag: string): Code {
	const names: Record<string, string> = { en: 'English', de: 'German' };
	return { value: tag, scheme: 'RFC5646', meaning: names[tag] ?? tag };
}

/** "Ingrid Sand" as a DICOM person name: the last word is taken for the family name. */
export function personName(printed: string): string {
	if (printed.includes('^')) return printed;
	const words = printed.trim().split(/\s+/);
	const family = words.pop() ?? '';
	return words.length ? `${family}^${words.join(' ')}` : family;
}

interface Measured {
	site: Code | null;
	node: SrNode;
	characteristic: boolean;
}

function measuredNodes(
	body: ReportBody,
	worksheet: ResolvedWorksheet,
	image: ImageLookup
): Measured[] {
	const out: Measured[] = [];
	for (const section of worksheet.sections) {
		for (const field of section.fields) {
			const value = body.evaluation.values[field.id];
			const measurement = field.measurementId
				? worksheet.measurements[field.measurementId]
				: undefined;
			if (!value || !measurement || typeof value.value !== 'number') continue;
			const entry = body.entries[field.id]?.find((candidate) => candidate.id === value.entryId);
			const concept = concepts[measurement.id];
			out.push({
				site: concept?.section ? code(concept.section) : null,
				node: numberNode(field, measurement, concept, value.value, entry, image),
				characteristic: characteristics.includes(measurement.id)
			});
		}
	}
	return out;
}

const laterality: CodeTuple = ['272741003', 'SCT', 'Laterality'];
const sides: Record<'left' | 'right', CodeTuple> = {
	left: ['7771000', 'SCT', 'Left'],
	right: ['24028007', 'SCT', 'Right']
};
const vessels: Record<string, CodeTuple> = {
	cca: ['32062004', 'SCT', 'Common carotid artery'],
	ica: ['86117002', 'SCT', 'Internal carotid artery'],
	eca: ['22286001', 'SCT', 'External carotid artery'],
	vert: ['85234005', 'SCT', 'Vertebral artery'],
	bulb: ['21479005', 'SCT', 'Carotid bulb'],
	subclavian: ['36765005', 'SCT', 'Subclavian artery']
};
const segments: Record<string, CodeTuple> = {
	prox: ['40415009', 'SCT', 'Proximal'],
	mid: ['C25569', 'NCIt', 'Middle'],
	dist: ['46053002', 'SCT', 'Distal']
};

/** Which of two sides and which vessel a field is about; the measurement alone does not say it. */
function placeNodes({ laterality: side, site }: Field): SrNode[] {
	const [vessel, segment] = (site ?? '')
		.split('_')
		.map((part, i) => [vessels, segments][i]?.[part]);
	return [
		...(vessel ? [modifier(findingSite, code(vessel))] : []),
		...(segment
			? [modifier(code(['106233006', 'SCT', 'Topographical Modifier']), code(segment))]
			: []),
		...(side ? [modifier(code(laterality), code(sides[side]))] : [])
	];
}

function numberNode(
	field: Field,
	measurement: Measurement,
	concept: Concept | undefined,
	value: number,
	entry: Entry | undefined,
	image: ImageLookup
): SrNode {
	const { unit, number } = exportUnit(measurement, value);
	const children: SrNode[] = (concept?.modifiers ?? []).map(([name, what]) =>
		modifier(code(name), code(what))
	);
	children.push(...placeNodes(field));
	if (entry && entry.samples.length > 1 && entry.derivation === 'mean') {
		children.push(
			modifier(dcm('121401', 'Derivation'), {
				value: '373098007',
				scheme: 'SCT',
				meaning: 'Mean'
			})
		);
	}
	const evidence = entry ? evidenceNode(entry, image) : null;
	if (evidence) children.push(evidence);
	return {
		relationship: 'CONTAINS',
		concept: concept
			? code(concept.concept)
			: { value: measurement.id, scheme: privateScheme, meaning: measurement.name.slice(0, 64) },
		value: { type: 'NUM', number, unit },
		children
	};
}

/** UCUM has no code for height^2.7; everything else leaves in its canonical unit. */
function exportUnit(measurement: Measurement, value: number): { unit: Code; number: number } {
	const ucum = measurement.unit ?? '1';
	const meaning = ucum === '1' ? 'no units' : ucum;
	const exact = convert(value, ucum, ucum) ?? value;
	// Beyond ten decimals there is only the noise of binary fractions.
	return { unit: { value: ucum, scheme: 'UCUM', meaning }, number: roundHalfUp(exact, 10) };
}

function evidenceNode(entry: Entry, image: ImageLookup): SrNode | null {
	const { source } = entry;
	const place =
		source.kind === 'sr'
			? source.image
			: source.kind === 'caliper'
				? { sopInstanceUid: source.sopInstanceUid, frame: source.frame, points: [] }
				: null;
	const known = place && image(place.sopInstanceUid);
	if (!place || !known) return null;
	const reference: SrNode = {
		relationship: place.points.length ? 'SELECTED FROM' : 'INFERRED FROM',
		concept: null,
		value: {
			type: 'IMAGE',
			sopClassUid: known.sopClassUid,
			sopInstanceUid: place.sopInstanceUid,
			frame: known.frames > 1 ? place.frame : null
		},
		children: []
	};
	if (place.points.length === 0) return reference;
	return {
		relationship: 'INFERRED FROM',
		concept: null,
		value: {
			type: 'SCOORD',
			graphicType: place.points.length === 1 ? 'POINT' : 'POLYLINE',
			points: place.points
		},
		children: [reference]
	};
}

function statementNodes(body: ReportBody): SrNode[] {
	return body.sections
		.filter(({ statements }) => statements.length > 0)
		.map(({ title, statements }) =>
			container(dcm('121070', 'Findings'), [
				...statements.map((statement) =>
					text(dcm('121071', 'Finding'), `${title}: ${statement.text}`)
				)
			])
		);
}

function impressionNodes(body: ReportBody): SrNode[] {
	const lines = [...body.impression, ...(body.comments ? [body.comments] : [])];
	if (lines.length === 0) return [];
	return [
		container(
			loinc('19005-8', 'Impressions'),
			lines.map((line) => text(dcm('121073', 'Impression'), line))
		)
	];
}

/** Who was told of a critical result: there is no template for it, so it stands in words. */
function communicationNodes({ communications = [], practice }: ReportBody): SrNode[] {
	return communications.map((each) =>
		text(dcm('121106', 'Comment'), communicationText(each, practice.timeZone))
	);
}

function amendmentNodes(body: ReportBody): SrNode[] {
	if (!body.amendment) return [];
	return [
		container(loinc('55107-7', 'Addendum'), [
			text(dcm('121071', 'Finding'), body.amendment.text),
			text(dcm('121106', 'Comment'), `Reason: ${body.amendment.reason}`)
		])
	];
}

function keyImageNodes(body: ReportBody, image: ImageLookup): SrNode[] {
	const nodes = body.keyImages.flatMap((key): SrNode[] => {
		const known = image(key.sopInstanceUid);
		if (!known) return [];
		return [
			{
				relationship: 'CONTAINS',
				concept: dcm('121200', 'Illustration of ROI'),
				value: {
					type: 'IMAGE',
					sopClassUid: known.sopClassUid,
					sopInstanceUid: key.sopInstanceUid,
					frame: known.frames > 1 ? key.frame : null
				},
				children: []
			}
		];
	});
	return nodes.length ? [container(loinc('55113-5', 'Key images'), nodes)] : [];
}
