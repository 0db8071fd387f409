/* eslint svelte/prefer-svelte-reactivity: off -- sets, maps and dates here are replaced whole, never changed */
import type * as Y from 'yjs';
import { m } from '$lib/paraglide/messages.js';
import { edit, openRoots } from '$lib/collab/report-doc.ts';
import {
	readComments,
	resolveComment,
	setComment,
	updateAnnotation
} from '$lib/collab/doc-annotations.ts';
import {
	acceptProposal,
	clearField,
	dismissProposal,
	markNotWellSeen,
	personEntry,
	proposeField,
	readEntries,
	readProposals,
	resolveConflict,
	setField,
	type Stamp
} from '$lib/collab/doc-fields.ts';
import {
	decideStatement,
	editText,
	readDecisions,
	withdrawDecision
} from '$lib/collab/doc-interpretation.ts';
import type { Annotation, StatementDecision, TextName } from '$lib/collab/report-doc.ts';
import { createUndo } from '$lib/collab/doc-undo.ts';
import { follow, followText } from '$lib/collab/ui/y-map.svelte.ts';
import { conclusionSection } from '$lib/report/conclusion.ts';
import { leftoversOf } from '$lib/report/leftovers.ts';
import { readDocState } from '$lib/collab/doc-state.ts';
import {
	bodyOf,
	evaluateReport,
	evaluationOptions,
	patientFacts,
	type ReportContext
} from '$lib/report/context.ts';
import type { ReportBody } from '$lib/report/version.ts';
import type { Clock, NewId } from '$lib/ids.ts';
import { accreditationOf } from '../accreditation.ts';
import { changesFor } from '../change.ts';
import { findContradictions } from '../contradiction.ts';
import { beatsIn, isOf, meanOf } from '../beats.ts';
import type { Entries, Entry, EntrySource, EntryValue } from '../entry.ts';
import { lookupIn } from '../lookup-in.ts';
import { oneClickNormal } from '../one-click-normal.ts';
import { programOf } from '../program.ts';
import { convert } from '../units.ts';
import { inPractice } from './in-practice.ts';
import { keep } from './keep.ts';
import { inWords, skipWords, type NormalPlan, type StepNote } from './normal-plan.ts';
import { labelOf, type FieldRow } from './rows.ts';
import { SheetTexts, type TextSource } from './sheet-texts.svelte.ts';
import {
	sectionViews,
	shownRows,
	statementViews,
	type SectionTable,
	type SectionView,
	type Unmapped
} from './sections.ts';

export interface WorksheetRights {
	/** May set values; false: reads only. */
	values: boolean;
	/** Values go to `proposals`: a sonographer after "sent to read". */
	proposeOnly: boolean;
	interpretation: boolean;
}

export interface WorksheetSessionInput {
	doc: Y.Doc;
	context: ReportContext;
	/** A getter, because rights change while the sheet is open. */
	rights: () => WorksheetRights;
	userId: string;
	unmapped?: readonly Unmapped[];
	/** Names of the stored views: one-click normal may speak of what they show. */
	views?: () => ReadonlySet<string>;
	/** Where macros, presets and the prior's texts come from; without it there are none. */
	texts?: TextSource;
	/** A field was emptied by hand; what stood in it. */
	oncleared?: (fieldId: string, before: Entry | null) => void;
	/**
	 * When what follows from a typed value is worked out; without it at once. The value itself is in the
	 * document before.
	 */
	afterPaint?: (work: () => void) => void;
	clock?: Clock;
	newId?: NewId;
}

/**
 * The sheet's state: entries come from the live document, everything else follows from them by
 * `evaluate`. Components render what it says and call its methods.
 */
export class WorksheetSession {
	readonly context: ReportContext;
	readonly doc: Y.Doc;
	readonly #input: WorksheetSessionInput;
	readonly #undo: Y.UndoManager;
	readonly #followed: ReturnType<typeof followAll>;
	readonly #labels = new Map<string, string>();
	#open = $state.raw<ReadonlySet<string>>(new Set());
	/** By section, how many rows of its table were asked for. */
	#asked = $state.raw<ReadonlyMap<string, number>>(new Map());
	#stack = $state.raw({ undo: 0, redo: 0 });

