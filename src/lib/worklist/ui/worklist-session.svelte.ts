/* eslint svelte/prefer-svelte-reactivity: off -- sets, maps and dates here are replaced whole, never changed */
import { errorOf, type ClientError } from '$lib/trpc.ts';
import { workListFilterSchema, type WorkListFilter, type WorkListGroup } from '../filter.ts';
import type { StudyId } from '../../ids.ts';
import type { WorkListRow } from '../row.ts';

export interface Page {
	rows: readonly WorkListRow[];
	/** Where the next page begins; null: this was the last. */
	next: string | null;
}

/** Where rows come from; the page gives tRPC, a test an array. */
export interface WorkListSource {
	page(
		input: { filter: WorkListFilter; cursor: string | null },
		signal: AbortSignal
	): Promise<Page>;
	counts(): Promise<WorkListCounts>;
	/** Who is in these studies now; absent for those who may not know. */
	people?(studyIds: readonly StudyId[]): Promise<Presence>;
	/** One line as it is now; null when it is no longer in this person's list. */
	row?(studyId: StudyId): Promise<WorkListRow | null>;
}

export type WorkListCounts = Partial<Record<WorkListGroup | 'critical', number>>;

export type Presence = Partial<Record<StudyId, readonly { id: string; name: string }[]>>;

export interface SavedView {
	name: string;
	filter: WorkListFilter;
}

/** Letters come faster than answers; this long after the last one is asked (ms). */
const typingPause = 150;
/** Lines for which is asked who is in them; those far down are not looked at. */
const mostAsked = 500;

/**
 * The work list. Rows that are on the screen never move by themselves: what arrives meanwhile is
 * counted in `fresh`, and shown when the person asks for it.
 */
export class WorkListSession {
	readonly #source: WorkListSource;
	#filter = $state.raw<WorkListFilter>(workListFilterSchema.parse({}));
	#rows = $state.raw<readonly WorkListRow[]>([]);
	#next = $state.raw<string | null>(null);
	#state = $state<'loading' | 'ready' | 'failed'>('loading');
	#more = $state(false);
	#error = $state.raw<ClientError | null>(null);
	#fresh = $state(0);
	#people = $state.raw<Presence>({});
	#counts = $state.raw<WorkListCounts>({});
	#groupBefore: WorkListGroup = workListFilterSchema.parse({}).group;
	#request: AbortController | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	/** The row under the keys; -1: none. */
	current = $state(-1);
	now = $state.raw(new Date());

	constructor(source: WorkListSource, filter: Partial<WorkListFilter> = {}) {
		this.#source = source;
		this.#filter = workListFilterSchema.parse(filter);
	}

	get filter(): WorkListFilter {
		return this.#filter;
	}
	get rows(): readonly WorkListRow[] {
		return this.#rows;
	}
	get status() {
		return this.#state;
	}
	get error(): ClientError | null {
		return this.#error;
	}
	/** Studies that came since the rows were asked for. */
	get fresh(): number {
		return this.#fresh;
	}
	get counts() {
		return this.#counts;
	}
	/** Who is in a study now. */
	peopleIn(studyId: StudyId): readonly { id: string; name: string }[] {
		return this.#people[studyId] ?? [];
	}
	get hasMore(): boolean {
		return this.#next !== null;
	}
	readonly selected = $derived.by(() => this.#rows[this.current] ?? null);
	/** Something beyond the group narrows the list. */
	readonly isNarrowed = $derived.by(() => {
		const plain = workListFilterSchema.parse({ group: this.#filter.group });
		return JSON.stringify(plain) !== JSON.stringify(this.#filter);
	});

	narrow(change: Partial<WorkListFilter>): void {
		this.#filter = { ...this.#filter, ...change };
		if ('search' in change) {
			if (this.#timer) clearTimeout(this.#timer);
			this.#timer = setTimeout(() => void this.load(), typingPause);
		} else void this.load();
	}

	/**
	 * Open critical results are of all groups: most of them are signed, and in none but "all". Pressed
	 * again it is the group from before.
	 */
	readonly toggleCritical = (): void => {
		if (this.#filter.critical) this.narrow({ critical: null, group: this.#groupBefore });
		else {
			this.#groupBefore = this.#filter.group;
			this.narrow({ critical: true, group: 'all' });
		}
	};

	/** Asks anew from the top. An answer that was overtaken is dropped. */
	readonly load = async (): Promise<void> => {
		this.#request?.abort();
		const request = new AbortController();
		this.#request = request;
		if (this.#rows.length === 0) this.#state = 'loading';
		try {
			const page = await this.#source.page({ filter: this.#filter, cursor: null }, request.signal);
			if (request.signal.aborted) return;
			const selected = this.selected?.studyId;
			this.#rows = page.rows;
			this.#next = page.next;
			this.#fresh = 0;
			this.#error = null;
			this.#state = 'ready';
			this.current = selected ? page.rows.findIndex((row) => row.studyId === selected) : -1;
			void this.lookWho();
			this.#counts = await this.#source.counts();
		} catch (error) {
			if (request.signal.aborted) return;
			this.#error = errorOf(error);
			if (this.#rows.length === 0) this.#state = 'failed';
		}
	};

	readonly loadMore = async (): Promise<void> => {
		if (this.#more || this.#next === null) return;
		this.#more = true;
		const { signal } = (this.#request ??= new AbortController());
		try {
			const page = await this.#source.page({ filter: this.#filter, cursor: this.#next }, signal);
			if (signal.aborted) return;
			const known = new Set(this.#rows.map((row) => row.studyId));
			this.#rows = [...this.#rows, ...page.rows.filter((row) => !known.has(row.studyId))];
			this.#next = page.next;
			void this.lookWho();
		} catch (error) {
			if (!signal.aborted) this.#error = errorOf(error);
		} finally {
			this.#more = false;
		}
	};

	/** Looks whether something came, and brings the rows that are shown up to date in place. */
	async look(): Promise<void> {
		this.now = new Date();
		if (this.#state !== 'ready') return;
		try {
			const { signal } = new AbortController();
			const page = await this.#source.page({ filter: this.#filter, cursor: null }, signal);
			const known = new Set(this.#rows.map((row) => row.studyId));
			const newer = new Map(page.rows.map((row) => [row.studyId, row]));
			this.#fresh = page.rows.filter((row) => !known.has(row.studyId)).length;
			this.#rows = this.#rows.map((row) => newer.get(row.studyId) ?? row);
			this.#error = null;
			this.#counts = await this.#source.counts();
			await this.lookWho();
		} catch (error) {
			this.#error = errorOf(error);
		}
	}

	/** Asks who is where. Not knowing is no failure of the list: the faces stay as they were. */
	async lookWho(): Promise<void> {
		const ids = this.#rows.slice(0, mostAsked).map((row) => row.studyId);
		if (!this.#source.people || ids.length === 0) return;
		const people = await this.#source.people(ids).catch(() => null);
		if (people) this.#people = people;
	}

	/** Brings one line up to date in place; it stays where it is, whatever became of it. */
	async refresh(studyId: StudyId): Promise<void> {
		const row = await this.#source.row?.(studyId).catch(() => null);
		if (row) this.#rows = this.#rows.map((old) => (old.studyId === studyId ? row : old));
		this.#counts = await this.#source.counts().catch(() => this.#counts);
	}

	step(by: number): void {
		if (this.#rows.length === 0) return;
		this.current = Math.min(this.#rows.length - 1, Math.max(0, this.current + by));
	}
}
