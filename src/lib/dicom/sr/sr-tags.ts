/** Attributes that only structured reports use, by the Standard's keyword (PS3.6). */
export const srTags = {
	NumericValueQualifierCodeSequence: '0040A301',
	FloatingPointValue: '0040A161',
	ReferencedContentItemIdentifier: '0040DB73',
	PersonName: '0040A123',
	Date: '0040A121',
	Time: '0040A122',
	DateTime: '0040A120',
	UID: '0040A124',
	GraphicData: '00700022',
	GraphicType: '00700023'
} as const satisfies Record<string, string>;