	/** The field that has the focus; others see it. */
	focused = $state<string | null>(null);
	/** What the last step set in many fields at once, until it is closed or undone. */
	note = $state.raw<StepNote | null>(null);
	readonly texts: SheetTexts;

	constructor(input: WorksheetSessionInput) {
		this.#input = input;
		this.context = input.context;
		this.doc = input.doc;
		this.#undo = createUndo(input.doc);
		this.#followed = followAll(input.doc);
		this.texts = new SheetTexts(this, input.texts);
		const count = () => {
			this.#stack = { undo: this.#undo.undoStack.length, redo: this.#undo.redoStack.length };
		};
		for (const event of ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const)
			this.#undo.on(event, count);
	}

	readonly entries = $derived.by(() => this.#followed.entries.current);
	/** What stood in the fields before a value that was typed a moment ago. */
	#before = $state.raw<Entries | null>(null);
	/** What the sheet shows: the entries, a frame late after typing. */
	readonly #shown = $derived(this.#before ?? this.entries);
	readonly proposals = $derived.by(() => this.#followed.proposals.current);
	readonly decisions = $derived.by(() => this.#followed.decisions.current);
	readonly conclusion = $derived.by(() => this.#followed.conclusion.current);
	readonly comments = $derived.by(() => this.#followed.comments.current);

	/** What people say to each other about the report; never printed. */
	readonly talk = $derived.by(() => this.#followed.talk.current);

	readonly evaluation = $derived.by(() => evaluateReport(this.context, this.#shown));

	/** What accrediting bodies ask for and is not there. */
	readonly accreditation = $derived.by(() =>
		accreditationOf(this.context.worksheet, this.evaluation)
	);

	/** Names in conditions of the sheet, answered as the engine answered them. */
	readonly #lookup = $derived.by(() =>
		lookupIn(programOf(this.context.worksheet), this.evaluation)
	);

	/** G9: asked for when the reader opens the reasons of a grade. */
	changesOf(gradeId: string) {
		return changesFor(
			gradeId,
			this.context.worksheet,
			this.#shown,
			patientFacts(this.context),
			evaluationOptions(this.context)
		);
	}

	readonly #views = $derived.by(() => ({
		context: this.context,
		entries: this.#shown,
		evaluation: this.evaluation,
		decisions: this.decisions,
		proposals: this.proposals,
		unmapped: this.#input.unmapped ?? [],
		lookup: this.#lookup,
		labels: this.label
	}));
	/** What was last drawn; only what differs from it is drawn again. */
	#drawn: readonly SectionView[] = [];
	readonly sections: readonly SectionView[] = $derived.by(
		() => (this.#drawn = keep(this.#drawn, sectionViews(this.#views)))
	);
	/** Lines of the conclusion beside its free text: carried, or set by a preset. */
	readonly conclusionLines = $derived.by(() => statementViews(this.#views, conclusionSection));
	readonly rows: ReadonlyMap<string, FieldRow> = $derived(
		new Map(
			this.sections.flatMap((s) =>
				[...s.rows, ...s.folded, ...cellsOf(s.table)].map((row) => [row.id, row])
			)
		)
	);
	/** Fields in the order of the sheet, for moving by key. */
	readonly order: readonly string[] = $derived(
		this.sections.flatMap((s) =>
			[
				...s.rows,
				...(this.#open.has(s.id) ? s.folded : []),
				...(s.table ? cellsOf({ ...s.table, rows: this.rowsOf(s.id, s.table) }) : [])
			].map((row) => row.id)
		)
	);
	/** Open places, and what was carried and nobody confirmed. */
	readonly leftovers = $derived.by(() =>
		leftoversOf(
			this.context,
			{
				entries: this.#shown,
				decisions: this.decisions,
				conclusion: this.conclusion,
				comments: this.comments
			},
			this.evaluation
		)
	);
	readonly blocking = $derived(this.evaluation.findings.filter((finding) => finding.blocks));
	readonly asking = $derived.by(() => [
		...this.evaluation.findings.filter((finding) => !finding.blocks),
		...this.contradictions
	]);
	/** What people wrote against what the sheet holds; what rules wrote agrees by itself. */
	readonly contradictions = $derived.by(() => {
		const written = [
			...this.sections.flatMap((section) => section.statements),
			...this.conclusionLines
		]
			.filter(({ included, edited, own }) => included && (edited || own))
			.map(({ text }) => text);
		return findContradictions(
			this.context.worksheet,
			this.evaluation,
			[this.conclusion, ...written],
			this.context.language
		);
	});

	get rights(): WorksheetRights {
		return this.#input.rights();
	}
	get canUndo(): boolean {
		return this.#stack.undo > 0;
	}
	get canRedo(): boolean {
		return this.#stack.redo > 0;
	}

	/** The report as it would be signed now. */
	body(): ReportBody {
		return bodyOf(this.context, readDocState(this.doc));
	}

	readonly label = (fieldId: string): string => {
		const known = this.#labels.get(fieldId);
		if (known !== undefined) return known;
		const label = labelOf(this.context, fieldId);
		this.#labels.set(fieldId, label);
		return label;
	};

	/** A default, or set by one-click normal or a preset, and not touched since: the mark of it. */
	assertedBy(fieldId: string): { letter: string; mark: string } | null {
		if (this.evaluation.values[fieldId]?.from === 'default')
			return { letter: m.room_default_letter(), mark: m.room_default_mark() };
		const held = (this.decisions[`normal.${fieldId}`] ?? []).find((one) => one.oneClickNormal);
		if (!held) return null;
		return held.preset === undefined
			? { letter: m.room_asserted_letter(), mark: m.room_asserted_mark() }
			: { letter: m.room_preset_letter(), mark: m.room_preset_mark({ title: held.preset }) };
	}

	isOpen(sectionId: string): boolean {
		return this.#open.has(sectionId);
	}
	toggle(sectionId: string): void {
		const open = new Set(this.#open);
		if (!open.delete(sectionId)) open.add(sectionId);
		this.#open = open;
	}
	/** The rows of a repeated section that are shown. */
	rowsOf(sectionId: string, table: SectionTable): SectionTable['rows'] {
		return shownRows(table, this.#asked.get(sectionId) ?? 0);
	}
	/** Shows one row more: the next lesion. */
	addRow(sectionId: string, table: SectionTable): void {
		this.showRows(sectionId, this.rowsOf(sectionId, table).length + 1);
	}
	/** From now on at least so many rows are shown, whatever becomes of their values. */
	showRows(sectionId: string, count: number): void {
		if ((this.#asked.get(sectionId) ?? 0) >= count) return;
		this.#asked = new Map([...this.#asked, [sectionId, count]]);
	}
	/** Makes a field visible, unfolding its section when it lies in the fold. */
	reveal(fieldId: string): void {
		const section = this.sections.find((s) => s.folded.some((row) => row.id === fieldId));
		if (section) this.#open = new Set([...this.#open, section.id]);
		for (const { id, table } of this.sections) {
			const index = table?.rows.findIndex((row) => row.cells.some((cell) => cell?.id === fieldId));
			if (table?.growing && index !== undefined && index >= 0) {
				const asked = Math.max(this.#asked.get(id) ?? 0, index + 1);
				this.#asked = new Map([...this.#asked, [id, asked]]);
			}
		}
	}

	set(fieldId: string, value: EntryValue, range: Entry['range'] = null): void {
		if (!this.rights.values) return;
		const unit = this.rows.get(fieldId)?.measurement?.unit ?? null;
		const entry: Entry = {
			...personEntry(this.stamp(), value, typeof value === 'number' ? unit : null),
			range,
			derivation: range ? 'visual' : 'single'
		};
		if (this.rights.proposeOnly) return proposeField(this.doc, fieldId, entry);
		this.#hold();
		edit(this.doc, () => {
			setField(this.doc, fieldId, entry, this.seen(fieldId));
			this.undecide(`normal.${fieldId}`);
		});
	}

	/** Whether something was typed of which the sheet does not show yet what follows. */
	get pending(): boolean {
		return this.#before !== null;
	}

	#hold(): void {
		const { afterPaint } = this.#input;
		if (!afterPaint || this.#before !== null) return;
		this.#before = this.entries;
		afterPaint(() => (this.#before = null));
	}

	/** Date and, beside it, time of this moment in the practice, which a clock on the wall would show. */
	setNow(dateFieldId: string): void {
		const now = this.#input.clock?.() ?? new Date();
		const { date, time } = inPractice(now, this.context.practice.timeZone);
		this.set(dateFieldId, date);
		const beside = dateFieldId.replace(/\.date$/, '.time');
		if (beside !== dateFieldId && this.rows.has(beside)) this.set(beside, time);
	}

	/** Fields for numbers that are measured: neither computed nor of the patient's body. */
	get measuredFields(): readonly FieldRow[] {
		return [...this.rows.values()].filter(({ field, measurement }) => {
			const kind = measurement?.kind;
			return (
				field.kind === 'number' && !field.computed && (kind === 'measured' || kind === 'reported')
			);
		});
	}

	/**
	 * Puts a drawing's number into a field, in the field's unit; from there one step leads back. `also`:
	 * the drawings that it was made of besides. `beat`: one more beat beside those that stand there, and
	 * their mean counts.
	 */
	setFromCaliper(
		fieldId: string,
		caliper: Annotation,
		quantity: { value: number | null; unit: string | null } = caliper,
		{ also = [], beat = false }: { also?: readonly string[]; beat?: boolean } = {}
	): boolean {
		const measurement = this.rows.get(fieldId)?.measurement;
		const { value: number, unit } = quantity;
		if (!this.rights.values || !measurement?.unit || number === null || !unit) return false;
		const converted = convert(number, unit, measurement.unit);
		if (converted === null) return false;
		const stamp = this.stamp();
		const value = measurement.magnitude ? Math.abs(converted) : converted;
		const { id: annotationId, sopInstanceUid, frame } = caliper;
		const source: EntrySource = {
			kind: 'caliper',
			annotationId,
			sopInstanceUid,
			frame,
			...(also.length > 0 ? { also: [...also] } : {})
		};
		const standing = this.rows.get(fieldId)?.entry;
		const before = beat && standing ? beatsIn(standing) : [];
		const entry = meanOf(
			{ ...personEntry(stamp, value, measurement.unit), source },
			before.filter((sample) => !isOf(sample, [annotationId, ...also]))
		);
		edit(this.doc, () => {
			if (this.rights.proposeOnly) proposeField(this.doc, fieldId, entry);
			else setField(this.doc, fieldId, entry, this.seen(fieldId));
			for (const id of [annotationId, ...also]) {
				updateAnnotation(this.doc, id, { field: fieldId, by: stamp.by, at: stamp.at });
			}
		});
		return true;
	}

	clear(fieldId: string): void {
		if (!this.rights.values || this.rights.proposeOnly) return;
		const before = this.rows.get(fieldId)?.entry ?? null;
		clearField(this.doc, fieldId, this.seen(fieldId));
		this.#input.oncleared?.(fieldId, before);
	}

	notWellSeen(fieldId: string): void {
		if (!this.rights.values || this.rights.proposeOnly) return;
		if (this.rows.get(fieldId)?.standing === 'not-well-seen') this.clear(fieldId);
		else markNotWellSeen(this.doc, fieldId, this.stamp(), this.seen(fieldId));
	}

	/** Decides a conflict, or takes a suggestion; the others are replaced. */
	choose(fieldId: string, entryId: string): void {
		const seen = [...this.seen(fieldId), entryId];
		resolveConflict(this.doc, fieldId, entryId, this.stamp(), seen);
	}
	dismissSuggestion(fieldId: string, entryId: string): void {
		clearField(this.doc, fieldId, [entryId]);
	}
	acceptProposal(fieldId: string, proposalId: string): void {
		acceptProposal(this.doc, fieldId, proposalId, this.stamp(), this.seen(fieldId));
	}
	dismissProposal(fieldId: string, proposalId: string): void {
		dismissProposal(this.doc, fieldId, proposalId);
	}

	decide(
		statementId: string,
		section: string,
		decision: StatementDecision['decision'],
		text: string | null = null
	): void {
		if (!this.rights.interpretation) return;
		const { id, by, at } = this.stamp();
		const held = this.decisions[statementId] ?? [];
		// Who ticks a carried sentence again says that it holds; who rewords it has made it theirs.
		const before = held.at(-1);
		const carried =
			before?.carried && before.text === text
				? { carried: { ...before.carried, confirmed: true } }
				: {};
		decideStatement(
			this.doc,
			statementId,
			id,
			{ decision, text, section, oneClickNormal: false, by, at, ...carried },
			held.map(({ entryId }) => entryId)
		);
	}
	/** Back to what the rule says. */
	undecide(statementId: string): void {
		const seen = (this.decisions[statementId] ?? []).map((held) => held.entryId);
		withdrawDecision(this.doc, statementId, seen);
	}
	addOwn(section: string, text: string): void {
		this.decide(`own.${this.newId()}`, section, 'own', text);
	}

	write(name: TextName, text: string): void {
		if (this.rights.interpretation) editText(this.doc, name, text);
	}

	comment(text: string, field: string | null): void {
		const { id, by, at } = this.stamp();
		setComment(this.doc, { id, field, text, by, at, resolved: null });
	}
	settle(commentId: string): void {
		const { by, at } = this.stamp();
		resolveComment(this.doc, commentId, by, at);
	}

	/**
	 * One-click normal (the engine says what it may speak of): one step of undo, and every line
	 * stays marked until somebody touches it or signs.
	 */
	assertNormal(): NormalPlan {
		const { worksheet } = this.context;
		const views = [...(this.#input.views?.() ?? [])];
		const plan = inWords(worksheet, oneClickNormal(worksheet, this.evaluation, { views }));
		if (!this.rights.values || this.rights.proposeOnly || !this.rights.interpretation)
			return { lines: [], skipped: plan.skipped };
		edit(this.doc, () => {
			for (const { field, code, section } of plan.lines) {
				const stamp = this.stamp();
				setField(this.doc, field, personEntry(stamp, code, null), this.seen(field));
				decideStatement(
					this.doc,
					`normal.${field}`,
					stamp.id,
					{
						decision: 'include',
						text: null,
						section,
						oneClickNormal: true,
						by: stamp.by,
						at: stamp.at
					},
					(this.decisions[`normal.${field}`] ?? []).map((held) => held.entryId)
				);
			}
		});
		const left = plan.skipped.map(({ title, why }) => skipWords[why]({ section: title }));
		const lines = plan.lines.map(({ field, label }) => ({ id: field, label }));
		this.note = { title: m.room_asserted({ count: lines.length }), lines, left };
		return plan;
	}

	/** What is written next is a step of undo of its own. */
	breakUndo(): void {
		this.#undo.stopCapturing();
	}
	readonly undo = (): void => void this.#undo.undo();
	readonly redo = (): void => void this.#undo.redo();

	destroy(): void {
		this.#undo.destroy();
	}

	/** What this person sees standing in the field; a value that arrives meanwhile is not deleted. */
	seen(fieldId: string): string[] {
		return (this.entries[fieldId] ?? [])
			.filter((entry) => !entry.suggestion)
			.map((entry) => entry.id);
	}
	newId(): string {
		return this.#input.newId?.() ?? crypto.randomUUID();
	}
	stamp(): Stamp {
		const at = (this.#input.clock?.() ?? new Date()).toISOString();
		return { id: this.newId(), by: this.#input.userId, at };
	}
}

function cellsOf(table: SectionTable | null): FieldRow[] {
	return table?.rows.flatMap((row) => row.cells.filter((cell) => cell !== null)) ?? [];
}

function followAll(doc: Y.Doc) {
	const roots = openRoots(doc);
	return {
		entries: follow(roots.fields, () => readEntries(doc)),
		proposals: follow(roots.proposals, () => readProposals(doc)),
		decisions: follow(roots.interpretation, () => readDecisions(doc)),
		talk: follow(roots.comments, () => readComments(doc)),
		conclusion: followText(roots.conclusionText),
		comments: followText(roots.commentsText)
	};
}
