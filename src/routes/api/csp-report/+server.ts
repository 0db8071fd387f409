import type { RequestHandler } from './$types';

const known = /^[a-z-]{1,40}$/;

/** A browser says that a page tried something its policy forbids. Only the directive is kept. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const body: unknown = await request.json().catch(() => null);
	const reports = Array.isArray(body) ? body.slice(0, 20) : [body];
	for (const report of reports) {
		const directive = directiveOf(report);
		if (directive) locals.services.log.warn({ directive }, 'content security policy violated');
	}
	return new Response(null, { status: 204 });
};

/** Both forms: `report-uri` sends `csp-report`, the Reporting API sends `body`. */
function directiveOf(report: unknown): string | null {
	if (typeof report !== 'object' || report === null) return null;
	const inner: unknown =
		'csp-report' in report ? report['csp-report'] : 'body' in report && report.body;
	if (typeof inner !== 'object' || inner === null) return null;
	const found: unknown =
		'effectiveDirective' in inner
			? inner.effectiveDirective
			: 'effective-directive' in inner && inner['effective-directive'];
	return typeof found === 'string' && known.test(found) ? found : 'unknown';
}
