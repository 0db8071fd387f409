import type { Code } from '$lib/dicom/sr/content-item.ts';
import {
	documentTitle,
	personName,
	privateScheme,
	reportTree
} from '$lib/report/structured-report.ts';
import type { SrNode } from '$lib/report/structured-report.ts';
import type { ExportUids, VersionContent } from '$lib/report/version.ts';
import type { ResolvedWorksheet } from '$lib/worksheet/definition.ts';
import { commonModules, localDateTime, type StudyHeader } from './header.ts';
import { cleanText, decimalString, longString, writePart10, type Naturalized } from './write.ts';

const comprehensiveSr = '1.2.840.10008.5.1.4.1.1.88.33';

/** An instance that the report is about or refers to. */
export interface EvidenceInstance {
	studyUid: string;
	seriesUid: string;
	sopInstanceUid: string;
	sopClassUid: string;
	frames: number;
}

export interface SrObjectInput {
	content: VersionContent;
	worksheet: ResolvedWorksheet;
	header: StudyHeader;
	uids: ExportUids;
	/** All instances of the studies that the creator is aware of (PS3.3 C.17.2). */
	evidence: EvidenceInstance[];
	/** The exported object of the version before, for addenda and corrections. */
	predecessor: { studyUid: string; seriesUid: string; sopInstanceUid: string } | null;
	procedure: string;
}

/**
 * A signed version as Comprehensive SR (PS3.3 A.35.3), COMPLETE and VERIFIED with its verifying
 * observer. Preliminary versions are COMPLETE and UNVERIFIED. The same version gives the same bytes.
 */
export function srObject(input: SrObjectInput): Uint8Array {
	const { content, worksheet, header, uids, evidence } = input;
	const { body, signature, kind } = content;
	const at = localDateTime(signature.at, body.practice.timeZone);
	const byUid = new Map(evidence.map((item) => [item.sopInstanceUid, item]));
	const tree = reportTree(content, worksheet, (uid) => byUid.get(uid) ?? null);
	const final = kind !== 'preliminary';
	const { template } = documentTitle(worksheet.group);

	return writePart10({
		...commonModules(header, content),
		SOPClassUID: comprehensiveSr,
		SOPInstanceUID: uids.srInstance,
		Modality: 'SR',
		SeriesInstanceUID: uids.srSeries,
		SeriesNumber: '900',
		SeriesDescription: 'Readroom report',
		InstanceNumber: String(content.number),
		ReferencedPerformedProcedureStepSequence: [],
		PerformedProcedureCodeSequence: [],
		ContentDate: at.date,
		ContentTime: at.time,
		CompletionFlag: 'COMPLETE',
		VerificationFlag: final ? 'VERIFIED' : 'UNVERIFIED',
		PreliminaryFlag: final ? 'FINAL' : 'PRELIMINARY',
		...(final ? { VerifyingObserverSequence: [verifyingObserver(content, at)] } : {}),
		ReferencedRequestSequence: [request(input)],
		...(input.predecessor ? { PredecessorDocumentsSequence: [predecessor(input)] } : {}),
		...(evidence.length
			? { CurrentRequestedProcedureEvidenceSequence: evidenceSequence(evidence) }
			: {}),
		...(usesPrivateCodes(tree) ? { CodingSchemeIdentificationSequence: [ourScheme] } : {}),
		...containerAttributes(tree),
		...(template
			? { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }
			: {}),
		ContentSequence: tree.children.map(item)
	});
}

const ourScheme = {
	CodingSchemeDesignator: privateScheme,
	CodingSchemeName: 'Readroom measurement dictionary',
	CodingSchemeResponsibleOrganization: 'Readroom'
};

function verifyingObserver(
	{ signature, body }: VersionContent,
	at: { date: string; time: string; offset: string }
): Naturalized {
	return {
		VerifyingObserverName: personName(signature.printedName),
		VerifyingObserverIdentificationCodeSequence: [],
		VerifyingOrganization: longString(body.practice.name),
		VerificationDateTime: `${at.date}${at.time}${at.offset}`
	};
}

function request({ header, procedure }: SrObjectInput): Naturalized {
	return {
		StudyInstanceUID: header.studyInstanceUid,
		ReferencedStudySequence: [],
		AccessionNumber: header.accessionNumber,
		PlacerOrderNumberImagingServiceRequest: '',
		FillerOrderNumberImagingServiceRequest: '',
		RequestedProcedureID: '',
		RequestedProcedureDescription: longString(procedure),
		RequestedProcedureCodeSequence: []
	};
}

