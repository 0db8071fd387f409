/* eslint svelte/prefer-svelte-reactivity: off -- sets, maps and dates here are replaced whole, never changed */
import { tick } from 'svelte';
import { deleteAnnotation, readAnnotations, setAnnotation } from '$lib/collab/doc-annotations.ts';
import { openRoots, type Annotation } from '$lib/collab/report-doc.ts';
import { LiveConnection } from '$lib/collab/ui/live-connection.svelte.ts';
import { PresenceStates } from '$lib/collab/ui/presence-state.svelte.ts';
import { follow } from '$lib/collab/ui/y-map.svelte.ts';
import type { StudyUid } from '$lib/ids.ts';
import { errorOf, trpc, type ClientError } from '$lib/trpc.ts';
import { ViewerSession } from '$lib/viewer/ui/viewer-session.svelte.ts';
import type { EditionName } from '$lib/worksheet/editions.ts';
import { WorksheetSession } from '$lib/worksheet/ui/worksheet-session.svelte.ts';
import type { TextSource } from '$lib/worksheet/ui/sheet-texts.svelte.ts';
import type { Unmapped } from '$lib/worksheet/ui/sections.ts';
import { isFrozen, type ReportState } from '../states.ts';
import type { ReportContext } from '../context.ts';
import { afterPaint } from '$lib/ui/after-paint.ts';
import { LiveRoom } from './live-room.svelte.ts';
import type { Parted } from './measuring.svelte.ts';
import { metadataOf } from './next-study.ts';
import { signedPriors } from './prior-reports.ts';
import { RoomSession } from './room-session.svelte.ts';
import { Signing } from './signing.svelte.ts';

export type Bundle = Awaited<ReturnType<typeof trpc.studies.get.query>>;

export interface OpenRoomInput {
	studyUid: string;
	me: { userId: string; name: string };
	onstep: (by: 1 | -1) => void;
	onshare: (reportId: string) => void;
	/** Another worksheet is in use: what has no field in it, by label. */
	onworksheet: (changed: {
		title: string;
		unknown: readonly string[];
		/** To the worksheet before; null when it was another version of the same. */
		back: (() => void) | null;
	}) => void;
	/** Another edition of a guideline is in use. */
	onedition: (changed: { edition: EditionName; value: string; back: (() => void) | null }) => void;
	onparted?: (parted: Parted) => void;
	onsigned: (signed: { reportId: string; number: number; next: boolean }) => void;
}

/** A study that has not gone quiet is asked for again this often (ms). */
const arrivingPause = 4000;
/** An archive that does not answer is asked again this often (ms). */
const awayPause = 5000;
const base = '/dicom-web';

/**
 * A study on its way into a room: what the server knows, the live document, the images. Each part
 * shows up as soon as it is there; `failed` says what went wrong and can be tried again.
 */
export class RoomOpening {
	readonly #input: OpenRoomInput;
	/** One for the life of the room: the loops that play before the sheet is there play on. */
	readonly viewer: ViewerSession;
	/** The live document, once there is a report. */
	#linked = $state.raw<Linked | null>(null);
	#bundle = $state.raw<Bundle | null>(null);
	#room = $state.raw<RoomSession | null>(null);
	#error = $state.raw<ClientError | null>(null);
	/** Images could not be listed: the archive is away; the report goes on. */
	#archiveAway = $state(false);
	#names = $state.raw<ReadonlyMap<string, string>>(new Map());
	#state = $state<ReportState>('in_progress');
	#closers: (() => void)[] = [];
	#closed = false;
	/** What the report's part of the room leaves behind when it is opened anew. */
	#leaveReport: () => void = () => {};

	constructor(input: OpenRoomInput) {
		this.#input = input;
		this.#names = new Map([[input.me.userId, input.me.name]]);
		this.viewer = this.#makeViewer();
		this.#closers.push(() => this.viewer.dispose());
		void this.load();
	}

	get bundle() {
		return this.#bundle;
	}
	get room() {
		return this.#room;
	}
	get error() {
		return this.#error;
	}
	get archiveAway() {
		return this.#archiveAway;
	}

