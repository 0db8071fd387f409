/** Viewports on the screen. */
export const layouts = [1, 2, 4] as const;
export type Layout = (typeof layouts)[number];

/** Rows and columns of the grid; on a tall screen two viewports stand above each other. */
export function gridOf(layout: Layout, tall: boolean): { rows: number; columns: number } {
	if (layout === 1) return { rows: 1, columns: 1 };
	if (layout === 4) return { rows: 2, columns: 2 };
	return tall ? { rows: 2, columns: 1 } : { rows: 1, columns: 2 };
}
