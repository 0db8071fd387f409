import { describe, expect, it } from 'vitest';
import { keysAsShown, matchesKeys } from '$lib/ui/keys.ts';

const press = (
	key: string,
	more: Partial<Record<'ctrl' | 'meta' | 'shift' | 'alt', true>> = {}
) => ({
	key,
	ctrlKey: more.ctrl ?? false,
	metaKey: more.meta ?? false,
	shiftKey: more.shift ?? false,
	altKey: more.alt ?? false
});

describe('keys', () => {
	it('a letter is matched as typed, and not with a modifier', () => {
		expect(matchesKeys('j', press('j'), false)).toBe(true);
		expect(matchesKeys('j', press('j', { ctrl: true }), false)).toBe(false);
		expect(matchesKeys('j', press('J', { shift: true }), false)).toBe(false);
	});

	it('`mod` is Ctrl, and the command key on a Mac', () => {
		expect(matchesKeys('mod+Enter', press('Enter', { ctrl: true }), false)).toBe(true);
		expect(matchesKeys('mod+Enter', press('Enter', { ctrl: true }), true)).toBe(false);
		expect(matchesKeys('mod+Enter', press('Enter', { meta: true }), true)).toBe(true);
		expect(matchesKeys('mod+Enter', press('Enter', { ctrl: true, shift: true }), false)).toBe(
			false
		);
	});

	it('a sign may need Shift on one keyboard and not on another', () => {
		expect(matchesKeys('?', press('?', { shift: true }), false)).toBe(true);
		expect(matchesKeys('?', press('?'), false)).toBe(true);
		expect(matchesKeys('/', press('/'), false)).toBe(true);
	});

	it('are shown as they stand on the keyboard', () => {
		expect(keysAsShown('mod+Enter', true)).toBe('⌘↵');
		expect(keysAsShown('mod+shift+Enter', false)).toBe('Ctrl ⇧ ↵');
		expect(keysAsShown('j', false)).toBe('J');
	});
});
