/** Failure Reason (0008,1197) of PS3.18 I.2.2, and the same numbers as C-STORE statuses (PS3.4 B.2.3). */
export const failureReasons = {
	processingFailure: 0x0110,
	duplicateInstance: 0x0111,
	notAuthorized: 0x0124,
	outOfResources: 0xa700,
	doesNotMatchClass: 0xa900,
	cannotUnderstand: 0xc000,
	transferSyntaxNotSupported: 0xc122
} as const;