function predecessor({ predecessor: before, content }: SrObjectInput): Naturalized {
	const purpose =
		content.kind === 'addendum'
			? code({ value: '121361', scheme: 'DCM', meaning: 'Addended report' })
			: code({ value: '121360', scheme: 'DCM', meaning: 'Replaced report' });
	return {
		StudyInstanceUID: before?.studyUid,
		ReferencedSeriesSequence: [
			{
				SeriesInstanceUID: before?.seriesUid,
				ReferencedSOPSequence: [
					{
						ReferencedSOPClassUID: comprehensiveSr,
						ReferencedSOPInstanceUID: before?.sopInstanceUid,
						PurposeOfReferenceCodeSequence: [purpose]
					}
				]
			}
		]
	};
}

/** One item a study, in it one a series, each instance once. */
function evidenceSequence(evidence: EvidenceInstance[]): Naturalized[] {
	const studies = new Map<string, Map<string, Naturalized[]>>();
	for (const instance of evidence) {
		const series = studies.get(instance.studyUid) ?? new Map<string, Naturalized[]>();
		studies.set(instance.studyUid, series);
		const references = series.get(instance.seriesUid) ?? [];
		series.set(instance.seriesUid, references);
		references.push({
			ReferencedSOPClassUID: instance.sopClassUid,
			ReferencedSOPInstanceUID: instance.sopInstanceUid
		});
	}
	return [...studies].map(([studyUid, series]) => ({
		StudyInstanceUID: studyUid,
		ReferencedSeriesSequence: [...series].map(([seriesUid, references]) => ({
			SeriesInstanceUID: seriesUid,
			ReferencedSOPSequence: references
		}))
	}));
}

function usesPrivateCodes(node: SrNode): boolean {
	return node.concept?.scheme === privateScheme || node.children.some(usesPrivateCodes);
}

/** Code Value holds 16 characters; a longer one is a Long Code Value. */
export function code({ value, scheme, meaning }: Code): Naturalized {
	return {
		...(value.length <= 16 ? { CodeValue: value } : { LongCodeValue: value }),
		CodingSchemeDesignator: scheme,
		CodeMeaning: longString(meaning)
	};
}

function containerAttributes(node: SrNode): Naturalized {
	return {
		ValueType: 'CONTAINER',
		...(node.concept ? { ConceptNameCodeSequence: [code(node.concept)] } : {}),
		ContinuityOfContent: 'SEPARATE'
	};
}

function item(node: SrNode): Naturalized {
	return {
		RelationshipType: node.relationship,
		...valueAttributes(node),
		...(node.children.length ? { ContentSequence: node.children.map(item) } : {})
	};
}

function valueAttributes(node: SrNode): Naturalized {
	const concept = node.concept ? { ConceptNameCodeSequence: [code(node.concept)] } : {};
	const { value } = node;
	switch (value.type) {
		case 'CONTAINER':
			return containerAttributes(node);
		case 'CODE':
			return { ValueType: 'CODE', ...concept, ConceptCodeSequence: [code(value.code)] };
		case 'TEXT':
			return { ValueType: 'TEXT', ...concept, TextValue: cleanText(value.text) };
		case 'PNAME':
			return { ValueType: 'PNAME', ...concept, PersonName: value.name.slice(0, 64) };
		case 'NUM':
			return {
				ValueType: 'NUM',
				...concept,
				MeasuredValueSequence: [
					{
						NumericValue: decimalString(value.number),
						MeasurementUnitsCodeSequence: [code(value.unit)]
					}
				]
			};
		case 'SCOORD':
			return {
				ValueType: 'SCOORD',
				...concept,
				GraphicData: value.points.flat(),
				GraphicType: value.graphicType
			};
		case 'IMAGE':
			return {
				ValueType: 'IMAGE',
				...concept,
				ReferencedSOPSequence: [
					{
						ReferencedSOPClassUID: value.sopClassUid,
						ReferencedSOPInstanceUID: value.sopInstanceUid,
						...(value.frame === null ? {} : { ReferencedFrameNumber: String(value.frame) })
					}
				]
			};
	}
}
