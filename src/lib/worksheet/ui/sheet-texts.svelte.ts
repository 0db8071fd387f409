/* eslint svelte/prefer-svelte-reactivity: off -- sets and maps here are made anew as a whole, never changed */
import { m } from '$lib/paraglide/messages.js';
import { setField, personEntry } from '$lib/collab/doc-fields.ts';
import { decideStatement } from '$lib/collab/doc-interpretation.ts';
import { edit, type StatementDecision } from '$lib/collab/report-doc.ts';
import { carryOffer, type CarryOffer } from '$lib/report/carry.ts';
import { conclusionSection } from '$lib/report/conclusion.ts';
import { fillMacro, slotsOf, type FilledMacro, type Macro } from '$lib/report/macro.ts';
import {
	answerText,
	placeLabel,
	planOffer,
	type Offer,
	type OfferPlan,
	type Skipped
} from '$lib/report/offer.ts';
import type { OwnedView, Preset, PresetContent } from '$lib/report/preset.ts';
import { nearness, type TextOwner } from '$lib/report/text-owner.ts';
import type { CarriedFrom, Entry } from '../entry.ts';
import { MacroTyping } from './macro-typing.svelte.ts';
import type { WorksheetSession } from './worksheet-session.svelte.ts';

export interface Owner {
	owner: TextOwner;
	name: string;
}

/** Where the room gets texts from, and where a new preset is kept. */
export interface TextSource {
	macros: () => Promise<{ owners: Owner[]; macros: (Macro & OwnedView)[] }>;
	presets: () => Promise<{ owners: Owner[]; presets: (Preset & OwnedView)[] }>;
	savePreset: (preset: {
		owner: TextOwner;
		worksheetId: string;
		title: string;
		content: PresetContent;
	}) => Promise<unknown>;
	/** Null where no earlier report was signed. */
	carry: () => Promise<CarryOffer | null>;
}

const noOffer: Offer = { fields: [], sentences: [], conclusion: [] };

/** Macros, presets, and what the prior's report offers: everything that writes many words at once. */
export class SheetTexts {
	readonly #sheet: WorksheetSession;
	readonly #source: TextSource | undefined;
	readonly typing: MacroTyping;
	macros = $state.raw<readonly Macro[]>([]);
	presets = $state.raw<readonly Preset[]>([]);
	/** Under whom this person may keep a preset. */
	owners = $state.raw<readonly Owner[]>([]);
	carry = $state.raw<CarryOffer | null>(null);

	constructor(sheet: WorksheetSession, source: TextSource | undefined) {
		this.#sheet = sheet;
		this.#source = source;
		this.typing = new MacroTyping(this);
	}

	/** Each list is there as soon as it came; one that does not come leaves the others working. */
	async load(): Promise<void> {
		await Promise.allSettled([this.#loadMacros(), this.#loadPresets(), this.#loadCarry()]);
	}
	async #loadMacros(): Promise<void> {
		const found = await this.#source?.macros();
		this.macros = found?.macros.filter(({ applies }) => applies) ?? [];
	}
	async #loadPresets(): Promise<void> {
		const found = await this.#source?.presets();
		this.owners = found?.owners ?? [];
		this.presets = (found?.presets ?? [])
			.filter(({ applies }) => applies)
			.sort((a, b) => nearness(a.owner) - nearness(b.owner));
	}
	async #loadCarry(): Promise<void> {
		this.carry = (await this.#source?.carry()) ?? null;
	}

	get mayWrite(): boolean {
		const { values, proposeOnly, interpretation } = this.#sheet.rights;
		return values && !proposeOnly && interpretation;
	}

