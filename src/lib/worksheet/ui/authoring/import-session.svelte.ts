import { errorOf, trpc } from '$lib/trpc.ts';
import { keepDraft } from './kept-draft.ts';
import { readTemplate } from './template-file.ts';

type Made = Awaited<ReturnType<typeof trpc.worksheets.importFile.mutate>>;

/** A template of another system on its way in: chosen, read, told, opened. */
export class ImportSession {
	#made = $state.raw<Made | null>(null);
	#name = $state('');
	#wrong = $state('');
	#busy = $state(false);
	#asked = 0;

	get made(): Made | null {
		return this.#made;
	}
	/** Of the file. */
	get name(): string {
		return this.#name;
	}
	/** Why the file is no template, in words. */
	get wrong(): string {
		return this.#wrong;
	}
	get busy(): boolean {
		return this.#busy;
	}

	/** The last of several files counts. */
	readonly take = async (file: File): Promise<void> => {
		const mine = ++this.#asked;
		this.#made = null;
		this.#wrong = '';
		this.#name = file.name;
		this.#busy = true;
		const read = await readTemplate(file);
		let made: Made | null = null;
		let wrong = 'wrong' in read ? read.wrong : '';
		if ('text' in read)
			try {
				const name = file.name.slice(0, 200);
				made = await trpc.worksheets.importFile.mutate({ name, text: read.text });
			} catch (error) {
				const { detail, message } = errorOf(error);
				wrong = detail ?? message;
			}
		if (mine !== this.#asked) return;
		this.#made = made;
		this.#wrong = wrong;
		this.#busy = false;
	};

	/** Keeps what was read as a draft. @returns where it is edited. */
	readonly open = (): string | null => {
		if (!this.#made) return null;
		keepDraft(this.#made.id, this.#made.source);
		return `/admin/worksheets/${this.#made.id}/edit`;
	};
}
