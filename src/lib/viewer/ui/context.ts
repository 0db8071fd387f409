import { createContext } from 'svelte';
import type { ViewerSession } from './viewer-session.svelte.ts';

/** The viewer of the room: set by its page, so that a number anywhere can ask it to `goTo`. */
export const [getViewer, setViewer] = createContext<ViewerSession>();
