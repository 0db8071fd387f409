/** Where the edits are: here, there, or waiting. */
export type Saved =
	| { kind: 'saved' }
	| { kind: 'saving' }
	| { kind: 'connecting' }
	| { kind: 'offline'; since: string | null; unsent: boolean }
	/** Will not be sent any more, because. */
	| { kind: 'stopped'; reason: string };
