import type { Action } from '$lib/access/actions.ts';

/**
 * Every door and the action that it judges. A new procedure, route, form action or socket message
 * gets a row here, or `walk.test.ts` fails. A procedure's row must be what its own `meta` says.
 */
export const procedureDoors: Record<string, Action> = {
	'audit.list': 'audit.read',
	'audit.verify': 'audit.read',
	'destinations.add': 'archive.configure',
	'destinations.change': 'archive.configure',
	'destinations.list': 'archive.configure',
	'destinations.resend': 'archive.configure',
	'destinations.setDisabled': 'archive.configure',
	'destinations.test': 'archive.configure',
	'grants.create': 'grant.create',
	'grants.list': 'grant.list',
	'grants.resume': 'grant.revoke',
	'grants.revoke': 'grant.revoke',
	'machines.add': 'archive.configure',
	'machines.change': 'archive.configure',
	'machines.list': 'archive.configure',
	'machines.setDisabled': 'archive.configure',
	'my.report': 'report.read-final',
	'my.reports': 'study.list',
	'people.add': 'user.manage',
	'people.disable': 'user.manage',
	'people.enable': 'user.manage',
	'people.invite': 'user.manage',
	'people.list': 'user.manage',
	'people.setRoles': 'user.manage',
	'practice.change': 'practice.configure',
	'practice.get': 'practice.configure',
	'releases.decide': 'release.decide',
	'releases.ofReport': 'report.read-final',
	'reports.context': 'report.read-draft',
	'reports.difference': 'report.read-final',
	'reports.get': 'report.read-final',
	'reports.resendExport': 'report.export',
	'reports.sendToRead': 'report.send-to-read',
	'reports.sign': 'report.sign-own-part',
	'reports.signingChallenge': 'report.sign-own-part',
	'reports.unmapped': 'report.read-draft',
	'session.addPasskey': 'self.manage',
	'session.addPasskeyOptions': 'self.manage',
	'session.changePassword': 'self.manage',
	'session.end': 'self.manage',
	'session.list': 'self.manage',
	'session.me': 'public.use',
	'session.passkeySignIn': 'public.use',
	'session.passkeySignInOptions': 'public.use',
	'session.passkeys': 'self.manage',
	'session.preferences': 'self.manage',
	'session.removePasskey': 'self.manage',
	'session.savePreferences': 'self.manage',
	'session.signOut': 'self.manage',
	'session.stepUp': 'self.manage',
	'session.stepUpOptions': 'self.manage',
	'session.touch': 'self.manage',
	'studies.assign': 'study.assign',
	'studies.claim': 'study.assign',
	'studies.counts': 'study.list',
	'studies.deleteView': 'study.list',
	'studies.get': 'study.view-images',
	'studies.linkPatients': 'order.match',
	'studies.list': 'study.list',
	'studies.presence': 'report.see-presence',
	'studies.readers': 'study.assign',
	'studies.row': 'study.list',
	'studies.saveView': 'study.list',
	'studies.series': 'study.view-images',
	'studies.unlinkPatients': 'order.match',
	'studies.views': 'study.list',
	'studies.watch': 'study.list',
	'tokens.create': 'token.create',
	'tokens.list': 'token.create',
	'tokens.revoke': 'token.create',
	'worksheets.get': 'worksheet.read',
	'worksheets.list': 'worksheet.read'
};

/** `page` is a page's load, `action:name` a form action, the rest are methods; `fallback` is any. */
export type RouteDoor =
	'page' | `action:${string}` | 'GET' | 'POST' | 'PUT' | 'DELETE' | 'fallback';

export const routeDoors: Record<string, Partial<Record<RouteDoor, Action>>> = {
	'/(app)': { page: 'study.list' },
	'/(app)/admin': { page: 'self.manage' },
	'/(app)/admin/account': { page: 'self.manage' },
	'/(app)/admin/audit': { page: 'audit.read' },
	'/(app)/admin/destinations': { page: 'archive.configure' },
	'/(app)/admin/grants': { page: 'grant.list' },
	'/(app)/admin/machines': { page: 'archive.configure' },
	'/(app)/admin/people': { page: 'user.manage' },
	'/(app)/admin/practice': { page: 'practice.configure' },
	'/(app)/admin/release': { page: 'practice.configure' },
	'/(app)/admin/worksheets': { page: 'worksheet.read' },
	'/(app)/reports/[id]': { page: 'report.read-final' },
	'/(app)/studies/[uid]': { page: 'study.view-images' },
	'/(auth)/sign-in': { page: 'public.use', 'action:default': 'public.use' },
	'/(auth)/sign-out': { page: 'public.use', 'action:default': 'public.use' },
	'/(auth)/welcome/[id]': {
		page: 'public.use',
		'action:accept': 'public.use',
		'action:found': 'public.use'
	},
	'/(patient)/my': { page: 'study.list' },
	'/(patient)/my/[id]': { page: 'report.read-final' },
	'/(share)/s/[id]': { page: 'public.use' },
	'/(share)/s/[id]/dicom-web/[...path]': { fallback: 'study.view-images' },
	'/(share)/s/[id]/live': { GET: 'report.read-final' },
	'/(share)/s/[id]/open': { POST: 'public.use' },
	'/(share)/s/[id]/pdf': { GET: 'report.export' },
	'/(share)/s/[id]/scale/[...path]': { GET: 'report.measure' },
	'/(share)/s/[id]/view': { GET: 'report.read-final' },
	'/api/csp-report': { POST: 'public.use' },
	'/api/health': { GET: 'public.use' },
	// Each procedure inside has its own row above.
	'/api/trpc/[...path]': { GET: 'public.use', POST: 'public.use' },
	'/api/upload': { POST: 'study.upload' },
	'/api/versions/[id]/pdf': { GET: 'report.export' },
	'/api/versions/[id]/sr': { GET: 'report.export' },
	'/dicom-web/[...path]': { fallback: 'study.view-images' },
	'/offline': { page: 'public.use' }
};

/** Drawn for those who draw them; `load` answers 404 in production (P4), which a test below reads. */
export const developmentRoutes = /^\/dev(\/|$)/;

/** By name in `collab/wire.ts`, and for edits by the root of the document that they change. */
export const socketDoors: Record<string, Action> = {
	upgrade: 'report.read-draft',
	'sync/step1': 'report.read-draft',
	'sync/step2/fields': 'report.edit-values',
	'sync/step2/interpretation': 'report.edit-interpretation',
	'sync/step2/annotations': 'report.annotate',
	'sync/step2/proposals': 'report.propose',
	'sync/step2/comments': 'report.comment',
	'sync/update/fields': 'report.edit-values',
	'sync/update/interpretation': 'report.edit-interpretation',
	'sync/update/annotations': 'report.annotate',
	'sync/update/proposals': 'report.propose',
	'sync/update/comments': 'report.comment',
	awareness: 'report.see-presence',
	queryAwareness: 'report.see-presence',
	// Only the server sends it; from a client it closes the socket.
	ack: 'report.read-draft'
};
