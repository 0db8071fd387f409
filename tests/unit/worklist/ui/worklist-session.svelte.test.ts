import { describe, expect, it } from 'vitest';
import type { WorkListRow } from '$lib/worklist/row.ts';
import { WorkListSession, type Page } from '$lib/worklist/ui/worklist-session.svelte.ts';

const row = (id: string) => ({ studyId: id, studyUid: id }) as unknown as WorkListRow;

function listOf(pages: () => Page) {
	return new WorkListSession({ page: async () => pages(), counts: async () => ({}) });
}

describe('a work list', () => {
	it('counts what arrives and moves no row until it is asked to', async () => {
		let rows = [row('a'), row('b')];
		const list = listOf(() => ({ rows, next: null }));
		await list.load();
		rows = [row('new'), row('a'), row('b')];
		await list.look();
		expect(list.rows.map((r) => r.studyId)).toEqual(['a', 'b']);
		expect(list.fresh).toBe(1);
		await list.load();
		expect(list.rows).toHaveLength(3);
		expect(list.fresh).toBe(0);
	});

	it('keeps the chosen study under the keys when rows come before it', async () => {
		let rows = [row('a'), row('b')];
		const list = listOf(() => ({ rows, next: null }));
		await list.load();
		list.step(1);
		list.step(1);
		expect(list.selected?.studyId).toBe('b');
		rows = [row('new'), row('a'), row('b')];
		await list.load();
		expect(list.selected?.studyId).toBe('b');
		expect(list.current).toBe(2);
	});

	it('shows open critical results of all groups, and then the group from before', async () => {
		const list = listOf(() => ({ rows: [], next: null }));
		list.narrow({ group: 'mine' });
		list.toggleCritical();
		expect(list.filter).toMatchObject({ critical: true, group: 'all' });
		list.toggleCritical();
		expect(list.filter).toMatchObject({ critical: null, group: 'mine' });
	});

	it('drops an answer that was overtaken', async () => {
		const answers: ((page: Page) => void)[] = [];
		const list = new WorkListSession({
			page: () => new Promise((resolve) => answers.push(resolve)),
			counts: async () => ({})
		});
		const first = list.load();
		const second = list.load();
		answers[1]?.({ rows: [row('right')], next: null });
		answers[0]?.({ rows: [row('late')], next: null });
		await Promise.all([first, second]);
		expect(list.rows.map((r) => r.studyId)).toEqual(['right']);
	});

	it('does not list a study twice when pages overlap', async () => {
		const pages = [
			{ rows: [row('a'), row('b')], next: '2' },
			{ rows: [row('b'), row('c')], next: null }
		];
		const list = listOf(() => pages.shift() ?? { rows: [], next: null });
		await list.load();
		await list.loadMore();
		expect(list.rows.map((r) => r.studyId)).toEqual(['a', 'b', 'c']);
		expect(list.hasMore).toBe(false);
	});

	it('says that it failed only when there is nothing to show', async () => {
		let broken = true;
		const list = new WorkListSession({
			page: async () => {
				if (broken) throw new Error('away');
				return { rows: [row('a')], next: null };
			},
			counts: async () => ({})
		});
		await list.load();
		expect(list.status).toBe('failed');
		broken = false;
		await list.load();
		broken = true;
		await list.look();
		expect(list.status).toBe('ready');
		expect(list.error).not.toBeNull();
	});
});
