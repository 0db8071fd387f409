/** Where to go after signing in: a path of ours, never another site. */
export function safeTarget(to: string | null): string {
	if (!to || !/^\/(?![/\\])[\x21-\x7e]*$/.test(to) || to.includes('\\')) return '/';
	return to.startsWith('/sign-') ? '/' : to;
}