	readonly load = async (): Promise<void> => {
		this.#error = null;
		try {
			const { studyUid } = this.#input;
			// The images do not wait for what the database knows.
			void this.#showImages(studyUid);
			const bundle = await trpc.studies.get.query({ studyUid: studyUid as StudyUid });
			if (this.#closed) return;
			this.#bundle = bundle;
			const report = bundle.reports[0];
			if (!report || !this.#room) void this.#showPriors(bundle);
			if (report && !this.#room) await this.#openReport(bundle, report);
			else if (!report) this.#after(arrivingPause, () => void this.load());
		} catch (error) {
			if (!this.#closed) this.#error = errorOf(error);
		}
	};

	close(): void {
		this.#closed = true;
		this.#leaveReport();
		for (const close of this.#closers.splice(0).reverse()) close();
	}

	#after(pause: number, work: () => void): void {
		const timer = setTimeout(work, pause);
		this.#closers.push(() => clearTimeout(timer));
	}

	async #openReport(bundle: Bundle, report: Bundle['reports'][number]): Promise<void> {
		const [context, keys, unmapped] = await Promise.all([
			trpc.reports.context.query({ reportId: report.id }),
			trpc.session.passkeys.query().catch(() => []),
			trpc.reports.unmapped.query({ reportId: report.id }).catch(() => [])
		]);
		void this.#learnNames();
		if (this.#closed) return;
		this.#state = report.state;
		const live = new LiveConnection({
			reportId: report.id,
			generation: report.generation,
			diagnose: async () =>
				(await trpc.session.me.query().catch(() => undefined)) === null ? 'signedOut' : null
		});
		const presence = new PresenceStates(live.awareness);
		const liveRoom = new LiveRoom(live, presence, context.practice.timeZone);
		const { abilities } = bundle;
		const open = () => live.editable && !isFrozen(this.#state);
		const sheet = new WorksheetSession({
			doc: live.doc,
			context,
			userId: this.#input.me.userId,
			afterPaint,
			rights: () => ({
				values: open() && (abilities.editValues || abilities.propose),
				proposeOnly: !abilities.editValues && abilities.propose,
				interpretation: open() && abilities.editInterpretation
			}),
			unmapped: unmapped.map(inSheet(context)),
			// The worksheets write views as the machines do, `PSAX-AV`.
			views: () =>
				new Set(viewer.loops.flatMap((loop) => (loop.view ? [loop.view.toUpperCase()] : []))),
			texts: textSource(report.id, context.worksheet.id),
			oncleared: (field, before) => this.#room?.measuring.cleared(field, before)
		});
		void sheet.texts.load();
		const { viewer } = this;
		const annotations = follow(openRoots(live.doc).annotations, () => readAnnotations(live.doc));
		this.#linked = { live, presence, annotate: abilities.annotate, annotations };
		const signing = new Signing({
			sheet,
			settled: () => live.settled(),
			may: () => ({ final: abilities.signFinal, preliminary: abilities.signPreliminary }),
			hasPasskey: keys.length > 0,
			onsigned: ({ number, next }) => {
				this.#state = signing.kind;
				this.#input.onsigned({ reportId: report.id, number, next });
			}
		});
		this.#room = new RoomSession({
			priors: () => trpc.reports.priors.query({ reportId: report.id }),
			sheet,
			viewer,
			signing,
			live: liveRoom,
			state: () => this.#state,
			abilities: () => ({
				values: open() && (abilities.editValues || abilities.propose),
				interpretation: open() && abilities.editInterpretation,
				sign: !isFrozen(this.#state) && (abilities.signFinal || abilities.signPreliminary),
				share: abilities.share && report.hasVersion,
				send: abilities.sendToRead && this.#state === 'in_progress' && !abilities.signFinal
			}),
			nameOf: (id) =>
				this.#names.get(id) ?? presence.people.find((person) => person.id === id)?.name ?? id,
			priorReports: signedPriors(bundle.priors),
			timeZone: context.practice.timeZone,
			onstep: this.#input.onstep,
			onshare: () => this.#input.onshare(report.id),
			onparted: this.#input.onparted,
			onsend: () => void this.#send(report.id),
			onworksheet: (worksheet) => void this.#changeWorksheet(report.id, worksheet),
			onedition: (edition, value) => void this.#changeEdition(report.id, edition, value)
		});
		this.#leaveReport = () => {
			this.#leaveReport = () => {};
			sheet.destroy();
			presence.destroy();
			live.destroy();
		};
	}

	/** Somebody else changed the worksheet, and nothing of mine is on its way. */
	get wasReopened(): boolean {
		const live = this.#linked?.live;
		return live?.ending?.kind === 'otherWorksheet' && !live.hasEditsAside;
	}

	/** Opens the report anew; the loops play on, and the same sheet stays where it was read. */
	readonly reopen = async (): Promise<void> => {
		const sheet = this.#room?.sheet.context.worksheetHash;
		const scrolled = sheetBox()?.scrollTop ?? 0;
		this.#room = null;
		this.#linked = null;
		this.#leaveReport();
		await this.load();
		if (sheet === undefined || this.room?.sheet.context.worksheetHash !== sheet) return;
		await tick();
		sheetBox()?.scrollTo({ top: scrolled });
	};

	/** Begins the report of a study for which no worksheet was meant. */
	readonly begin = async (worksheetId: string): Promise<void> => {
		const studyId = this.#bundle?.row.studyId;
		if (!studyId) return;
		try {
			await trpc.reports.begin.mutate({ studyId, worksheetId });
			await this.load();
		} catch (error) {
			this.#error = errorOf(error);
		}
	};

	async #changeWorksheet(
		reportId: Bundle['reports'][number]['id'],
		{ id, title }: { id: string; title: string }
	): Promise<void> {
		try {
			const before = this.#room?.sheet;
			await this.#linked?.live.settled();
			const { unknown } = await trpc.reports.changeWorksheet.mutate({ reportId, worksheetId: id });
			const labels = unknown.map((field) => before?.label(field) ?? field);
			await this.reopen();
			const { worksheet } = before?.context ?? {};
			const isOther = worksheet !== undefined && worksheet.id !== id;
			const back = isOther ? () => void this.#changeWorksheet(reportId, worksheet) : null;
			this.#input.onworksheet({ title, unknown: labels, back });
		} catch (error) {
			this.#error = errorOf(error);
		}
	}

	async #changeEdition(
		reportId: Bundle['reports'][number]['id'],
		edition: EditionName,
		value: string
	): Promise<void> {
		const before = this.#room?.sheet.context.settings[edition];
		try {
			await this.#linked?.live.settled();
			await trpc.reports.changeEditions.mutate({ reportId, editions: { [edition]: value } });
			await this.reopen();
			document.querySelector(`[data-edition="${edition}"]`)?.scrollIntoView({ block: 'center' });
			const back = before ? () => void this.#changeEdition(reportId, edition, before) : null;
			this.#input.onedition({ edition, value, back });
		} catch (error) {
			this.#error = errorOf(error);
		}
	}

	async #send(reportId: Bundle['reports'][number]['id']): Promise<void> {
		try {
			await trpc.reports.sendToRead.mutate({ reportId });
			this.#state = 'sent_to_read';
		} catch (error) {
			this.#error = errorOf(error);
		}
	}