	fill(macro: Macro): FilledMacro {
		this.#sheet.breakUndo();
		return fillMacro(macro.body, slotsOf(this.#sheet.body()));
	}

	/** How much of the prior a section could still take; a person's answer is not counted. */
	carryable(sectionId: string): number {
		if (!this.carry || !this.mayWrite) return 0;
		return this.#carryBySection.get(sectionId) ?? 0;
	}
	readonly #carryBySection: ReadonlyMap<string, number> = $derived.by(() => {
		const { carry } = this;
		const counts = new Map<string, number>();
		if (!carry) return counts;
		const { entries, decisions, context, conclusion } = this.#sheet;
		const add = (section: string) => counts.set(section, (counts.get(section) ?? 0) + 1);
		const offered = new Set(carry.fields.map(({ field }) => field));
		for (const { id, fields } of context.worksheet.sections)
			for (const field of fields)
				if (offered.has(field.id) && !(entries[field.id] ?? []).some(isNoDefault)) add(id);
		const said = new Set(Object.values(decisions).flatMap((held) => held.map(({ text }) => text)));
		for (const { section, text } of carry.sentences) if (!said.has(text)) add(section);
		for (const text of carry.conclusion)
			if (!said.has(text) && !conclusion.includes(text)) add(conclusionSection);
		return counts;
	});

