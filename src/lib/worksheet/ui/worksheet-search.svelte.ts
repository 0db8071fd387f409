import { errorOf, trpc, type ClientError } from '$lib/trpc.ts';

type Answer = Awaited<ReturnType<typeof trpc.worksheets.list.query>>;
export type WorksheetRow = Answer['rows'][number];

/** Waits for a pause in typing (ms). */
const pause = 120;

/** A search in the server's list of worksheets: the page shown, and more of it on request. */
export class WorksheetSearch {
	readonly #limit: number;
	readonly #near: string[];
	#text = $state('');
	#group = $state<string | null>(null);
	#modality = $state<string | null>(null);
	#maturity = $state<WorksheetRow['maturity'] | null>(null);
	#rows = $state.raw<readonly WorksheetRow[]>([]);
	#groups = $state.raw<Answer['groups']>([]);
	#modalities = $state.raw<readonly string[]>([]);
	#mayAuthor = $state(false);
	#total = $state<number | null>(null);
	#error = $state.raw<ClientError | null>(null);
	#asked = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** @param near modalities whose worksheets come first. */
	constructor({ limit = 50, near = [] }: { limit?: number; near?: readonly string[] } = {}) {
		this.#limit = limit;
		this.#near = [...near];
	}

	get text() {
		return this.#text;
	}
	set text(text: string) {
		this.#text = text;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.load(), pause);
	}
	get group() {
		return this.#group;
	}
	set group(group: string | null) {
		this.#group = group;
		void this.load();
	}
	get modality() {
		return this.#modality;
	}
	set modality(modality: string | null) {
		this.#modality = modality;
		void this.load();
	}
	get maturity() {
		return this.#maturity;
	}
	set maturity(maturity: WorksheetRow['maturity'] | null) {
		this.#maturity = maturity;
		void this.load();
	}
	get rows() {
		return this.#rows;
	}
	get groups() {
		return this.#groups;
	}
	/** Every modality that any worksheet is for. */
	get modalities() {
		return this.#modalities;
	}
	get mayAuthor() {
		return this.#mayAuthor;
	}
	/** Null until the first answer. */
	get total() {
		return this.#total;
	}
	get error() {
		return this.#error;
	}
	get hasMore(): boolean {
		return this.#total !== null && this.#rows.length < this.#total;
	}

	readonly load = (): Promise<void> => this.#ask(0);
	readonly more = (): Promise<void> => this.#ask(this.#rows.length);

	/** An answer that was overtaken by a later question is dropped. */
	async #ask(skip: number): Promise<void> {
		const mine = ++this.#asked;
		try {
			const answer = await trpc.worksheets.list.query({
				text: this.#text,
				group: this.#group,
				modality: this.#modality,
				maturity: this.#maturity,
				near: this.#near,
				skip,
				limit: this.#limit
			});
			if (mine !== this.#asked) return;
			this.#rows = skip === 0 ? answer.rows : [...this.#rows, ...answer.rows];
			this.#groups = answer.groups;
			this.#modalities = answer.modalities;
			this.#mayAuthor = answer.mayAuthor;
			this.#total = answer.total;
			this.#error = null;
		} catch (error) {
			if (mine === this.#asked) this.#error = errorOf(error);
		}
	}
}
