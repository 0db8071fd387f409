/** Where progress and summary go; the terminal, or a test. */
export interface Screen {
	/** Progress: rewritten in place on a terminal. */
	progress(line: string): void;
	/** A line that stays. */
	print(line: string): void;
}

/** Counts what became of the files and tells it. */
export class ImportTally {
	stored = 0;
	duplicate = 0;
	readonly rejected: { path: string; reason: string }[] = [];
	readonly #total: number;
	readonly #screen: Screen;

	constructor(total: number, screen: Screen) {
		this.#total = total;
		this.#screen = screen;
	}

	add(status: 'stored' | 'duplicate'): void {
		this[status]++;
		this.#tell();
	}

	reject(path: string, reason: string): void {
		this.rejected.push({ path, reason });
		this.#tell();
	}

	get #done(): number {
		return this.stored + this.duplicate + this.rejected.length;
	}

	#tell(): void {
		this.#screen.progress(`${this.#done} of ${this.#total} files`);
	}

	/** Every refused file with its reason, then the sums. */
	summarise(): void {
		for (const { path, reason } of this.rejected)
			this.#screen.print(`rejected  ${path}: ${reason}`);
		const left = this.#total - this.#done;
		this.#screen.print(
			`${this.stored} stored, ${this.duplicate} duplicate, ${this.rejected.length} rejected` +
				(left ? `, ${left} not sent` : '')
		);
	}

	/** 0 when every file is in the archive now, whether it came or had come before. */
	get exitCode(): 0 | 1 {
		return this.rejected.length || this.#done < this.#total ? 1 : 0;
	}
}

export function terminalScreen(): Screen {
	const { stderr } = process;
	let last = 0;
	return {
		progress(line) {
			if (stderr.isTTY) stderr.write(`\r\x1b[K${line}`);
			// In a log every line stays, so there is one a second at most.
			else if (Date.now() - last >= 1000) {
				last = Date.now();
				stderr.write(`${line}\n`);
			}
		},
		print(line) {
			if (stderr.isTTY) stderr.write('\r\x1b[K');
			console.log(line);
		}
	};
}
