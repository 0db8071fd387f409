/** Unpublished text in this browser: a worksheet holds no patient's data, and closing a tab loses none. */
const key = (id: string) => `readroom.worksheet-draft.${id}`;

export function keptDraft(id: string): string | null {
	try {
		return localStorage.getItem(key(id));
	} catch {
		return null;
	}
}

export function keepDraft(id: string, text: string): void {
	try {
		localStorage.setItem(key(id), text);
	} catch {
		// A full or forbidden store: the text lives in the tab.
	}
}

export function forgetDraft(id: string): void {
	try {
		localStorage.removeItem(key(id));
	} catch {
		// As above.
	}
}
