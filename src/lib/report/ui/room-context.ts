import { createContext } from 'svelte';
import type { RoomSession } from './room-session.svelte.ts';

export const [getRoom, setRoom] = createContext<RoomSession>();
