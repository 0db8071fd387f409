import { createContext } from 'svelte';
import type { Keymap } from './keymap.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The screen's commands and its messages; set by the root layout. */
export const [getKeymap, setKeymap] = createContext<Keymap>();
export const [getToasts, setToasts] = createContext<Toasts>();
