import type { PrintedValue } from '$lib/report/version.ts';

/** A line of a table: a value, or the heading of the row of a repeated section: "Nodule 2". */
export type Row = PrintedValue | { heading: string };

export interface Part {
	title: string;
	rows: Row[];
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

/**
 * The values of a repeated section under the name of their row, each by its column. Rows that hold
 * the same single value stand under the name of that column instead.
 */
export function underHeadings(values: readonly PrintedValue[]): Row[] {
	const inRow = countBy(values, ({ row }) => row?.label);
	const isSingle = ({ row }: PrintedValue) => row !== undefined && inRow.get(row.label) === 1;
	const singles = countBy(values.filter(isSingle), ({ row }) => row?.column);
	let current: string | null = null;
	return values.flatMap((value): Row[] => {
		const { row } = value;
		const lone = isSingle(value);
		if (!row || (lone && (singles.get(row.column) ?? 0) < 2)) {
			current = null;
			return [value];
		}
		const [heading, label] = lone ? [row.column, row.label] : [row.label, row.column];
		const opens = heading !== current;
		current = heading;
		const line = { ...value, label };
		return opens ? [{ heading }, line] : [line];
	});
}

function countBy(
	values: readonly PrintedValue[],
	key: (value: PrintedValue) => string | undefined
): Map<string, number> {
	const counts = new Map<string, number>();
	for (const value of values) {
		const name = key(value);
		if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return counts;
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
			const count = withoutLoneHeading(part.rows, rowsThatGo(part.rows.length, room, y === 0));
			if (count === 0) break;
			placed.push({ part: { ...part, rows: part.rows.slice(0, count) }, column, y });
			y += heightOf(count, sizes);
			reached = Math.max(reached, y);
			if (count === part.rows.length) rest.shift();
			else rest[0] = { ...part, rows: resumed(part.rows.slice(count)), continued: true };
		}
	}
	return { placed, rest, height: reached };
}

/** A row that is torn says again which one it is: "Size" alone could be anybody's. */
function resumed(rows: readonly Row[]): Row[] {
	const [first] = rows;
	if (!first || 'heading' in first || !first.row) return [...rows];
	const { label, column } = first.row;
	const heading = first.label === column ? label : first.label === label ? column : null;
	return heading === null ? [...rows] : [{ heading: `${heading} (cont.)` }, ...rows];
}

/** A heading does not end a column: it goes with the value under it. */
function withoutLoneHeading(rows: readonly Row[], count: number): number {
	const last = rows[count - 1];
	return count > 1 && count < rows.length && last && 'heading' in last ? count - 1 : count;
}

/** A whole table, or enough of a long one that neither part is a scrap. */
function rowsThatGo(rows: number, room: number, atTop: boolean): number {
	if (rows <= room) return rows;
	const part = Math.min(room, rows - least);
	if (part >= least) return part;
	// At the top of a column something must go, or the page would never end.
	return atTop && room > 0 ? room : 0;
}
