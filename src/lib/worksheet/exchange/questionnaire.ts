/** The parts of FHIR R4 Questionnaire (https://hl7.org/fhir/R4/questionnaire.html) that we use. */
import { z } from 'zod';

const coding = z.looseObject({
	system: z.string().optional(),
	code: z.string().optional(),
	display: z.string().optional()
});
export type Coding = z.infer<typeof coding>;

const extension = z.looseObject({
	url: z.string(),
	valueCoding: coding.optional(),
	valueInteger: z.number().optional(),
	valueDecimal: z.number().optional(),
	valueString: z.string().optional(),
	valueExpression: z.looseObject({ expression: z.string().optional() }).optional()
});
export type Extension = z.infer<typeof extension>;

const answerOption = z.looseObject({
	initialSelected: z.boolean().optional(),
	valueCoding: coding.optional(),
	valueString: z.string().optional(),
	valueInteger: z.number().optional(),
	valueDate: z.string().optional()
});

const initial = z.looseObject({
	valueBoolean: z.boolean().optional(),
	valueCoding: coding.optional(),
	valueString: z.string().optional(),
	valueInteger: z.number().optional(),
	valueDate: z.string().optional()
});
export type Initial = z.infer<typeof initial> & { initialSelected?: boolean | undefined };

const enableWhen = z.looseObject({
	question: z.string(),
	operator: z.string(),
	answerBoolean: z.boolean().optional(),
	answerDecimal: z.number().optional(),
	answerInteger: z.number().optional(),
	answerString: z.string().optional(),
	answerCoding: coding.optional()
});
export type EnableWhen = z.infer<typeof enableWhen>;

export interface Item {
	linkId: string;
	text?: string | undefined;
	prefix?: string | undefined;
	type: string;
	code?: Coding[] | undefined;
	required?: boolean | undefined;
	repeats?: boolean | undefined;
	readOnly?: boolean | undefined;
	maxLength?: number | undefined;
	enableWhen?: EnableWhen[] | undefined;
	enableBehavior?: string | undefined;
	answerOption?: z.infer<typeof answerOption>[] | undefined;
	answerValueSet?: string | undefined;
	initial?: Initial[] | undefined;
	extension?: Extension[] | undefined;
	item?: Item[] | undefined;
}

const item: z.ZodType<Item> = z.lazy(() =>
	z.looseObject({
		linkId: z.string(),
		text: z.string().optional(),
		prefix: z.string().optional(),
		type: z.string(),
		code: z.array(coding).optional(),
		required: z.boolean().optional(),
		repeats: z.boolean().optional(),
		readOnly: z.boolean().optional(),
		maxLength: z.number().optional(),
		enableWhen: z.array(enableWhen).optional(),
		enableBehavior: z.string().optional(),
		answerOption: z.array(answerOption).optional(),
		answerValueSet: z.string().optional(),
		initial: z.array(initial).optional(),
		extension: z.array(extension).optional(),
		item: z.array(item).optional()
	})
);

const valueSet = z.looseObject({
	resourceType: z.literal('ValueSet'),
	id: z.string().optional(),
	compose: z
		.looseObject({
			include: z
				.array(
					z.looseObject({
						system: z.string().optional(),
						concept: z
							.array(z.looseObject({ code: z.string(), display: z.string().optional() }))
							.optional()
					})
				)
				.optional()
		})
		.optional()
});

export const questionnaireSchema = z.looseObject({
	resourceType: z.literal('Questionnaire'),
	id: z.string().optional(),
	url: z.string().optional(),
	name: z.string().optional(),
	title: z.string().optional(),
	version: z.string().optional(),
	publisher: z.string().optional(),
	copyright: z.string().optional(),
	contained: z.array(z.unknown()).optional(),
	item: z.array(item).optional()
});
export type Questionnaire = z.infer<typeof questionnaireSchema>;

/** Answers by the id of a contained value set that lists them. */
export function containedSets(questionnaire: Questionnaire): Map<string, Coding[]> {
	return new Map(
		(questionnaire.contained ?? []).flatMap((resource): [string, Coding[]][] => {
			const set = valueSet.safeParse(resource);
			if (!set.success || !set.data.id) return [];
			const codings = (set.data.compose?.include ?? []).flatMap(({ system, concept = [] }) =>
				concept.map(({ code, display }) => ({
					code,
					...(system ? { system } : {}),
					...(display ? { display } : {})
				}))
			);
			return [[`#${set.data.id}`, codings]];
		})
	);
}

export const extensions = {
	unit: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
	minValue: 'http://hl7.org/fhir/StructureDefinition/minValue',
	maxValue: 'http://hl7.org/fhir/StructureDefinition/maxValue',
	decimals: 'http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces'
} as const;

/** Coding systems by the name that DICOM gives them (PS3.16 8). */
export const systems: Record<string, string> = {
	LN: 'http://loinc.org',
	SCT: 'http://snomed.info/sct',
	UCUM: 'http://unitsofmeasure.org',
	DCM: 'http://dicom.nema.org/resources/ontology/DCM',
	RADLEX: 'http://radlex.org',
	I10: 'http://hl7.org/fhir/sid/icd-10'
};

export function schemeOf(system: string): string {
	const known = Object.entries(systems).find(([, url]) => url === system.replace(/\/$/, ''));
	return known?.[0] ?? system;
}
