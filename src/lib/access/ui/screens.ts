import { m } from '$lib/paraglide/messages.js';
import type { Role } from '../actor.ts';

export interface Screen {
	href: string;
	label: string;
}

/** Who writes in reports, and so has texts to keep. */
const writers: readonly Role[] = ['physician', 'fellow', 'sonographer'];

/** Pages that a member is shown; the server judges each again. */
export function screensOf(roles: readonly Role[]): Screen[] {
	const admin = roles.includes('admin');
	return [
		{ href: '/', label: m.worklist_title() },
		...(admin || roles.includes('physician')
			? [{ href: '/admin/worksheets', label: m.admin_worksheets() }]
			: []),
		...(admin || roles.some((role) => writers.includes(role))
			? [{ href: '/admin/macros', label: m.admin_macros() }]
			: []),
		...(admin
			? [
					{ href: '/admin/people', label: m.admin_people() },
					{ href: '/admin/groups', label: m.admin_groups() },
					{ href: '/admin/grants', label: m.admin_grants() },
					{ href: '/admin/practice', label: m.admin_practice() },
					{ href: '/admin/release', label: m.admin_release() },
					{ href: '/admin/machines', label: m.admin_machines() },
					{ href: '/admin/destinations', label: m.admin_destinations() },
					{ href: '/admin/audit', label: m.admin_audit() }
				]
			: []),
		{ href: '/admin/account', label: m.admin_account() }
	];
}
