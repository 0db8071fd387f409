import { z } from 'zod';

/**
 * What is witnessed: a closed list. Each event names its DICOM audit id (PS3.15 A.5, DCM) where there
 * is one, and what may stand in its detail. Ids, counts, reasons and closed words only: a name or a
 * value of a patient has no place here (M5).
 */
const id = z.string().max(200);
const ids = z.array(id).max(2000);
const reason = z.string().max(500);
const word = z.string().max(60);
const count = z.number().int().min(0);

const event = <D extends z.ZodRawShape>(dicom: string | null, detail: D) => ({
	dicom,
	detail: z.strictObject(detail)
});

/** DCM codes: 110100 application, 110103 instances accessed, 110106 export, 110107 import, … */
export const auditEvents = {
	// Application
	'app.started': event('110120', { version: word }),
	'app.stopped': event('110121', {}),
	'config.changed': event('110131', { what: word, reason: reason.optional() }),

	'machine.added': event('110131', { aeTitle: word, address: word.nullable() }),
	'machine.changed': event('110131', { aeTitle: word, address: word.nullable() }),
	'machine.disabled': event('110131', {}),
	'machine.enabled': event('110131', {}),
	'destination.added': event('110131', { host: id, credential: z.boolean() }),
	'destination.changed': event('110131', { host: id, credential: z.boolean() }),
	'destination.disabled': event('110131', {}),
	'destination.enabled': event('110131', {}),
	'destination.tested': event('110131', { host: id, answer: word }),
	/** Settings as JSON, only those that changed. */
	'practice.changed': event('110131', {
		before: z.string().max(4000),
		after: z.string().max(4000)
	}),

	// Identity
	'session.signed-in': event('110122', { method: word, session: id }),
	'session.sign-in-failed': event('110122', { reason: word }),
	'session.signed-out': event('110123', { session: id, why: word }),
	'session.ended': event('110123', { session: id }),
	'session.reauthenticated': event('110122', { method: word, purpose: word }),
	'session.reauthentication-failed': event('110122', { purpose: word, reason: word }),
	'passkey.added': event('110137', { passkey: id }),
	'passkey.removed': event('110137', { passkey: id }),
	'password.changed': event('110137', { how: word }),
	'user.added': event('110137', { roles: z.array(word) }),
	'user.disabled': event('110137', { reason: reason.optional() }),
	'user.enabled': event('110137', {}),
	'user.roles-changed': event('110136', { before: z.array(word), after: z.array(word) }),
	'user.invited': event('110137', { invitation: id, purpose: word }),
	'token.created': event('110137', { scopes: z.array(word), owner: id }),
	'token.revoked': event('110137', {}),
	'access.refused': event('110113', { door: z.string().max(120), code: z.string().max(80) }),

	// Reading
	'study.searched': event('110112', { door: word, results: count }),
	'study.opened': event('110103', { door: word }),
	'report.opened': event('110110', { what: word, version: id.optional() }),
	'patient.opened': event('110110', { door: word }),
	'audit.read': event('110101', { from: count.optional(), to: count.optional(), what: word }),

	// Arrival
	'study.stored': event('110104', {
		origin: word,
		stored: count,
		duplicate: count,
		rejected: count
	}),
	'study.arrived': event('110107', { instances: count }),
	'study.assigned': event(null, { to: id.nullable() }),
	'study.discovered': event('110107', { archive: id, instances: count }),
	'order.matched': event('110109', { study: id }),
	'order.added': event('110109', { accession: id.optional() }),
	'patient.added': event('110110', {}),
	'patient.linked': event('110110', { merged: id, reason }),
	'patient.unlinked': event('110110', { merged: id, reason: reason.optional() }),

	// Report
	'report.begun': event('110110', { studies: ids, worksheet: id }),
	'report.populated': event('110110', { entries: count, unmapped: count }),
	'report.document-opened': event('110110', { write: z.boolean() }),
	'report.document-edited': event('110110', { updates: count, roots: z.array(word) }),
	'report.sent-to-read': event('110110', {}),
	'report.signed': event('110110', {
		version: id,
		number: count,
		kind: word,
		meaning: word,
		contentHash: id,
		method: word
	}),
	'report.sign-refused': event('110113', { reason: word }),
	'report.communication-recorded': event('110110', {
		version: id,
		how: word,
		readBack: z.boolean(),
		closed: z.boolean()
	}),
	'report.late-edit-kept': event('110110', { edit: id }),
	'report.exported': event('110106', {
		what: word,
		version: id.optional(),
		bytes: count.optional()
	}),
	'export.delivered': event('110106', { kind: word, destination: id, instance: id.optional() }),
	'export.failed': event('110106', { kind: word, destination: id, reason: word, attempts: count }),
	'worksheet.published': event('110131', { version: word, hash: id }),
	'worksheet.withdrawn': event('110131', { version: word, reason }),
	'macro.saved': event('110131', { owner: word, created: z.boolean() }),
	'macro.deleted': event('110131', { owner: word }),
	'preset.saved': event('110131', { owner: word, worksheet: id, created: z.boolean() }),
	'preset.deleted': event('110131', { owner: word, worksheet: id }),
	'texts.imported': event('110131', { owner: word, macros: count, presets: count }),
	'reading-group.saved': event('110137', { members: ids, created: z.boolean() }),
	'reading-group.deleted': event('110137', {}),
	/** Editions of guidelines as JSON, only those that changed. */
	'report.editions-changed': event('110110', {
		before: z.string().max(400),
		after: z.string().max(400)
	}),
	'report.worksheet-changed': event('110110', { before: id, after: id, unknown: count }),

	// Sharing
	'grant.created': event('110106', {
		version: id,
		studies: ids,
		switches: z.array(word),
		expiresAt: word,
		maxOpenings: count.nullable(),
		passcode: z.boolean()
	}),
	'grant.opened': event('110122', { session: id }),
	'grant.open-failed': event('110122', { reason: word }),
	'grant.paused': event('110131', { reason: word }),
	'grant.resumed': event('110131', {}),
	'grant.revoked': event('110131', { reason: reason.optional() }),
	'grant.item-seen': event('110103', { what: word, item: id.optional() }),
	'grant.downloaded': event('110106', { what: word, item: id.optional() }),
	'release.decided': event('110131', {
		version: id,
		decision: word,
		visibleFrom: word.nullable(),
		reason: reason.optional()
	}),

	// Emergency
	'break-glass.started': event('110127', { reason }),
	'break-glass.ended': event('110127', { why: word }),
	'break-glass.reviewed': event('110101', { verdict: word })
} as const satisfies Record<string, { dicom: string | null; detail: z.ZodType }>;

export type AuditAction = keyof typeof auditEvents;

export type AuditObject =
	`${'study' | 'report' | 'version' | 'grant' | 'patient' | 'user' | 'token' | 'order' | 'archive' | 'practice' | 'worksheet' | 'machine' | 'destination' | 'macro' | 'preset' | 'reading-group'}:${string}`;

/** One thing to witness. `detail` has the shape that the event's row lists. */
export type AuditEvent = {
	[A in AuditAction]: {
		action: A;
		object?: AuditObject | null;
		/** `success` when left out. */
		outcome?: 'success' | 'refused' | 'failure';
		detail: z.input<(typeof auditEvents)[A]['detail']>;
	};
}[AuditAction];
