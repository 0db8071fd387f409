/** What an event is called where people read the log: one word or two for each that is witnessed. */
import { m } from '$lib/paraglide/messages.js';
import type { trpc } from '$lib/trpc.ts';

type Event = Awaited<ReturnType<typeof trpc.audit.list.query>>[number];
type AuditAction = Event['action'];

const actionWords: Record<AuditAction, () => string> = {
	'app.started': m.audit_app_started,
	'app.stopped': m.audit_app_stopped,
	'config.changed': m.audit_config_changed,
	'machine.added': m.audit_machine_added,
	'machine.changed': m.audit_machine_changed,
	'machine.disabled': m.audit_machine_disabled,
	'machine.enabled': m.audit_machine_enabled,
	'destination.added': m.audit_destination_added,
	'destination.changed': m.audit_destination_changed,
	'destination.disabled': m.audit_destination_disabled,
	'destination.enabled': m.audit_destination_enabled,
	'destination.tested': m.audit_destination_tested,
	'practice.changed': m.audit_practice_changed,
	'session.signed-in': m.audit_session_signed_in,
	'session.sign-in-failed': m.audit_session_sign_in_failed,
	'session.signed-out': m.audit_session_signed_out,
	'session.ended': m.audit_session_ended,
	'session.reauthenticated': m.audit_session_reauthenticated,
	'session.reauthentication-failed': m.audit_session_reauthentication_failed,
	'passkey.added': m.audit_passkey_added,
	'passkey.removed': m.audit_passkey_removed,
	'password.changed': m.audit_password_changed,
	'user.added': m.audit_user_added,
	'user.disabled': m.audit_user_disabled,
	'user.enabled': m.audit_user_enabled,
	'user.roles-changed': m.audit_user_roles_changed,
	'user.invited': m.audit_user_invited,
	'token.created': m.audit_token_created,
	'token.revoked': m.audit_token_revoked,
	'access.refused': m.audit_access_refused,
	'study.searched': m.audit_study_searched,
	'study.opened': m.audit_study_opened,
	'report.opened': m.audit_report_opened,
	'patient.opened': m.audit_patient_opened,
	'audit.read': m.audit_audit_read,
	'study.stored': m.audit_study_stored,
	'study.arrived': m.audit_study_arrived,
	'study.assigned': m.audit_study_assigned,
	'study.discovered': m.audit_study_discovered,
	'order.matched': m.audit_order_matched,
	'order.added': m.audit_order_added,
	'patient.added': m.audit_patient_added,
	'patient.linked': m.audit_patient_linked,
	'patient.unlinked': m.audit_patient_unlinked,
	'report.begun': m.audit_report_begun,
	'report.populated': m.audit_report_populated,
	'report.document-opened': m.audit_report_document_opened,
	'report.document-edited': m.audit_report_document_edited,
	'report.sent-to-read': m.audit_report_sent_to_read,
	'report.signed': m.audit_report_signed,
	'report.sign-refused': m.audit_report_sign_refused,
	'report.communication-recorded': m.audit_report_communication_recorded,
	'report.late-edit-kept': m.audit_report_late_edit_kept,
	'report.exported': m.audit_report_exported,
	'export.delivered': m.audit_export_delivered,
	'export.failed': m.audit_export_failed,
	'worksheet.published': m.audit_worksheet_published,
	'worksheet.withdrawn': m.audit_worksheet_withdrawn,
	'macro.saved': m.audit_macro_saved,
	'macro.deleted': m.audit_macro_deleted,
	'preset.saved': m.audit_preset_saved,
	'preset.deleted': m.audit_preset_deleted,
	'texts.imported': m.audit_texts_imported,
	'reading-group.saved': m.audit_reading_group_saved,
	'reading-group.deleted': m.audit_reading_group_deleted,
	'report.editions-changed': m.audit_report_editions_changed,
	'report.worksheet-changed': m.audit_report_worksheet_changed,
	'grant.created': m.audit_grant_created,
	'grant.opened': m.audit_grant_opened,
	'grant.open-failed': m.audit_grant_open_failed,
	'grant.paused': m.audit_grant_paused,
	'grant.resumed': m.audit_grant_resumed,
	'grant.revoked': m.audit_grant_revoked,
	'grant.item-seen': m.audit_grant_item_seen,
	'grant.downloaded': m.audit_grant_downloaded,
	'release.decided': m.audit_release_decided,
	'break-glass.started': m.audit_break_glass_started,
	'break-glass.ended': m.audit_break_glass_ended,
	'break-glass.reviewed': m.audit_break_glass_reviewed
};

/** Every action whose words or own name hold what was typed. */
export function actionsLike(typed: string): string[] {
	const wanted = typed.toLocaleLowerCase();
	return Object.entries(actionWords).flatMap(([action, words]) =>
		action.includes(wanted) || words().toLocaleLowerCase().includes(wanted) ? [action] : []
	);
}

type Kind = Event['object'] extends infer O
	? O extends `${infer K}:${string}`
		? K
		: never
	: never;
const objectWords: Record<Kind, () => string> = {
	study: m.audit_object_study,
	report: m.audit_object_report,
	version: m.audit_object_version,
	grant: m.audit_object_grant,
	patient: m.audit_object_patient,
	user: m.audit_object_user,
	token: m.audit_object_token,
	order: m.audit_object_order,
	archive: m.audit_object_archive,
	practice: m.audit_object_practice,
	worksheet: m.audit_object_worksheet,
	machine: m.audit_object_machine,
	destination: m.audit_object_destination,
	macro: m.audit_object_macro,
	preset: m.audit_object_preset,
	'reading-group': m.audit_object_reading_group
};

/** The words of an action; of one that this build does not know, its own name. */
export const actionText = (action: string): string =>
	actionWords[action as AuditAction]?.() ?? action;

/** `study:0af3…` as the kind in words and the start of the id, enough to tell two apart. */
export function objectText(object: string): { kind: string; id: string } {
	const colon = object.indexOf(':');
	const kind = object.slice(0, colon);
	const id = object.slice(colon + 1);
	return { kind: objectWords[kind as Kind]?.() ?? kind, id: id.length > 20 ? id.slice(0, 8) : id };
}

/** The person, link or program who did it, by name where there is one. */
export function actorText(actor: string, name: string | null): string {
	if (name === null) return actor;
	if (actor.startsWith('job:')) return m.audit_actor_job({ name });
	return actor.startsWith('grant:') ? m.audit_actor_link({ name }) : name;
}
