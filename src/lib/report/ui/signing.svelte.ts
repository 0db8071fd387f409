import { proveByPasskey } from '$lib/access/ui/passkey.ts';
import { m } from '$lib/paraglide/messages.js';
import { errorOf, trpc } from '$lib/trpc.ts';
import { conclusionPlace, statementPlace } from '$lib/worksheet/ui/focus-field.ts';
import type { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import { isBlocking } from '../leftovers.ts';
import type { ReportId } from '$lib/ids.ts';
import { contentHash } from '../canonical.ts';
import { personText } from '../person-text.ts';
import type { ReportBody } from '../version.ts';

export interface SigningInput {
	sheet: WorksheetSession;
	may: () => { final: boolean; preliminary: boolean };
	hasPasskey: boolean;
	/** Resolves when everything made here is stored: the server signs what it holds. */
	settled: () => Promise<void>;
	/** After the version is frozen; `next`: the person asked for the next study. */
	onsigned: (signed: { versionId: string; number: number; next: boolean }) => void;
}

type Proof = Parameters<typeof trpc.reports.sign.mutate>[0]['proof'];

/**
 * One signing, from the press of the button to the frozen version. What is shown is what the proof
 * names (L2): the body is taken when the dialog opens, and again whenever the document moves on.
 */
export class Signing {
	readonly #input: SigningInput;
	#open = $state(false);
	#body = $state.raw<ReportBody | null>(null);
	/** Made once for one press of the button: a retry ends in the same version (L3). */
	#intentId = '';
	kind = $state<'final' | 'preliminary'>('final');
	password = $state('');
	busy = $state(false);
	error = $state('');
	andNext = $state(false);
	/** The document moved on while the dialog was open. */
	changed = $state(false);

	constructor(input: SigningInput) {
		this.#input = input;
	}

	readonly bodyHash = $derived.by(() => (this.#body ? contentHash(this.#body) : ''));
	readonly blocking = $derived.by(() => [
		...this.#findings(this.#input.sheet.blocking),
		...this.#leftovers(true)
	]);
	readonly asking = $derived.by(() => [
		...this.#input.sheet.evaluation.conflicts.map((conflict) => ({
			id: `conflict-${conflict.field}`,
			field: conflict.field,
			label: this.#input.sheet.label(conflict.field),
			message: m.room_conflict()
		})),
		...this.#findings(this.#input.sheet.asking),
		...this.#leftovers(false)
	]);

	get open(): boolean {
		return this.#open;
	}
	set open(open: boolean) {
		this.#open = open;
		if (!open) this.password = '';
	}
	get may() {
		return this.#input.may();
	}
	get hasPasskey(): boolean {
		return this.#input.hasPasskey;
	}
	get blocked(): boolean {
		return this.busy || this.blocking.length > 0 || this.bodyHash === '';
	}
	get subject(): string {
		const { context } = this.#input.sheet;
		return `${personText(context.patient.name)}, ${context.patient.birthDate ?? ''} · ${context.worksheet.title}`;
	}
	get impression(): readonly string[] {
		return this.#body?.impression ?? [];
	}
	get count(): number {
		return this.#body?.sections.reduce((sum, section) => sum + section.values.length, 0) ?? 0;
	}

	begin(andNext: boolean): void {
		this.andNext = andNext;
		this.kind = this.may.final ? 'final' : 'preliminary';
		this.error = '';
		this.changed = false;
		this.#intentId = crypto.randomUUID();
		this.#body = this.#input.sheet.body();
		this.open = true;
	}

	/** Called when the document changes: shows the new content and says so. */
	refresh(): void {
		if (!this.#open || this.busy) return;
		const next = this.#input.sheet.body();
		if (contentHash(next) === this.bodyHash) return;
		this.#body = next;
		this.changed = true;
	}

	async byPassword(): Promise<void> {
		if (this.password === '') return;
		return this.#sign(async () => ({ kind: 'password', password: this.password }));
	}

	byPasskey(): Promise<void> {
		return this.#sign(async () => {
			const begun = await trpc.reports.signingChallenge.mutate({
				subjects: [
					{
						reportId: this.#input.sheet.context.reportId as ReportId,
						bodyHash: this.bodyHash,
						meaning: this.kind
					}
				]
			});
			return proveByPasskey(begun);
		});
	}

	async #sign(prove: () => Promise<Proof>): Promise<void> {
		if (this.blocked) return;
		this.busy = true;
		this.error = '';
		try {
			await this.#input.settled();
			const signed = await trpc.reports.sign.mutate({
				reportId: this.#input.sheet.context.reportId as ReportId,
				kind: this.kind,
				bodyHash: this.bodyHash,
				intentId: this.#intentId,
				proof: await prove(),
				amendment: null
			});
			this.open = false;
			this.#input.onsigned({ ...signed, next: this.andNext });
		} catch (error) {
			const { code, message, detail } = errorOf(error);
			this.busy = false;
			if (code === 'content_changed') this.refresh();
			this.error = error instanceof DOMException ? m.sign_passkey_cancelled() : (detail ?? message);
		} finally {
			this.busy = false;
			this.password = '';
		}
	}

	/** Open places block; what was carried and nobody confirmed blocks where the practice says so. */
	#leftovers(blocks: boolean) {
		const { leftovers, context } = this.#input.sheet;
		const { carriedLeftovers } = context.settings;
		const words = {
			placeholder: (text: string) => m.sign_open_place({ text }),
			carried: (date: string) => m.sign_carried({ date }),
			default: () => m.sign_default()
		};
		return leftovers
			.filter((leftover) => isBlocking(leftover, carriedLeftovers) === blocks)
			.map(({ kind, field, statement, label, text }, index) => ({
				id: `${kind}-${field ?? statement ?? ''}-${index}`,
				field: field ?? (statement === null ? conclusionPlace : `${statementPlace}${statement}`),
				label: label || m.room_conclusion_title(),
				message: words[kind](text)
			}));
	}

	#findings(findings: readonly { field: string; kind: string; message: string }[]) {
		return findings.map((finding) => ({
			id: `${finding.kind}-${finding.field}-${finding.message}`,
			field: finding.field,
			label: this.#input.sheet.label(finding.field),
			message: finding.message
		}));
	}
}
