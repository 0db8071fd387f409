import { transferSyntaxOf } from '$lib/dicom/uid.ts';

const verification = '1.2.840.10008.1.1';
/** All storage SOP classes of the Standard begin so (PS3.4 B.5). */
const storage = '1.2.840.10008.5.1.4.1.1.';
/** Private storage classes of the vendors whose machines send ultrasound beside the Standard's. */
const privateStorage = ['1.2.840.113619.', '1.3.46.670589.', '1.3.12.2.1107.', '1.2.392.200036.'];

export type ContextAnswer =
	| { accept: true; transferSyntax: string }
	| { accept: false; because: 'abstract-syntax' | 'transfer-syntax' };

/**
 * What we answer to one proposed presentation context: storage and verification, in the first
 * transfer syntax of the machine's own order that we can read. Nothing is recoded, so its first
 * choice is the best there is.
 */
export function answerContext(
	abstractSyntax: string,
	transferSyntaxes: readonly string[]
): ContextAnswer {
	const known =
		abstractSyntax === verification ||
		abstractSyntax.startsWith(storage) ||
		privateStorage.some((root) => abstractSyntax.startsWith(root));
	if (!known) return { accept: false, because: 'abstract-syntax' };
	const transferSyntax = transferSyntaxes.find((uid) => transferSyntaxOf(uid) !== null);
	return transferSyntax
		? { accept: true, transferSyntax }
		: { accept: false, because: 'transfer-syntax' };
}
