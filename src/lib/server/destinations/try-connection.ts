import { DomainError } from '$lib/errors.ts';
import type { ArchiveHttp } from '../archive/http-client.ts';

/** What came of knocking. Words for people are made of it where it is shown. */
export const connectionFindings = [
	'works',
	/** It is there and takes our credential, but does not search: it may still store. */
	'no-search',
	'credential-refused',
	'unknown-name',
	'address-not-allowed',
	'not-reached',
	'certificate',
	'not-dicomweb',
	'failing'
] as const;
export type ConnectionFinding = (typeof connectionFindings)[number];

/** Asks for one study, which changes nothing there, and says what stands in the way. */
export async function tryConnection(http: ArchiveHttp): Promise<ConnectionFinding> {
	try {
		const { status, contentType, body } = await http.send({
			path: '/studies?limit=1',
			accept: 'application/dicom+json',
			maxBytes: 4 * 1024 * 1024
		});
		body.on('error', () => {});
		body.destroy();
		if (status === 204) return 'works';
		if (status === 200) return /json/.test(contentType) ? 'works' : 'not-dicomweb';
		if ([400, 404, 405, 406, 501].includes(status)) return 'no-search';
		return 'not-dicomweb';
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		return findingOf(error);
	}
}

function findingOf(error: DomainError): ConnectionFinding {
	if (error.code === 'archive_answer_wrong') return 'not-dicomweb';
	if (/credentials/.test(error.detail ?? '')) return 'credential-refused';
	if (/not allowed/.test(error.detail ?? '')) return 'address-not-allowed';
	if (/answered \d/.test(error.detail ?? '')) return 'failing';
	const { cause } = error;
	const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
	if (code === 'ERR_ADDRESS_NOT_ALLOWED') return 'address-not-allowed';
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown-name';
	if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) return 'certificate';
	return 'not-reached';
}
