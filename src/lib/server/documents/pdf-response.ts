/**
 * A PDF that we made ourselves, shown by the browser's own viewer. `name` is ours, never from a tag
 * (E4); the sandbox keeps it from being a page of this origin (F2).
 */
export function pdfResponse(
	pdf: Uint8Array,
	name: string,
	disposition: 'inline' | 'attachment' = 'inline'
): Response {
	return new Response(new Uint8Array(pdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-length': String(pdf.byteLength),
			'content-disposition': `${disposition}; filename="${name}"`,
			'content-security-policy':
				"default-src 'none'; object-src 'self'; plugin-types application/pdf",
			'x-content-type-options': 'nosniff',
			'cache-control': 'private, no-store'
		}
	});
}