	/** Takes over what the prior's report offers, for one section or for all; one step of undo. */
	carryForward(only?: string): void {
		const { carry } = this;
		if (!carry || !this.mayWrite) return;
		const { studyUid, date } = carry;
		const from = { studyUid, date, confirmed: false };
		const plan = this.#plan(carry, only, carry.labels);
		this.#apply(plan, {
			source: { kind: 'prior', ...from },
			decision: { carried: from, oneClickNormal: false },
			prefix: 'carried',
			marksFields: false
		});
		const count = countOf(plan);
		this.#say(count > 0 ? m.room_carried({ count, date }) : m.room_carried_nothing({ date }), plan);
	}

	/** Applies a preset; its lines stay marked until somebody touches them or signs. One step of undo. */
	applyPreset({ title, content }: Pick<Preset, 'title' | 'content'>): void {
		if (!this.mayWrite) return;
		const plan = this.#plan(content);
		this.#apply(plan, {
			source: { kind: 'person' },
			decision: { preset: title, oneClickNormal: true },
			prefix: 'preset',
			marksFields: true
		});
		this.#say(m.room_preset_applied({ count: countOf(plan), title }), plan);
	}

	/** What of this sheet could be kept as a preset, with the words that the sheet shows. */
	presetable(): Offer {
		return carryOffer(this.#sheet.body(), this.#sheet.context.worksheet);
	}
	labelOf({ field, value }: Offer['fields'][number]): string {
		const { worksheet } = this.#sheet.context;
		const definition = worksheet.sections.flatMap((s) => s.fields).find(({ id }) => id === field);
		const answer = definition ? answerText(definition, value) : String(value);
		return `${placeLabel(worksheet, field)}, ${answer}`;
	}
	async savePreset(title: string, owner: TextOwner, offer: Offer): Promise<void> {
		await this.#source?.savePreset({
			title,
			owner,
			worksheetId: this.#sheet.context.worksheet.id,
			content: { schema: 1, ...offer }
		});
		await this.#loadPresets();
	}

	/** What was carried, or is a default, and waits for a person, in the order of the sheet. */
	readonly unconfirmed = $derived.by(() =>
		this.#sheet.leftovers.flatMap(({ kind, field, statement }) =>
			kind === 'placeholder' ? [] : [{ field, statement }]
		)
	);
	carriedIn(fieldId: string): CarriedFrom | null {
		const standing = (this.#sheet.entries[fieldId] ?? []).find((entry) => !entry.suggestion);
		return standing?.source.kind === 'prior' ? standing.source : null;
	}

	/**
	 * Says that a carried answer holds today; it stays known that it was carried. A default becomes the
	 * person's own.
	 */
	confirmField(fieldId: string): void {
		const sheet = this.#sheet;
		const entry = (sheet.entries[fieldId] ?? []).find(({ suggestion }) => !suggestion);
		const from = entry?.source;
		if (!entry || !sheet.rights.values || sheet.rights.proposeOnly) return;
		if (from?.kind !== 'prior' && from?.kind !== 'default') return;
		const { id, by, at } = sheet.stamp();
		const source: Entry['source'] =
			from.kind === 'prior' ? { ...from, confirmed: true } : { kind: 'person' };
		setField(sheet.doc, fieldId, { ...entry, id, by, at, source }, sheet.seen(fieldId));
	}
	confirmStatement(statementId: string): void {
		const sheet = this.#sheet;
		const held = sheet.decisions[statementId] ?? [];
		const last = held.at(-1);
		if (!sheet.rights.interpretation || !last?.carried) return;
		const { entryId: _, ...decision } = last;
		const { id, by, at } = sheet.stamp();
		decideStatement(
			sheet.doc,
			statementId,
			id,
			{ ...decision, by, at, carried: { ...last.carried, confirmed: true } },
			held.map((one) => one.entryId)
		);
	}
	/** Everything of a section; one step of undo. */
	confirmSection(sectionId: string): void {
		const here = this.unconfirmedIn(sectionId);
		edit(this.#sheet.doc, () => {
			for (const { field, statement } of here) {
				if (field !== null) this.confirmField(field);
				else if (statement !== null) this.confirmStatement(statement);
			}
		});
	}
	unconfirmedIn(sectionId: string): readonly { field: string | null; statement: string | null }[] {
		const { decisions, context } = this.#sheet;
		const section = context.worksheet.sections.find(({ id }) => id === sectionId);
		const fields = new Set(section?.fields.map(({ id }) => id));
		return this.unconfirmed.filter(({ field, statement }) =>
			field !== null ? fields.has(field) : decisions[statement ?? '']?.at(-1)?.section === sectionId
		);
	}

	#plan(offer: Offer, only?: string, labels?: Record<string, string>): OfferPlan {
		const { context, entries, decisions, conclusion } = this.#sheet;
		return planOffer({
			context,
			entries,
			decisions,
			conclusion,
			offer: { ...noOffer, ...offer },
			...(only === undefined ? {} : { only }),
			...(labels ? { labels } : {})
		});
	}

	#apply(
		plan: OfferPlan,
		how: {
			source: Entry['source'];
			decision: Pick<StatementDecision, 'oneClickNormal' | 'preset' | 'carried'>;
			prefix: string;
			/** Also marks the fields, as one-click normal does. */
			marksFields: boolean;
		}
	): void {
		const sheet = this.#sheet;
		const decide = (id: string, decision: Omit<StatementDecision, 'by' | 'at'>) => {
			const stamp = sheet.stamp();
			const seen = (sheet.decisions[id] ?? []).map((held) => held.entryId);
			const signed = { ...decision, by: stamp.by, at: stamp.at };
			decideStatement(sheet.doc, id, stamp.id, signed, seen);
		};
		edit(sheet.doc, () => {
			for (const { field, section, value } of plan.fields) {
				const entry = { ...personEntry(sheet.stamp(), value, null), source: how.source };
				setField(sheet.doc, field, entry, sheet.seen(field));
				if (!how.marksFields) continue;
				decide(`normal.${field}`, { decision: 'include', text: null, section, ...how.decision });
			}
			for (const { id, section, text } of plan.sentences) {
				const decision = id === null ? 'own' : 'edit';
				decide(id ?? `${how.prefix}.${sheet.newId()}`, {
					decision,
					text,
					section,
					...how.decision
				});
			}
		});
	}

	#say(title: string, plan: OfferPlan): void {
		this.#sheet.note = {
			title,
			lines: [
				...plan.fields.map((line) => ({ id: line.field, label: this.labelOf(line) })),
				...plan.sentences.map(({ id, text }, index) => ({
					id: `${id ?? ''}-${index}`,
					label: text
				}))
			],
			left: plan.skipped.map(skippedWords)
		};
	}
}

const isNoDefault = ({ source }: Entry) => source.kind !== 'default';

const countOf = (plan: OfferPlan) => plan.fields.length + plan.sentences.length;

function skippedWords({ label, reason, message }: Skipped): string {
	switch (reason) {
		case 'no-field':
			return m.room_left_no_field({ label });
		case 'no-answer':
			return m.room_left_no_answer({ label });
		case 'number':
			return m.room_left_number({ label });
		case 'has-value':
			return m.room_left_has_value({ label });
		case 'not-well-seen':
			return m.room_left_not_well_seen({ label });
		case 'conflict':
			return m.room_left_conflict({ label });
		case 'abnormal':
			return m.room_left_abnormal({ label });
		case 'contradiction':
			return m.room_left_contradiction({ label, message: message ?? '' });
		case 'not-proposed':
			return m.room_left_not_proposed({ label });
	}
}
