import { randomUUID } from 'node:crypto';
import type { Actor, GrantActor } from '$lib/access/actor.ts';
import type { GrantScope, GrantSwitches } from '$lib/access/grant.ts';
import type { GrantId, PracticeId, ReportId, StudyUid, VersionId } from '$lib/ids.ts';
import type { Archive } from '$lib/server/archive/archive.ts';
import { receiveObjects } from '$lib/server/commands/receive-objects.ts';
import {
	grants,
	practiceStudies,
	reports,
	reportStudies,
	reportVersions,
	resolvedWorksheets
} from '$lib/server/db/schema/index.ts';
import { handleDicomWeb } from '$lib/server/dicomweb/handle.ts';
import { createNodeDoor } from '$lib/server/dicomweb/node-door.ts';
import { and, eq } from 'drizzle-orm';
import { createTestArchives, type TestArchives } from '../../support/archives.ts';
import { exchange, serveNode } from '../../support/http-door.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

export interface DoorTest extends TestServices {
	archives: TestArchives;
	origin: string;
	/** Names an actor for requests: the value of `x-test-actor`. */
	as(actor: Actor): Record<string, string>;
	practice(): Promise<PracticeParts>;
	get(actor: Actor, path: string, headers?: Record<string, string>): Promise<Response>;
	post(actor: Actor, path: string, body: BodyInit, type: string): Promise<Response>;
}

export interface PracticeParts {
	practiceId: PracticeId;
	archive: Archive;
	/** Calls that reached the archive, by method. */
	calls: string[];
	reader: Actor & { kind: 'user' };
	receive(...objects: Uint8Array[]): Promise<void>;
}

/** The door behind a real HTTP server, with archives that count their calls. */
export async function openDoor(): Promise<DoorTest> {
	const archives = createTestArchives();
	const test = await createTestServices({ archives: archives.port });
	const actors = new Map<string, Actor>();
	const actorOf = (headers: Pick<Headers, 'get'>): Actor =>
		actors.get(headers.get('x-test-actor') ?? '') ?? { kind: 'nobody' };
	// As in production: what is read goes to the door at once, the rest through the framework. What
	// the framework's route does with reading stands under `/route`.
	const node = createNodeDoor(
		async () => test.services,
		{ PROTOCOL_HEADER: 'x-test-scheme' },
		(_, { headers }) =>
			async () =>
				actorOf(headers)
	);
	const { origin } = await serveNode((req, res) => {
		req.headers['x-test-scheme'] = 'http';
		if (node(req, res)) return;
		void exchange(
			(request, sentTarget) =>
				handleDicomWeb(test.services, async () => actorOf(request.headers), request, sentTarget),
			req,
			res
		);
	});
	const as = (actor: Actor) => {
		const key = randomUUID();
		actors.set(key, actor);
		return { 'x-test-actor': key };
	};
	return {
		...test,
		archives,
		origin,
		as,
		get: (actor, path, headers = {}) =>
			fetch(`${origin}/dicom-web/${path}`, { headers: { ...as(actor), ...headers } }),
		post: (actor, path, body, type) =>
			fetch(`${origin}/dicom-web/${path}`, {
				method: 'POST',
				headers: { ...as(actor), 'content-type': type },
				body
			}),
		async practice() {
			const { services } = test;
			const practiceId = await buildPractice(services);
			const archive = await archives.addEmbedded(services, practiceId);
			const calls: string[] = [];
			archives.watch(archive.id, (inner) => counted(inner, calls));
			const reader = await buildPerson(services, { practiceId, roles: ['physician'] });
			return {
				practiceId,
				archive,
				calls,
				reader,
				async receive(...objects) {
					const received = await receiveObjects(services, reader, { objects, origin: 'stow' });
					if (received.rejected.length) throw new Error(received.rejected[0]?.reason);
					calls.length = 0;
				}
			};
		}
	};
}

export function counted(inner: Archive, calls: string[]): Archive {
	return new Proxy(inner, {
		get(target, key) {
			const value: unknown = Reflect.get(target, key);
			if (typeof value !== 'function') return value;
			return (...args: unknown[]) => {
				calls.push(String(key));
				return value.apply(target, args);
			};
		}
	});
}

/** A signed version of a study and a link to it, opened. */
export async function openLink(
	test: TestServices,
	reader: Actor & { kind: 'user' },
	studyUid: string,
	scope: Partial<GrantScope> = {},
	switches: Partial<GrantSwitches> = {}
): Promise<GrantActor> {
	const { db, clock, newId } = test.services;
	const { practiceId, userId } = reader;
	const [study] = await db
		.select()
		.from(practiceStudies)
		.where(
			and(
				eq(practiceStudies.practiceId, practiceId),
				eq(practiceStudies.studyUid, studyUid as StudyUid)
			)
		);
	if (!study) throw new Error('no such study');
	const hash = newId();
	const now = clock();
	await db.insert(resolvedWorksheets).values({
		hash,
		worksheetId: 'w',
		version: '1',
		content: {} as never,
		createdAt: now
	});
	const reportId = newId() as ReportId;
	const versionId = newId() as VersionId;
	await db.insert(reports).values({
		id: reportId,
		practiceId,
		patientId: study.patientId,
		worksheetHash: hash,
		state: 'final',
		currentVersionId: versionId,
		createdAt: now,
		finalAt: now
	});
	await db.insert(reportStudies).values({ reportId, studyId: study.id });
	await db.insert(reportVersions).values({
		id: versionId,
		reportId,
		practiceId,
		number: 1,
		kind: 'final',
		content: {} as never,
		contentHash: 'x',
		pdf: new Uint8Array(1),
		pdfHash: 'x',
		exportUids: { srSeries: '1', srInstance: '2', pdfSeries: '3', pdfInstance: '4' },
		createdAt: now
	});
	const grantId = newId() as GrantId;
	await db.insert(grants).values({
		id: grantId,
		practiceId,
		reportId,
		versionId,
		patientId: study.patientId,
		scope: { studyUids: [studyUid], instanceUids: null, ...scope },
		switches: {
			images: true,
			report: true,
			download: false,
			measure: false,
			newerVersions: false,
			...switches
		},
		recipient: 'Dr Referrer',
		origin: 'button',
		secretHash: 'x',
		expiresAt: new Date(now.getTime() + 7 * 86_400_000),
		createdBy: userId,
		createdAt: now
	});
	return { kind: 'grant', grantId, practiceId, sessionId: newId() };
}