	/** Colleagues' names for what they wrote before they left. */
	async #learnNames(): Promise<void> {
		const readers = await trpc.studies.readers.query().catch(() => []);
		this.#names = new Map([
			...readers.map(({ id, name }) => [id, name] as const),
			[this.#input.me.userId, this.#input.me.name]
		]);
	}

	#makeViewer(): ViewerSession {
		const linked = () => this.#linked;
		const { userId } = this.#input.me;
		return new ViewerSession({
			base,
			get author() {
				return linked()?.annotate ? userId : null;
			},
			now: () => new Date(),
			newId: () => crypto.randomUUID(),
			annotations: () => linked()?.annotations.current ?? [],
			onAnnotation: (annotation) => {
				const doc = linked()?.live.doc;
				if (doc) setAnnotation(doc, annotation);
				this.#room?.measuring.drawn(annotation);
			},
			onDelete: (id) => {
				const doc = linked()?.live.doc;
				const gone = doc && readAnnotations(doc).find((one) => one.id === id);
				if (!gone) return;
				deleteAnnotation(doc, id);
				this.#room?.measuring.deleted(gone);
			},
			onTool: (tool) => this.#room?.measuring.toolChanged(tool),
			onLook: (place) =>
				linked()?.presence.look(place && { ...place, playing: this.viewer.activePane.playing })
		});
	}

	/** The first time on the screen; later only what arrived meanwhile is added. */
	async #showImages(studyUid: string): Promise<void> {
		try {
			const own = await metadataOf(studyUid);
			if (this.#closed) return;
			if (this.viewer.loops.length === 0) this.viewer.open(own);
			else this.viewer.add(own);
			const wasAway = this.#archiveAway;
			this.#archiveAway = false;
			if (wasAway && this.#bundle) void this.#showPriors(this.#bundle);
		} catch {
			if (this.#closed) return;
			this.#archiveAway = true;
			this.#after(awayPause, () => void this.#showImages(studyUid));
		}
	}

	/** The prior's pictures come behind and hold nothing up. */
	async #showPriors(bundle: Bundle): Promise<void> {
		const prior = bundle.priors.find((candidate) => candidate.instances > 0);
		if (!prior || this.viewer.priors.length > 0) return;
		const earlier = await metadataOf(prior.studyUid).catch(() => []);
		if (!this.#closed) this.viewer.addPriors(earlier);
	}
}

const sheetBox = () => document.querySelector('[data-sheet]');

const textSource = (
	reportId: Bundle['reports'][number]['id'],
	worksheetId: string
): TextSource => ({
	macros: () => trpc.macros.list.query(),
	presets: () => trpc.presets.list.query({ worksheetId }),
	savePreset: (preset) => trpc.presets.save.mutate({ id: null, ...preset }),
	carry: () => trpc.reports.carry.query({ reportId })
});

/** What the viewer needs of the live document. */
interface Linked {
	live: LiveConnection;
	presence: PresenceStates;
	annotate: boolean;
	annotations: { readonly current: readonly Annotation[] };
}

/** An item that no field took, at the end of the section whose fields came from the same object. */
const inSheet =
	(_context: ReportContext) =>
	(item: Awaited<ReturnType<typeof trpc.reports.unmapped.query>>[number]): Unmapped => ({
		...item,
		section: null,
		value: item.value === null ? '' : String(item.value),
		unit: item.unit ?? ''
	});
