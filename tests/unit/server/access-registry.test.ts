import { describe, expect, it } from 'vitest';
import { createAccessRegistry, type AccessKey } from '$lib/server/access-registry.ts';

function open(keys: AccessKey[]) {
	const closed: [number, string][] = [];
	return {
		keys,
		closed,
		close: (code: number, reason: string) => void closed.push([code, reason])
	};
}

describe('the registry of open things', () => {
	it('closes what hangs on a key, once, and nothing else', () => {
		const registry = createAccessRegistry();
		const a = open(['user:1', 'report:9']);
		const b = open(['user:2', 'report:9']);
		registry.add(a);
		registry.add(b);
		expect(registry.closeFor('user:1', 4401, 'signed out')).toBe(1);
		expect(registry.closeFor('report:9', 4409, 'final')).toBe(1);
		expect([a.closed, b.closed]).toEqual([[[4401, 'signed out']], [[4409, 'final']]]);
		expect(registry.countFor('report:9')).toBe(0);
	});

	it('forgets what went by itself, also while closing', () => {
		const registry = createAccessRegistry();
		const a = open(['user:1']);
		const gone = registry.add(a);
		gone();
		gone();
		expect(registry.closeFor('user:1', 4401, '')).toBe(0);
		const nested = {
			keys: ['user:1'] as AccessKey[],
			close: () => again()
		};
		const again = registry.add(nested);
		expect(registry.closeAll(1001, '')).toBe(1);
	});
});
