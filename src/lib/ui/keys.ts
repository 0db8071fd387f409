/**
 * Keys are written `mod+shift+Enter`, `j`, `?`: `mod` is ⌘ on a Mac and Ctrl elsewhere. A letter
 * means the character that was typed, so that layouts other than QWERTY keep their letters.
 */
export interface KeyPress {
	key: string;
	ctrlKey: boolean;
	metaKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
}

export interface Command {
	id: string;
	/** What it does, as `?` and the palette say it. */
	label: string;
	group: string;
	/** Any of these. */
	keys: readonly string[];
	/** Also while a person is typing in a field. */
	whileTyping?: boolean;
	/** Absent: always. */
	enabled?: () => boolean;
	run: () => void;
}

export const isMac = (): boolean =>
	typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

export function matchesKeys(keys: string, press: KeyPress, mac = isMac()): boolean {
	const parts = keys.split('+');
	const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
	const wants = (name: string) => parts.slice(0, -1).includes(name);
	const mod = mac ? press.metaKey : press.ctrlKey;
	const otherMod = mac ? press.ctrlKey : press.metaKey;
	if (wants('mod') !== mod || otherMod || wants('alt') !== press.altKey) return false;
	const letter = key.length === 1;
	if (letter && press.key.toLowerCase() !== key.toLowerCase()) return false;
	if (!letter && press.key !== (key === 'Space' ? ' ' : key)) return false;
	// `?` and its like need Shift on some keyboards and not on others.
	const isSign = letter && key.toLowerCase() === key.toUpperCase();
	return isSign || wants('shift') === press.shiftKey;
}

/** A person is writing: letters belong to the text, not to commands. */
export function isTyping(target: EventTarget | null): boolean {
	if (!(target instanceof HTMLElement)) return false;
	if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
	if (target instanceof HTMLSelectElement) return true;
	return (
		target instanceof HTMLInputElement &&
		!['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
	);
}

/**
 * A key that the control under it takes: Enter presses a button and follows a link, and letters look
 * for an entry in an open menu.
 */
export function belongsToControl(event: KeyboardEvent): boolean {
	const { target } = event;
	if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) {
		return false;
	}
	if (target.closest('[role="menu"], [role="listbox"]')) return true;
	return event.key === 'Enter' && target.closest('button, a[href], summary') !== null;
}

const signs: Record<string, [other: string, mac: string]> = {
	mod: ['Ctrl', '⌘'],
	shift: ['⇧', '⇧'],
	alt: ['Alt', '⌥'],
	Enter: ['↵', '↵'],
	Escape: ['Esc', 'esc'],
	ArrowUp: ['↑', '↑'],
	ArrowDown: ['↓', '↓'],
	ArrowLeft: ['←', '←'],
	ArrowRight: ['→', '→']
};

export function keysAsShown(keys: string, mac = isMac()): string {
	return keys
		.split('+')
		.map((part) => signs[part]?.[mac ? 1 : 0] ?? (part.length === 1 ? part.toUpperCase() : part))
		.join(mac ? '' : ' ');
}
