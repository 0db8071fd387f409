import type { Annotation } from '$lib/collab/report-doc.ts';
import type { MeasuringTool } from '$lib/viewer/measurement.ts';
import { isMeasuringTool } from '$lib/viewer/measuring/drawing.ts';
import type { Tool, ViewerSession } from '$lib/viewer/ui/viewer-session.svelte.ts';
import { beatsIn, isOf } from '$lib/worksheet/beats.ts';
import { convert } from '$lib/worksheet/units.ts';
import type { FieldRow } from '$lib/worksheet/ui/rows.ts';
import type { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import { offeredBy, quantityFor, toolFor, type OfferedQuantity } from './caliper-offer.ts';

export interface FieldOffer {
	row: FieldRow;
	quantity: OfferedQuantity;
	/** In the field's unit, as it would stand there. */
	text: string;
}

/** Of a drawing and its number one is gone and one is left. */
export interface Parted {
	left: 'value' | 'drawing';
	label: string;
	/** Takes the other one away as well. */
	remove: () => void;
}

interface MeasuringInput {
	sheet: WorksheetSession;
	viewer: ViewerSession;
	readOnly: () => boolean;
	lastField: () => string | null;
	remember: (fieldId: string) => void;
	/** A field's drawing was deleted, or a drawing's field emptied: the other is asked about. */
	onparted?: (parted: Parted) => void;
}

/** Between the drawings on the pictures and the numbers in the sheet. */
export class Measuring {
	readonly #input: MeasuringInput;
	/** The field that is being measured: what is drawn next goes there by itself. */
	#guide = $state<string | null>(null);

	constructor(input: MeasuringInput) {
		this.#input = input;
	}

	/** The drawing that is marked in the viewer and whose number stands in no field. */
	readonly caliper: Annotation | null = $derived.by(() => {
		const { viewer, readOnly } = this.#input;
		if (readOnly()) return null;
		const marked = viewer.annotations.find((a) => a.id === viewer.highlighted);
		return marked && !this.#fieldOf(marked) ? marked : null;
	});

	readonly offered: readonly OfferedQuantity[] = $derived.by(() =>
		this.caliper ? this.#offeredBy(this.caliper) : []
	);

	/** Fields that one of its numbers may go into, those of the focus first. */
	readonly fields: readonly FieldOffer[] = $derived.by(() => {
		const fits = this.#input.sheet.measuredFields.flatMap((row) => this.#offerFor(row) ?? []);
		const last = this.#input.lastField();
		return [...fits.filter(({ row }) => row.id === last), ...fits.filter((f) => f.row.id !== last)];
	});

	/** The field that has or had the focus is most likely the one that is meant. */
	readonly likely: FieldOffer | null = $derived.by(() => {
		const [first] = this.fields;
		return first?.row.id === this.#input.lastField() ? first : null;
	});

	/** What stands in the likely field is itself drawn: one more beat may join it. */
	readonly beats: number = $derived.by(() => {
		const entry = this.likely?.row.entry;
		return entry ? beatsIn(entry).length : 0;
	});

	get guide(): FieldRow | null {
		return this.#guide === null ? null : (this.#input.sheet.rows.get(this.#guide) ?? null);
	}

	/** The field in which its number stands now; it was typed over, emptied or never put anywhere: null. */
	#fieldOf({ id, field }: Annotation): FieldRow | null {
		const row = field === null ? undefined : this.#input.sheet.rows.get(field);
		return row?.entry && beatsIn(row.entry).some((beat) => isOf(beat, [id])) ? row : null;
	}

	#offeredBy(annotation: Annotation): readonly OfferedQuantity[] {
		const { viewer } = this.#input;
		return offeredBy(annotation, viewer.annotations, (uid) => viewer.loopFor(uid));
	}

	#offerFor(row: FieldRow): FieldOffer | null {
		const { measurement } = row;
		const quantity = measurement && quantityFor(measurement, this.offered);
		const value = quantity && convert(quantity.value, quantity.unit, measurement.unit ?? '');
		if (!quantity || value === null) return null;
		const shown = measurement.magnitude ? Math.abs(value) : value;
		return { row, quantity, text: `${shown.toFixed(row.decimals)} ${row.unit}` };
	}

	put(offer: FieldOffer, { beat = false } = {}): void {
		if (this.caliper) this.#put(offer.row.id, this.caliper, offer.quantity, beat);
	}
	takeLikely = (): void => void (this.likely && this.put(this.likely));
	takeBeat = (): void => void (this.likely && this.put(this.likely, { beat: true }));

	#put(fieldId: string, caliper: Annotation, quantity: OfferedQuantity, beat: boolean): void {
		const also = quantity.other ? [quantity.other.id] : [];
		const done = this.#input.sheet.setFromCaliper(fieldId, caliper, quantity, { also, beat });
		if (done) this.#input.remember(fieldId);
	}

	/** What was drawn anew and stands in a field takes the field along; a guided one goes to its own. */
	drawn(annotation: Annotation): void {
		if (this.#input.readOnly()) return;
		const own = this.#fieldOf(annotation);
		const row = own ?? this.guide;
		const quantity = row?.measurement && quantityFor(row.measurement, this.#offeredBy(annotation));
		if (!row || !quantity) return;
		this.#put(row.id, annotation, quantity, own !== null);
		if (!own) this.#guideOn(row.id);
	}

	/** Measures a field: its tool comes to hand, and after it the next empty one's. */
	begin(fieldId: string): void {
		const { sheet, viewer } = this.#input;
		const tool = this.#toolOf(fieldId);
		if (!tool || !viewer.canDraw) return;
		this.#guide = fieldId;
		sheet.reveal(fieldId);
		viewer.setTool(tool);
	}

	/** Whether a drawing could fill it. */
	canMeasure(fieldId: string | null): fieldId is string {
		return fieldId !== null && this.#input.viewer.canDraw && this.#toolOf(fieldId) !== null;
	}

	#toolOf(fieldId: string): MeasuringTool | null {
		const row = this.#input.sheet.measuredFields.find(({ id }) => id === fieldId);
		return row?.measurement ? toolFor(row.measurement) : null;
	}

	/** The next empty field after this one that a drawing could fill; none: it is over. */
	#nextOf(fieldId: string): string | null {
		const rows = this.#input.sheet.measuredFields;
		const at = rows.findIndex(({ id }) => id === fieldId);
		const next = rows
			.slice(at + 1)
			.find(
				({ standing, measurement }) => standing === 'empty' && measurement && toolFor(measurement)
			);
		return next?.id ?? null;
	}

	#guideOn(fieldId: string): void {
		const next = this.#nextOf(fieldId);
		if (next) this.begin(next);
		else this.end();
	}
	/** Leaves this field out. */
	skip = (): void => void (this.#guide !== null && this.#guideOn(this.#guide));
	end = (): void => this.#input.viewer.setTool('window');

	/** Whoever puts the measuring tools away measures no field any more. */
	toolChanged(tool: Tool): void {
		if (!isMeasuringTool(tool)) this.#guide = null;
	}

	/** A drawing is gone: the number that it left is asked about. */
	deleted(annotation: Annotation): void {
		const { sheet, onparted } = this.#input;
		const row = this.#fieldOf(annotation);
		if (row) onparted?.({ left: 'value', label: row.label, remove: () => sheet.clear(row.id) });
	}

	/** A field was emptied: the drawing that it had is asked about. */
	cleared(fieldId: string, before: FieldRow['entry']): void {
		const { viewer, onparted, sheet } = this.#input;
		if (before?.source.kind !== 'caliper') return;
		const { annotationId } = before.source;
		if (!viewer.annotations.some(({ id }) => id === annotationId)) return;
		const label = sheet.rows.get(fieldId)?.label ?? fieldId;
		onparted?.({ left: 'drawing', label, remove: () => viewer.remove(annotationId) });
	}
}
