import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Awareness } from 'y-protocols/awareness';
import { follow, followDoc, followMap } from '$lib/collab/ui/y-map.svelte.ts';
import { PresenceStates } from '$lib/collab/ui/presence-state.svelte.ts';

describe('a followed map', () => {
	it('tells effects of every change, computes once for each, and lets go after the last reader', () => {
		const doc = new Y.Doc();
		const map = doc.getMap<number>('m');
		let computed = 0;
		const followed = follow(map, () => {
			computed += 1;
			return map.get('a') ?? 0;
		});
		const seen: number[] = [];
		const stop = $effect.root(() => {
			$effect(() => {
				seen.push(followed.current);
			});
			$effect(() => {
				void followed.current;
			});
		});
		flushSync();
		map.set('a', 1);
		flushSync();
		map.set('a', 2);
		flushSync();
		expect(seen).toEqual([0, 1, 2]);
		expect(computed).toBe(3);
		stop();
	});

	it('is never stale when nobody listens', () => {
		const doc = new Y.Doc();
		const map = doc.getMap<number>('m');
		const followed = followMap(map);
		expect(followed.current).toEqual({});
		map.set('a', 1);
		expect(followed.current).toEqual({ a: 1 });
		expect(followDoc(doc, () => map.size).current).toBe(1);
	});
});

describe('presence states', () => {
	it('follow the others, and only those whom the server stamped', () => {
		const mine = new Awareness(new Y.Doc());
		const states = new PresenceStates(mine);
		const seen: string[][] = [];
		const stop = $effect.root(() => {
			$effect(() => {
				seen.push(states.people.map(({ name }) => name));
			});
		});
		flushSync();
		const put = (id: number, state: Record<string, unknown>) => {
			mine.states.set(id, state);
			mine.emit('change', [{ added: [id], updated: [], removed: [] }, 'test']);
		};
		put(1, { field: 'lvidd', user: { id: 'u1', name: 'Anna', role: 'physician' } });
		put(2, { field: 'lvidd' });
		put(3, { field: null, user: { id: 'u1', name: 'Anna', role: 'physician' } });
		flushSync();
		expect(seen.at(-1)).toEqual(['Anna']);
		expect(states.others).toHaveLength(2);
		stop();
		states.destroy();
		mine.destroy();
	});
});
