import type { PrintedValue } from '$lib/report/version.ts';

export interface Part {
	title: string;
	rows: PrintedValue[];
	/** The rest of a table that began in the column before. */
	continued: boolean;
}

export interface Flow {
	placed: { part: Part; column: 0 | 1; y: number }[];
	/** What found no room and goes to the next page. */
	rest: Part[];
	/** How far down the two columns reach. */
	height: number;
}

interface Sizes {
	row: number;
	gap: number;
}

/** So few rows are not torn from their table. */
const least = 4;

/**
 * Tables into two columns of one page, down the first and then the second. When everything that is
 * left fits, the columns end at about the same height.
 */
export function flowTables(tables: readonly Part[], height: number, sizes: Sizes): Flow {
	const total = tables.reduce((sum, { rows }) => sum + heightOf(rows.length, sizes), 0);
	for (let limit = total / 2; limit < height; limit += sizes.row) {
		const flow = fill(tables, limit, sizes);
		if (flow.rest.length === 0) return flow;
	}
	return fill(tables, height, sizes);
}

const heightOf = (rows: number, { row, gap }: Sizes) => (rows + 1) * row + gap;

function fill(tables: readonly Part[], limit: number, sizes: Sizes): Flow {
	const rest = [...tables];
	const placed: Flow['placed'] = [];
	let reached = 0;
	for (const column of [0, 1] as const) {
		let y = 0;
		for (let part = rest[0]; part; part = rest[0]) {
			const room = Math.floor((limit - y + 0.01) / sizes.row) - 1;
			const count = rowsThatGo(part.rows.length, room, y === 0);
			if (count === 0) break;
			placed.push({ part: { ...part, rows: part.rows.slice(0, count) }, column, y });
			y += heightOf(count, sizes);
			reached = Math.max(reached, y);
			if (count === part.rows.length) rest.shift();
			else rest[0] = { ...part, rows: part.rows.slice(count), continued: true };
		}
	}
	return { placed, rest, height: reached };
}

/** A whole table, or enough of a long one that neither part is a scrap. */
function rowsThatGo(rows: number, room: number, atTop: boolean): number {
	if (rows <= room) return rows;
	const part = Math.min(room, rows - least);
	if (part >= least) return part;
	// At the top of a column something must go, or the page would never end.
	return atTop && room > 0 ? room : 0;
}
