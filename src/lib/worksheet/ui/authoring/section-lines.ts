/** A shared section that a worksheet's text names, by its place in the list. */
export interface SharedSection {
	index: number;
	path: string;
}

/**
 * The shared sections of a text, read line by line: good enough for a menu, also while the text is
 * not in order. The server reads it properly.
 */
export function sectionLines(text: string): SharedSection[] {
	const lines = text.split('\n');
	const start = lines.findIndex((line) => /^sections:\s*$/.test(line));
	if (start < 0) return [];
	const found: SharedSection[] = [];
	let index = -1;
	let indent: number | null = null;
	for (const line of lines.slice(start + 1)) {
		if (/^\S/.test(line) && !line.startsWith('-') && !line.startsWith('#')) break;
		const item = /^(\s*)-\s+(.*)$/.exec(line);
		if (!item) continue;
		const [, spaces = '', content = ''] = item;
		indent ??= spaces.length;
		if (spaces.length !== indent) continue;
		index += 1;
		const path = /^(?:use:\s*)?['"]?([a-z0-9-]+(?:\/[a-z0-9-]+)+)['"]?\s*$/.exec(content)?.[1];
		if (path) found.push({ index, path });
	}
	return found;
}
