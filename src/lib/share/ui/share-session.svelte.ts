import type { SharedView } from '../view.ts';

export type ShareState =
	| { kind: 'loading' }
	/** Nothing was opened yet in this browser, and the address holds a secret. */
	| { kind: 'closed'; needsPasscode: boolean; problem: ShareProblem | null }
	| { kind: 'open'; view: SharedView }
	| { kind: 'ended'; problem: ShareProblem };

export type ShareProblem =
	| 'not_found'
	| 'grant_expired'
	| 'grant_revoked'
	| 'grant_paused'
	| 'grant_used_up'
	| 'passcode_wrong'
	| 'offline'
	| 'cut';

const known: ShareProblem[] = [
	'not_found',
	'grant_expired',
	'grant_revoked',
	'grant_paused',
	'grant_used_up',
	'passcode_wrong'
];

/** What the holder of a link does and sees. The secret leaves the address once it was traded (C2). */
export class ShareSession {
	readonly id: string;
	#secret: string;
	#state = $state.raw<ShareState>({ kind: 'loading' });
	#busy = $state(false);
	#events: EventSource | null = null;
	#watchSoon: ReturnType<typeof setTimeout> | undefined;

	constructor(id: string, secret: string) {
		this.id = id;
		this.#secret = secret;
	}

	get state(): ShareState {
		return this.#state;
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** Root of the images that this link opens. */
	get images(): string {
		return `/s/${this.id}/dicom-web`;
	}

	/** Shows what this browser opened before; otherwise trades the secret. */
	readonly start = async (): Promise<void> => {
		if (this.#secret === '') await this.#resume();
		else await this.open(null);
	};

	readonly open = async (passcode: string | null): Promise<void> => {
		this.#busy = true;
		try {
			const answer = await fetch(`/s/${this.id}/open`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ secret: this.#secret, passcode })
			});
			if (answer.ok) this.#show((await answer.json()) as SharedView);
			else this.#refused(await problemOf(answer));
		} catch {
			this.#state = { kind: 'closed', needsPasscode: passcode !== null, problem: 'offline' };
		} finally {
			this.#busy = false;
		}
	};

	readonly stop = (): void => {
		clearTimeout(this.#watchSoon);
		document.removeEventListener('load', this.#pictureCame, { capture: true });
		this.#events?.close();
		this.#events = null;
	};

	async #resume(): Promise<void> {
		try {
			const answer = await fetch(`/s/${this.id}/view`);
			if (answer.ok) this.#show((await answer.json()) as SharedView);
			else this.#state = { kind: 'ended', problem: 'not_found' };
		} catch {
			this.#state = { kind: 'ended', problem: 'offline' };
		}
	}

	#refused(code: string): void {
		if (code === 'passcode_required' || code === 'passcode_wrong') {
			const problem = code === 'passcode_wrong' ? code : null;
			this.#state = { kind: 'closed', needsPasscode: true, problem };
			return;
		}
		const problem = known.find((item) => item === code) ?? 'not_found';
		this.#state = { kind: 'ended', problem };
	}

	#show(view: SharedView): void {
		this.#secret = '';
		// Address bar and history hold no secret any more.
		history.replaceState(history.state, '', `/s/${this.id}`);
		this.#state = { kind: 'open', view };
		// The first picture has the line to itself, for a second at most: well inside the two of C5.
		document.addEventListener('load', this.#pictureCame, { capture: true });
		this.#watchSoon = setTimeout(() => this.#watch(), 1000);
	}

	/** `load` does not bubble; caught on the way down it is seen without touching the pictures. */
	readonly #pictureCame = (event: Event): void => {
		if (event.target instanceof HTMLImageElement) this.#watch();
	};

	/** The view goes the moment the link does, or when nobody can say whether it is still good. */
	#watch(): void {
		this.stop();
		const events = new EventSource(`/s/${this.id}/live`);
		this.#events = events;
		const end = (problem: ShareProblem) => {
			this.stop();
			this.#state = { kind: 'ended', problem };
		};
		events.addEventListener('ended', () => end('cut'));
		events.onerror = () => {
			if (events.readyState === EventSource.CLOSED) end('cut');
			else void this.#check(end);
		};
	}

	/** The stream broke: a bad line or a link that ended? The server says. */
	async #check(end: (problem: ShareProblem) => void): Promise<void> {
		const answer = await fetch(`/s/${this.id}/view`).catch(() => null);
		if (answer && !answer.ok) end('cut');
	}
}

async function problemOf(answer: Response): Promise<string> {
	const body: unknown = await answer.json().catch(() => null);
	if (typeof body === 'object' && body !== null && 'code' in body) return String(body.code);
	return 'not_found';
}
