import type { Pane } from './page/main.ts';

/** What the reading room gives to the sheet; `tests/e2e/sheet-width.spec.ts` compares with the room. */
export interface Screen {
	name: string;
	viewport: Pane;
	pane: Pane;
}

export const screens: readonly Screen[] = [
	// Half of the room, less the line between the halves.
	{
		name: '1024 px',
		viewport: { width: 1024, height: 768 },
		pane: { width: 511, height: 600 }
	},
	{
		name: 'a tablet held upright',
		viewport: { width: 820, height: 1180 },
		pane: { width: 820, height: 500 }
	}
];
