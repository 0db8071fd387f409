/** Unpublished text in this browser: a worksheet holds no patient's data, and closing a tab loses none. */
const prefix = 'readroom.worksheet-draft.';
const key = (id: string) => prefix + id;

export function keptDraft(id: string): string | null {
	try {
		return localStorage.getItem(key(id));
	} catch {
		return null;
	}
}

/** Ids of all worksheets with unpublished text, in the order of the alphabet. */
export function keptDrafts(): string[] {
	try {
		return Object.keys(localStorage)
			.filter((each) => each.startsWith(prefix))
			.map((each) => each.slice(prefix.length))
			.sort();
	} catch {
		return [];
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
