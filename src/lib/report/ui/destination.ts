import { m } from '$lib/paraglide/messages.js';
import type { trpc } from '$lib/trpc.ts';

type Answer = Awaited<ReturnType<typeof trpc.destinations.list.query>>;
export type StoredDestination = Answer['destinations'][number];
export type Undelivered = Answer['undelivered'][number];
export type DestinationFields = Parameters<typeof trpc.destinations.add.mutate>[0];
export type Finding = Awaited<ReturnType<typeof trpc.destinations.test.mutate>>['finding'];

/** What a test of the connection found, and what to do about it. */
const findings: Record<Finding, () => string> = {
	works: m.destination_works,
	'no-search': m.destination_no_search,
	'credential-refused': m.destination_credential_refused,
	'unknown-name': m.destination_unknown_name,
	'address-not-allowed': m.destination_not_allowed,
	'not-reached': m.destination_not_reached,
	certificate: m.destination_certificate,
	'not-dicomweb': m.destination_not_dicomweb,
	failing: m.destination_failing
};
export const findingText = (finding: Finding): string => findings[finding]();

export const findingTone = (finding: Finding): 'info' | 'warn' | 'bad' =>
	finding === 'works' ? 'info' : finding === 'no-search' ? 'warn' : 'bad';
