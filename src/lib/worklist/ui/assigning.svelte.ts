import type { StudyId, UserId } from '../../ids.ts';
import type { WorkListRow } from '../row.ts';

export interface Reader {
	id: UserId;
	name: string;
}

export interface AssignDoors {
	assign(input: { studyId: StudyId; to: UserId | null; from: UserId | null }): Promise<unknown>;
	/** The line as it is now. */
	refresh(studyId: StudyId): Promise<unknown>;
	/** After it worked; `undo` brings the reader before it back. */
	ondone(to: Reader | null, undo: () => void): void;
	onfailed(error: unknown): void;
}

/** Taking, giving and letting go of studies. Nothing is asked first: what was done can be undone. */
export class Assigning {
	readonly meId: UserId;
	/** Only readers can have a study. */
	readonly mayClaim: boolean;
	readonly #doors: AssignDoors;
	#readers = $state.raw<readonly Reader[]>([]);
	#openFor = $state<StudyId | null>(null);

	constructor(me: { id: UserId; mayClaim: boolean }, doors: AssignDoors) {
		this.meId = me.id;
		this.mayClaim = me.mayClaim;
		this.#doors = doors;
	}

	get readers(): readonly Reader[] {
		return this.#readers;
	}
	set readers(readers: readonly Reader[]) {
		this.#readers = readers;
	}
	/** Whose menu of readers is open. */
	get openFor(): StudyId | null {
		return this.#openFor;
	}
	show(studyId: StudyId | null): void {
		this.#openFor = studyId;
	}

	/** Refused when somebody else was faster; the line then shows who. */
	readonly assign = async (row: WorkListRow, to: UserId | null): Promise<void> => {
		const { studyId } = row;
		const from = row.assignedTo?.id ?? null;
		if (from === to) return;
		try {
			await this.#doors.assign({ studyId, to, from });
			const reader = this.#readers.find(({ id }) => id === to) ?? null;
			this.#doors.ondone(reader, () => void this.#undo(studyId, to, from));
		} catch (error) {
			this.#doors.onfailed(error);
		}
		await this.#doors.refresh(studyId);
	};

	async #undo(studyId: StudyId, from: UserId | null, to: UserId | null): Promise<void> {
		try {
			await this.#doors.assign({ studyId, to, from });
		} catch (error) {
			this.#doors.onfailed(error);
		}
		await this.#doors.refresh(studyId);
	}
}
