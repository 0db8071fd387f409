import { untrack } from 'svelte';
import { belongsToControl, isTyping, matchesKeys, type Command } from './keys.ts';

/**
 * The commands of a screen: one list from which keys, the palette and the help are made. Later
 * additions come first, so that an open sheet or a field can take a key from the page under it.
 */
export class Keymap {
	#layers = $state.raw<readonly (readonly Command[])[]>([]);

	readonly commands: readonly Command[] = $derived(this.#layers.flat());

	/** Returns what takes them away again. */
	add(commands: readonly Command[]): () => void {
		// Called in effects, which must not follow the list that they change.
		this.#layers = [commands, ...untrack(() => this.#layers)];
		return () => {
			this.#layers = untrack(() => this.#layers).filter((layer) => layer !== commands);
		};
	}

	readonly handle = (event: KeyboardEvent): void => {
		if (event.defaultPrevented || event.isComposing || belongsToControl(event)) return;
		const typing = isTyping(event.target);
		const command = this.commands.find(
			(c) =>
				(!typing || c.whileTyping) &&
				c.keys.some((keys) => matchesKeys(keys, event)) &&
				(c.enabled?.() ?? true)
		);
		if (!command) return;
		event.preventDefault();
		command.run();
	};
}
