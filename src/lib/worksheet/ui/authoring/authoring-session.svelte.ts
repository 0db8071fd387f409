import { m } from '$lib/paraglide/messages.js';
import { errorOf, trpc, type ClientError } from '$lib/trpc.ts';
import type { ResolvedWorksheet } from '../../definition.ts';
import type { Difference } from '../../difference.ts';
import type { Problem } from '../../source-files.ts';
import type { PatientFacts } from '../../evaluation.ts';
import { longestSource } from '../../check-limits.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';

type Source = Awaited<ReturnType<typeof trpc.worksheets.source.query>>;

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
		keepDraft(this.id, text);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.check(), pause);
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

	discard(): void {
		this.text = this.#source.source;
		forgetDraft(this.id);
	}

	destroy(): void {
		clearTimeout(this.#timer);
	}
}
