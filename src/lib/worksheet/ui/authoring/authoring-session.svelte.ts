import { m } from '$lib/paraglide/messages.js';
import { errorOf, trpc, type ClientError } from '$lib/trpc.ts';
import type { ResolvedWorksheet } from '../../definition.ts';
import type { Difference } from '../../difference.ts';
import type { Problem } from '../../source-files.ts';
import type { PatientFacts } from '../../evaluation.ts';
import { longestSource } from '../../check-limits.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';
import type { Source } from './open-source.ts';

/** Waits for a pause in typing before the server is asked (ms). */
const pause = 400;
/** The name under which the server tells of the text itself. */
export const ownFile = 'worksheet.yaml';

/** A worksheet on the author's table: the text, what is wrong with it, and what it makes. */
export class AuthoringSession {
	readonly id: string;
	readonly #source: Source;
	#text = $state('');
	#problems = $state.raw<readonly Problem[]>([]);
	#worksheet = $state.raw<ResolvedWorksheet | null>(null);
	#difference = $state.raw<readonly Difference[] | null>(null);
	#checking = $state(true);
	#current = $state(false);
	#error = $state.raw<ClientError | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked = 0;
	/** A text from an earlier visit was taken up. */
	readonly resumed: boolean;
	facts = $state.raw<PatientFacts>({ sex: 'female', ageYears: 60 });

	constructor(id: string, source: Source) {
		this.id = id;
		this.#source = source;
		const kept = keptDraft(id);
		this.resumed = kept !== null && kept !== source.source;
		this.#text = kept ?? source.source;
		void this.check();
	}

	get text(): string {
		return this.#text;
	}
	set text(text: string) {
		this.#text = text;
		this.#current = false;
		// Back at what is in use, there is no draft; one of nothing else is all that there is.
		if (text === this.#source.source && !this.isNew) forgetDraft(this.id);
		else keepDraft(this.id, text);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.check(), pause);
	}
	/** Nothing of this id was ever in use: the text lives in this browser alone. */
	get isNew(): boolean {
		return this.#source.steps.length === 0 && !this.#source.inLibrary;
	}
	get published(): Source {
		return this.#source;
	}
	get problems(): readonly Problem[] {
		return this.#problems;
	}
	/** The last text that was in order; the form shows it while another is being typed. */
	get worksheet(): ResolvedWorksheet | null {
		return this.#worksheet;
	}
	/** Null when nothing of this id is in use. */
	get difference(): readonly Difference[] | null {
		return this.#difference;
	}
	get checking(): boolean {
		return this.#checking;
	}
	get error(): ClientError | null {
		return this.#error;
	}
	/** What stands there now was checked and is in order. */
	get mayPublish(): boolean {
		return this.#current && this.#problems.length === 0 && this.#worksheet !== null;
	}

	readonly check = async (): Promise<void> => {
		const text = this.#text;
		if (text.length > longestSource) {
			const what = m.ws_too_long({ size: text.length, most: longestSource });
			this.#problems = [{ file: ownFile, line: 1, what, remedy: '' }];
			this.#checking = false;
			return;
		}
		const mine = ++this.#asked;
		this.#checking = true;
		try {
			const answer = await trpc.worksheets.check.mutate({ source: text });
			if (mine !== this.#asked) return;
			this.#problems = answer.problems;
			if (answer.worksheet) {
				// A comment or a blank line makes no other form: the one that stands there stays.
				if (JSON.stringify(answer.worksheet) !== JSON.stringify(this.#worksheet))
					this.#worksheet = answer.worksheet;
				this.#difference = answer.difference;
			}
			this.#current = text === this.#text;
			this.#error = null;
		} catch (error) {
			if (mine === this.#asked) this.#error = errorOf(error);
		} finally {
			if (mine === this.#asked) this.#checking = false;
		}
	};

	/** Writes a shared section out in the text. @returns words when it cannot be. */
	async writeOut(index: number): Promise<string | null> {
		try {
			const { source } = await trpc.worksheets.writeOut.mutate({ source: this.#text, index });
			this.text = source;
			return null;
		} catch (error) {
			const { detail, message } = errorOf(error);
			return detail ?? message;
		}
	}

	/** @throws what the server says. */
	async publish(note: string) {
		const published = await trpc.worksheets.publish.mutate({ source: this.#text, note });
		forgetDraft(this.id);
		return published;
	}

	/** Back to what is in use. A draft of nothing is put away, and may be taken out again. */
	discard(): void {
		if (this.isNew) forgetDraft(this.id);
		else this.text = this.#source.source;
	}
	keep(): void {
		keepDraft(this.id, this.#text);
	}

	destroy(): void {
		clearTimeout(this.#timer);
	}
}
