import type { Attachment } from 'svelte/attachments';
import {
	macroFor,
	nextPlaceholder,
	typedAbbreviation,
	typedSearch,
	type FilledMacro,
	type Macro
} from '$lib/report/macro.ts';

type TextBox = HTMLTextAreaElement | HTMLInputElement;

/** What typing needs to know of the sheet's texts. */
interface Texts {
	readonly macros: readonly Macro[];
	fill(macro: Macro): FilledMacro;
}

/** A list of macros open under a text. */
interface Menu {
	box: TextBox;
	/** Where the stroke stands that began the search. */
	from: number;
	query: string;
	index: number;
}

/** More than fits under a text is looked for by typing on. */
const mostShown = 8;

/** Macros while a person types: `.abbreviation` and space, or `/` and a choice. */
export class MacroTyping {
	readonly #texts: Texts;
	menu = $state.raw<Menu | null>(null);
	/** The text that had the cursor last: where the command palette puts a macro. */
	#last: TextBox | null = null;

	constructor(texts: Texts) {
		this.#texts = texts;
	}

	readonly matches: readonly Macro[] = $derived.by(() => {
		if (!this.menu) return [];
		const query = this.menu.query.toLowerCase();
		const rank = ({ abbreviation, title }: Macro) => {
			if (abbreviation.startsWith(query)) return 0;
			return title.toLowerCase().includes(query) || abbreviation.includes(query) ? 1 : 2;
		};
		return this.#texts.macros
			.filter((macro) => rank(macro) < 2)
			.sort((a, b) => rank(a) - rank(b))
			.slice(0, mostShown);
	});

	/** Makes a text understand macros. */
	readonly attach: Attachment<TextBox> = (box) => {
		const listeners = {
			keydown: (event: Event) => this.#key(box, event as KeyboardEvent),
			input: () => this.#look(box),
			focus: () => void (this.#last = box),
			blur: () => this.#close(box)
		};
		for (const [name, listener] of Object.entries(listeners)) box.addEventListener(name, listener);
		return () => {
			for (const [name, listener] of Object.entries(listeners))
				box.removeEventListener(name, listener);
			this.#close(box);
			if (this.#last === box) this.#last = null;
		};
	};

	/** Puts a macro in where the cursor is, or at the end of the conclusion. */
	insert(macro: Macro): void {
		const conclusion = document.querySelector<HTMLTextAreaElement>('[data-conclusion]');
		const box = this.#last?.isConnected ? this.#last : conclusion;
		if (!box) return;
		box.focus();
		if (box === conclusion && this.#last !== box) {
			const gap = box.value === '' || /\s$/.test(box.value) ? '' : ' ';
			box.setSelectionRange(box.value.length, box.value.length);
			this.#put(box, box.value.length, macro, gap);
		} else this.#put(box, box.selectionStart ?? 0, macro);
	}

	choose(macro: Macro): void {
		const { menu } = this;
		if (!menu) return;
		this.menu = null;
		this.#put(menu.box, menu.from, macro);
	}

	#key(box: TextBox, event: KeyboardEvent): void {
		if (box.readOnly || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
		if (this.#menuKey(event) || this.#typed(box, event) || this.#nextPlace(box, event)) {
			event.preventDefault();
			event.stopPropagation();
		}
	}

	#menuKey(event: KeyboardEvent): boolean {
		const { menu, matches } = this;
		if (!menu || matches.length === 0) return false;
		const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (move) {
			this.menu = { ...menu, index: (menu.index + move + matches.length) % matches.length };
			return true;
		}
		if (event.key === 'Escape') this.menu = null;
		else if (event.key === 'Enter' || event.key === 'Tab') {
			const chosen = matches[menu.index];
			if (chosen) this.choose(chosen);
		} else return false;
		return true;
	}

	#typed(box: TextBox, event: KeyboardEvent): boolean {
		if (event.key !== ' ' && event.key !== 'Tab') return false;
		const cursor = box.selectionStart ?? 0;
		if (cursor !== box.selectionEnd) return false;
		const typed = typedAbbreviation(box.value, cursor);
		const macro = typed && macroFor(this.#texts.macros, typed.abbreviation);
		if (!typed || !macro) return false;
		this.#put(box, typed.from, macro, '', event.key === ' ' ? ' ' : '');
		return true;
	}

	/** Tab goes from one open place to the next, and leaves the text when there is none. */
	#nextPlace(box: TextBox, event: KeyboardEvent): boolean {
		if (event.key !== 'Tab' || event.shiftKey) return false;
		const place = nextPlaceholder(box.value, box.selectionEnd ?? 0);
		const isThere = place && place[0] === box.selectionStart && place[1] === box.selectionEnd;
		if (!place || isThere) return false;
		box.setSelectionRange(...place);
		return true;
	}

	/** From `from` to the cursor, as if typed: the browser's own undo takes it back in one. */
	#put(box: TextBox, from: number, macro: Macro, before = '', after = ''): void {
		const { text, select } = this.#texts.fill(macro);
		const atEnd = select[0] === text.length && select[1] === text.length;
		const whole = `${before}${text}${atEnd && !/\s$/.test(text) ? after : ''}`;
		box.setSelectionRange(from, box.selectionEnd ?? from);
		// No other way of writing keeps the browser's undo.
		if (!document.execCommand?.('insertText', false, whole)) {
			box.setRangeText(whole, from, box.selectionEnd ?? from, 'end');
			box.dispatchEvent(new InputEvent('input', { bubbles: true }));
		}
		this.menu = null;
		if (!atEnd)
			box.setSelectionRange(from + before.length + select[0], from + before.length + select[1]);
	}

	#look(box: TextBox): void {
		const cursor = box.selectionStart ?? 0;
		const search = box.readOnly ? null : typedSearch(box.value, cursor);
		this.menu = search && this.#texts.macros.length > 0 ? { box, ...search, index: 0 } : null;
	}

	#close(box: TextBox): void {
		if (this.menu?.box === box) this.menu = null;
	}
}
