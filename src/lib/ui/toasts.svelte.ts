export interface Toast {
	id: number;
	tone: 'plain' | 'good' | 'bad';
	text: string;
	/** "Undo", and what it does. */
	action: { label: string; run: () => void } | null;
	/** Null: stays until it is closed. */
	milliseconds: number | null;
}

/** Messages that lie over a corner and push nothing. At most three at once; the oldest leaves. */
export class Toasts {
	#list = $state.raw<readonly Toast[]>([]);
	#next = 1;

	get list(): readonly Toast[] {
		return this.#list;
	}

	say(
		text: string,
		{
			tone = 'plain',
			action = null,
			milliseconds = tone === 'bad' ? null : 6000
		}: Partial<Omit<Toast, 'id' | 'text'>> = {}
	): number {
		const id = this.#next++;
		this.#list = [...this.#list, { id, tone, text, action, milliseconds }].slice(-3);
		return id;
	}

	readonly close = (id: number): void => {
		this.#list = this.#list.filter((toast) => toast.id !== id);
	};
}
