declare module 'dcmjs' {
	/** What we use of dcmjs 0.52: naturalised datasets in, Part 10 out. */
	interface Dcmjs {
		data: {
			DicomMetaDictionary: {
				nameMap: Record<string, { vr: string; tag: string } | undefined>;
				denaturalizeDataset(dataset: Record<string, unknown>): Record<string, unknown>;
			};
			DicomDict: new (meta: Record<string, unknown>) => {
				dict: Record<string, unknown>;
				write(options: { allowInvalidVRLength: boolean }): ArrayBuffer;
			};
		};
	}
	const dcmjs: Dcmjs;
	export default dcmjs;
}
