import { tick } from 'svelte';
import { m } from '$lib/paraglide/messages.js';
import type { Command } from '$lib/ui/keys.ts';
import { editText } from '$lib/collab/doc-interpretation.ts';
import { conclusionText } from '$lib/collab/report-doc.ts';
import type { ViewerSession } from '$lib/viewer/ui/viewer-session.svelte.ts';
import type { EditionName } from '$lib/worksheet/editions.ts';
import type { EntrySource, SourceImage } from '$lib/worksheet/entry.ts';
import type { SheetRoom } from '$lib/worksheet/ui/context.ts';
import type { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import type { PriorValue } from '../body.ts';
import { dateTimeText } from '../date-text.ts';
import { isFrozen, type ReportState } from '../states.ts';
import type { PriorReportLink } from './prior-reports.ts';
import type { RoomLive } from './room-live.ts';
import { Measuring, type Parted } from './measuring.svelte.ts';
import type { Signing } from './signing.svelte.ts';

/** What stands where the loops are. */
export type Stage = 'loops' | 'preview' | 'prior';

export interface RoomAbilities {
	values: boolean;
	interpretation: boolean;
	sign: boolean;
	share: boolean;
	send: boolean;
}

export interface RoomInput {
	/** Values of all earlier studies by field; asked for when somebody looks at one. */
	priors: () => Promise<Record<string, PriorValue[]>>;
	sheet: WorksheetSession;
	viewer: ViewerSession;
	signing: Signing;
	live: RoomLive;
	state: () => ReportState;
	abilities: () => RoomAbilities;
	nameOf: (userId: string) => string;
	/** Signed reports of earlier studies, nearest first. */
	priorReports?: readonly PriorReportLink[];
	timeZone: string;
	/** Move to another study of my list. */
	onstep: (by: 1 | -1) => void;
	onshare: () => void;
	/** A drawing or the number that it made is gone; the other one may go with it. */
	onparted?: ((parted: Parted) => void) | undefined;
	onsend: () => void;
	/** Reads the report with another worksheet. */
	onworksheet?: (worksheet: { id: string; title: string }) => void;
	/** Reads it by another edition of a guideline. */
	onedition?: (edition: EditionName, value: string) => void;
}

/** The reading room: images beside the sheet, and every key that works in it. */
export class RoomSession {
	readonly sheet: WorksheetSession;
	readonly viewer: ViewerSession;
	readonly signing: Signing;
	readonly live: RoomLive;
	readonly #input: RoomInput;
	stage = $state<Stage>('loops');
	/** Width of the sheet (wide) and its height (portrait), in CSS pixels. */
	width = $state(560);
	height = $state(560);
	/** Between the widths the sheet may be put away to give the images all the room. */
	sheetOpen = $state(true);
	finding = $state(false);
	presets = $state<'closed' | 'list' | 'save'>('closed');
	talking = $state(false);
	/** The list of worksheets is open. */
	choosing = $state(false);
	/** On a phone one of the two is seen. */
	side = $state<'loops' | 'sheet'>('sheet');

	readonly measuring: Measuring;

	constructor(input: RoomInput) {
		this.#input = input;
		this.sheet = input.sheet;
		this.viewer = input.viewer;
		this.signing = input.signing;
		this.live = input.live;
		this.measuring = new Measuring({
			sheet: input.sheet,
			viewer: input.viewer,
			readOnly: () => this.readOnly,
			lastField: () => this.lastField,
			remember: (fieldId) => (this.#last = fieldId),
			...(input.onparted ? { onparted: input.onparted } : {})
		});
	}

	get priorReports(): readonly PriorReportLink[] {
		return this.#input.priorReports ?? [];
	}
	get timeZone(): string {
		return this.#input.timeZone;
	}
	get state(): ReportState {
		return this.#input.state();
	}
	get abilities(): RoomAbilities {
		return this.#input.abilities();
	}
	get readOnly(): boolean {
		return isFrozen(this.state) || !this.abilities.values;
	}

	/** Height, weight, BSA, pressure and rate, as the banner shows them. */
	readonly facts: readonly string[] = $derived.by(() => {
		const text = (id: string, before = '') => {
			const row = this.sheet.rows.get(id);
			return row?.text ? `${before}${row.text} ${row.unit}`.trim() : '';
		};
		const pressure = [this.sheet.rows.get('sbp')?.text, this.sheet.rows.get('dbp')?.text];
		return [
			text('height'),
			text('weight'),
			text('bsa', 'BSA '),
			pressure[0] ? `BP ${pressure[0]}/${pressure[1] || '–'}` : '',
			text('hr', 'HR '),
			this.sheet.rows.get('rhythm')?.text ?? ''
		].filter(Boolean);
	});

	readonly room: SheetRoom = {
		nameOf: (id) => this.#input.nameOf(id),
		showImage: (image, source) => this.showImage(image, source),
		showPrior: () => this.show('prior'),
		priorsOf: async (field) => (await this.#priorsOnce())[field] ?? [],
		others: (field) => this.live.people.filter((person) => person.field === field),
		mayChooseEdition: () => this.mayChooseWorksheet && this.#input.onedition !== undefined,
		chooseEdition: (edition, value) => {
			if (value !== this.sheet.context.settings[edition]) this.#input.onedition?.(edition, value);
		},
		when: (iso) => dateTimeText(iso, this.sheet.context.practice.timeZone)
	};

	#priors: Promise<Record<string, PriorValue[]>> | null = null;
	/** One request for all fields; one that failed is asked again the next time. */
	#priorsOnce(): Promise<Record<string, PriorValue[]>> {
		this.#priors ??= this.#input.priors().catch((error: unknown) => {
			this.#priors = null;
			throw error;
		});
		return this.#priors;
	}

	show(stage: Stage): void {
		this.stage = this.stage === stage ? 'loops' : stage;
		if (this.stage !== 'loops') this.side = 'loops';
	}

	/** From a number to its pixels; Esc in the viewer returns exactly where the eye was. */
	showImage(image: SourceImage, source: EntrySource): void {
		this.stage = 'loops';
		const annotation = source.kind === 'caliper' ? source.annotationId : null;
		if (this.viewer.goTo(image.sopInstanceUid, image.frame ?? 1, annotation)) this.side = 'loops';
	}

	/** Puts an accepted sentence into the free text, where it can be reworded. */
	addToConclusion(text: string): void {
		const before = this.sheet.conclusion.trimEnd();
		editText(this.sheet.doc, conclusionText, before === '' ? text : `${before}\n${text}`);
	}

	/** Only a draft may be read with another worksheet, and not one that is half handed over. */
	get mayChooseWorksheet(): boolean {
		return (
			!this.readOnly && !this.sheet.rights.proposeOnly && this.#input.onworksheet !== undefined
		);
	}
	/** Also the one in use, when the practice published a newer version of it meanwhile. */
	chooseWorksheet(worksheet: { id: string; title: string; version: string }): void {
		const { id, version } = this.sheet.context.worksheet;
		if (worksheet.id !== id || worksheet.version !== version) this.#input.onworksheet?.(worksheet);
	}

	share(): void {
		if (this.abilities.share) this.#input.onshare();
	}
	send(): void {
		if (this.abilities.send) this.#input.onsend();
	}
	sign(andNext: boolean): void {
		if (this.abilities.sign) this.signing.begin(andNext);
	}

	commands(): Command[] {
		const group = m.room_keys();
		const focusedField = () => this.sheet.focused;
		const canEdit = () => !this.readOnly;
		return [
			{
				id: 'room.find',
				label: m.room_find_field(),
				group,
				keys: ['/'],
				run: () => {
					this.side = 'sheet';
					this.sheetOpen = true;
					this.finding = true;
				}
			},
			// The fields take these themselves; they stand here so that `?` tells them.
			...fieldKeys(),
			{
				id: 'room.next',
				label: m.room_next_study(),
				group,
				keys: ['j'],
				run: () => this.#input.onstep(1)
			},
			{
				id: 'room.previous',
				label: m.room_previous_study(),
				group,
				keys: ['k'],
				run: () => this.#input.onstep(-1)
			},
			{
				id: 'room.prior-report',
				label: m.room_prior_report(),
				group,
				keys: ['r'],
				run: () => this.show('prior')
			},
			{
				id: 'room.preview',
				label: m.room_preview(),
				group,
				keys: ['q'],
				run: () => this.show('preview')
			},
			{
				id: 'room.sheet',
				label: m.room_toggle_sheet(),
				group,
				keys: ['\\'],
				run: () => (this.sheetOpen = !this.sheetOpen)
			},
			{
				id: 'room.normal',
				label: m.room_normal(),
				group,
				keys: ['n'],
				enabled: canEdit,
				run: () => void this.sheet.assertNormal()
			},
			...this.#textCommands(),
			{
				id: 'room.unseen',
				label: m.room_not_well_seen(),
				group,
				keys: ['u'],
				enabled: () => canEdit() && this.lastField !== null,
				run: () => this.lastField !== null && this.sheet.notWellSeen(this.lastField)
			},
			{
				id: 'room.unseen-here',
				label: m.room_not_well_seen_here(),
				group,
				keys: ['alt+u'],
				whileTyping: true,
				enabled: () => canEdit() && focusedField() !== null,
				run: () => this.sheet.notWellSeen(focusedField() as string)
			},
			{
				id: 'room.caliper',
				label: m.room_caliper_take(),
				group,
				keys: ['i'],
				enabled: () => this.measuring.likely !== null,
				run: this.measuring.takeLikely
			},
			{
				id: 'room.beat',
				label: m.room_caliper_beat(),
				group,
				keys: ['shift+i'],
				enabled: () => this.measuring.beats > 0,
				run: this.measuring.takeBeat
			},
			{
				id: 'room.measure',
				label: m.room_measure_field(),
				group,
				keys: ['shift+m'],
				enabled: () =>
					this.measuring.guide !== null || (canEdit() && this.measuring.canMeasure(this.lastField)),
				run: () => {
					if (this.measuring.guide) this.measuring.skip();
					else if (this.lastField) this.measuring.begin(this.lastField);
				}
			},
			{
				id: 'room.measure-here',
				label: m.room_measure_here(),
				group,
				keys: ['alt+m'],
				whileTyping: true,
				enabled: () => canEdit() && this.measuring.canMeasure(focusedField()),
				run: () => {
					const field = focusedField();
					if (field === null) return;
					// The next keys are for the picture: another tool, another frame, the end.
					if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
					this.measuring.begin(field);
				}
			},
			{
				id: 'room.measure-end',
				label: m.room_measure_end(),
				group,
				keys: ['Escape'],
				enabled: () => this.measuring.guide !== null && this.viewer.draft === null,
				run: this.measuring.end
			},
			{
				id: 'room.comment',
				label: m.room_comment(),
				group,
				keys: ['c'],
				run: () => (this.talking = !this.talking)
			},
			{
				id: 'room.undo',
				label: m.room_undo_mine(),
				group,
				keys: ['mod+z'],
				enabled: () => canEdit() && this.sheet.canUndo,
				run: this.sheet.undo
			},
			{
				id: 'room.redo',
				label: m.room_redo(),
				group,
				keys: ['mod+shift+z'],
				enabled: () => canEdit() && this.sheet.canRedo,
				run: this.sheet.redo
			},
			{
				id: 'room.worksheet',
				label: m.room_worksheet_change(),
				group,
				keys: ['shift+w'],
				enabled: () => this.mayChooseWorksheet,
				run: () => (this.choosing = true)
			},
			{
				id: 'room.share',
				label: m.room_share(),
				group,
				keys: [],
				enabled: () => this.abilities.share,
				run: () => this.share()
			},
			{
				id: 'room.sign',
				label: m.sign_now(),
				group,
				keys: ['mod+Enter'],
				whileTyping: true,
				enabled: () => this.abilities.sign,
				run: () => (this.signing.open ? void this.signing.byPassword() : this.sign(false))
			},
			{
				id: 'room.sign-next',
				label: m.sign_and_next(),
				group,
				keys: ['mod+shift+Enter'],
				whileTyping: true,
				enabled: () => this.abilities.sign && !this.signing.open,
				run: () => this.sign(true)
			}
		];
	}

	/** Presets, the prior's report, and one line for every macro in the command palette. */
	#textCommands(): Command[] {
		const { texts } = this.sheet;
		const group = m.room_keys();
		return [
			{
				id: 'room.note-close',
				label: m.room_note_close(),
				group,
				keys: ['Escape'],
				enabled: () => this.sheet.note !== null,
				run: () => (this.sheet.note = null)
			},
			{
				id: 'room.presets',
				label: m.room_presets(),
				group,
				keys: ['shift+n'],
				enabled: () => texts.mayWrite,
				run: () => this.showPresets('list')
			},
			{
				id: 'room.preset-save',
				label: m.room_preset_save(),
				group,
				keys: [],
				enabled: () => texts.mayWrite,
				run: () => this.showPresets('save')
			},
			{
				id: 'room.carry',
				label: m.room_carry_all(),
				group,
				keys: ['b'],
				enabled: () => texts.mayWrite && texts.carry !== null,
				run: () => texts.carryForward()
			},
			{
				id: 'room.confirm',
				label: m.room_carried_confirm_next(),
				group,
				keys: ['y'],
				enabled: () => texts.unconfirmed.length > 0,
				run: () => this.#confirmNext()
			},
			...texts.macros.map((macro) => ({
				id: `room.macro-${macro.id}`,
				label: `.${macro.abbreviation} ${macro.title}`,
				group: m.room_macros(),
				keys: [],
				enabled: () => this.sheet.rights.interpretation,
				run: () => texts.typing.insert(macro)
			})),
			...texts.presets.map((preset) => ({
				id: `room.preset-${preset.id}`,
				label: preset.title,
				group: m.room_presets(),
				keys: [],
				enabled: () => texts.mayWrite,
				run: () => texts.applyPreset(preset)
			}))
		];
	}

	showPresets(what: 'list' | 'save'): void {
		this.side = 'sheet';
		this.sheetOpen = true;
		this.presets = what;
	}

	/** Confirms what has the focus, and goes on to the next; from elsewhere it goes to the first. */
	#confirmNext(): void {
		const buttons = () => [
			...document.querySelectorAll<HTMLElement>('[data-sheet] [data-confirm]')
		];
		const here = document.activeElement;
		const at = buttons().findIndex((button) => button === here);
		if (at >= 0) buttons()[at]?.click();
		this.side = 'sheet';
		this.sheetOpen = true;
		void tick().then(() => {
			const next = buttons()[Math.max(0, at)] ?? buttons()[0];
			next?.focus({ preventScroll: true });
			next?.scrollIntoView({ block: 'center' });
		});
	}

	/** The field that has or last had the focus: what `U` means when nothing is being typed. */
	#last = $state<string | null>(null);
	get lastField(): string | null {
		return this.sheet.focused ?? this.#last;
	}
	remember(field: string | null): void {
		if (field !== null) this.#last = field;
		this.live.setField(field);
	}
}

function fieldKeys(): Command[] {
	const keys: [string, string, string[]][] = [
		['next', m.room_key_next_field(), ['Enter', 'ArrowDown']],
		['back', m.room_key_field_before(), ['shift+Enter', 'ArrowUp']],
		['choose', m.room_key_choose_value(), ['alt+1', 'alt+2']],
		['trend', m.room_key_trend(), ['alt+t']]
	];
	return keys.map(([id, label, keys]) => ({
		id: `room.field-${id}`,
		label,
		group: m.room_keys_in_field(),
		keys,
		enabled: () => false,
		run: () => {}
	}));
}
