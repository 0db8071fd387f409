import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { actions, type Action } from '$lib/access/actions.ts';
import { roles, type Actor, type Role } from '$lib/access/actor.ts';
import { cellOf } from '$lib/access/policy.ts';
import { documentRoots } from '$lib/collab/report-doc.ts';
import { messageKinds, syncKinds } from '$lib/collab/wire.ts';
import type { ArchiveId, GrantId, PatientId, PracticeId } from '$lib/ids.ts';
import { loadPractice, type Practice } from '$lib/server/auth/practice.ts';
import { rightOfDocumentRoot } from '$lib/server/collab/rights.ts';
import { createInnerContext } from '$lib/server/trpc/context.ts';
import { appRouter, createCaller } from '$lib/server/trpc/router.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';
import {
	developmentRoutes,
	procedureDoors,
	routeDoors,
	socketDoors,
	type RouteDoor
} from './doors.ts';

interface Procedure {
	_def: { type: 'query' | 'mutation' | 'subscription'; meta?: { action?: Action } };
}
const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;

describe('every door names what it judges', () => {
	it('every procedure has a row, and its meta says the same', () => {
		const found = Object.entries(procedures).map(
			([path, p]) => [path, p._def.meta?.action] as const
		);
		expect(Object.fromEntries(found)).toEqual(procedureDoors);
	});

	it('every route has a row for each of its methods, pages and form actions', () => {
		expect(foundRoutes()).toEqual(
			Object.fromEntries(
				Object.entries(routeDoors).map(([id, doors]) => [id, Object.keys(doors).sort()])
			)
		);
	});

	it('every development route is gone in production', () => {
		for (const file of routeFiles().filter((f) => developmentRoutes.test(idOf(f)))) {
			if (file.endsWith('.svelte')) continue;
			expect(readFileSync(file, 'utf8'), file).toMatch(/if \(!dev\) error\(404\)/);
		}
		for (const file of routeFiles().filter((f) => f.endsWith('+page.svelte'))) {
			if (!developmentRoutes.test(idOf(file))) continue;
			const load = file.replace('+page.svelte', '+page.ts');
			expect(routeFiles(), file).toContain(load);
		}
	});

	it('every kind of socket message has a row', () => {
		const edits = Object.keys(syncKinds)
			.filter((kind) => kind !== 'step1')
			.flatMap((kind) => documentRoots.map((root) => `sync/${kind}/${root}`));
		const kinds = Object.keys(messageKinds).filter((kind) => kind !== 'sync');
		expect(Object.keys(socketDoors).sort()).toEqual(
			['upgrade', 'sync/step1', ...edits, ...kinds].sort()
		);
		for (const root of documentRoots) {
			expect(socketDoors[`sync/update/${root}`]).toBe(rightOfDocumentRoot[root]);
		}
	});

	it('every row names an action that exists', () => {
		const named = [
			...Object.values(procedureDoors),
			...Object.values(routeDoors).flatMap((doors) => Object.values(doors)),
			...Object.values(socketDoors)
		];
		for (const action of named) expect(actions).toContain(action);
	});
});

function routeFiles(): string[] {
	return globSync('src/routes/**/+{server,page,page.server}.{ts,svelte}').sort();
}

function idOf(file: string): string {
	return file.replace(/^src\/routes/, '').replace(/\/\+[^/]*$/, '') || '/';
}

/** Read from the text: importing every route would load the whole application. */
function foundRoutes(): Record<string, RouteDoor[]> {
	const found: Record<string, Set<RouteDoor>> = {};
	for (const file of routeFiles()) {
		const id = idOf(file);
		if (developmentRoutes.test(id)) continue;
		const doors = (found[id] ??= new Set());
		if (!file.endsWith('+server.ts')) doors.add('page');
		const text = readFileSync(file, 'utf8');
		if (file.endsWith('+server.ts')) {
			const methods = [...text.matchAll(/export (?:const|async function|function) (\w+)/g)];
			for (const [, name] of methods) doors.add(name as RouteDoor);
			expect(text, file).not.toMatch(/export (const )?\{/);
		}
		const [, body] = /export const actions[^{]*\{\n([\s\S]*?)\n\};?/.exec(text) ?? [];
		for (const [, name] of (body ?? '').matchAll(/^\t(?:async )?(\w+)(?::|\()/gm)) {
			doors.add(`action:${name}`);
		}
		if (/export const actions/.test(text)) {
			expect(
				[...doors].some((d) => d.startsWith('action:')),
				file
			).toBe(true);
		}
	}
	return Object.fromEntries(Object.entries(found).map(([id, doors]) => [id, [...doors].sort()]));
}

describe('every procedure, as every actor', () => {
	let test: TestServices;
	let practice: Practice;
	const actors = new Map<string, { actor: Actor; allowed: (action: Action) => boolean }>();

	beforeAll(async () => {
		test = await createTestServices();
		const practiceId = await buildPractice(test.services);
		practice = (await loadPractice(test.services.db, practiceId)) as Practice;
		for (const role of roles) {
			actors.set(role, {
				actor: await buildPerson(test.services, {
					practiceId,
					roles: [role],
					patientId: role === 'patient' ? ('none' as PatientId) : null
				}),
				allowed: (action) => cellOf(action, role) !== 'D'
			});
		}
		addOthers(practiceId);
	});

	/** No member procedure opens to these, whatever their column says (B5). */
	function addOthers(practiceId: PracticeId) {
		const none = (action: Action) => action === 'public.use';
		const people: Record<string, Actor> = {
			nobody: { kind: 'nobody' },
			'share link': { kind: 'grant', grantId: 'g' as GrantId, practiceId, sessionId: 's' },
			token: {
				kind: 'token',
				tokenId: 't',
				userId: [...actors.values()].map(({ actor }) => actor).find((a) => a.kind === 'user')!
					.userId,
				practiceId,
				roles: ['physician', 'admin'],
				scopes: ['dicom:read', 'dicom:store', 'fhir:read']
			},
			modality: { kind: 'modality', aeTitle: 'V', practiceId, archiveId: 'a' as ArchiveId },
			job: { kind: 'job', name: 'j', practiceId, onBehalfOf: null }
		};
		for (const [name, actor] of Object.entries(people)) actors.set(name, { actor, allowed: none });
	}

	const refused = ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND'];
	const names: (Role | string)[] = [...roles, 'nobody', 'share link', 'token', 'modality', 'job'];

	/** Without input: a door must refuse before it looks at what was sent. */
	async function knock(path: string, name: string): Promise<string> {
		const { actor } = actors.get(name)!;
		const context = createInnerContext({
			services: test.services,
			actor,
			practice: actor.kind === 'nobody' ? null : practice
		});
		const [router = '', procedure = ''] = path.split('.');
		const caller = createCaller(context) as unknown as Record<
			string,
			Record<string, (input: unknown) => Promise<unknown>>
		>;
		return caller[router]![procedure]!(undefined).then(
			() => 'OK',
			(e: { code?: string }) => e.code ?? String(e)
		);
	}

	it.each(names)(
		'opens to the %s what the matrix could ever allow, and nothing else',
		async (name) => {
			const { allowed } = actors.get(name)!;
			for (const [path, action] of Object.entries(procedureDoors)) {
				if (path === 'session.signOut') continue; // ends the session that the others need
				const answer = await knock(path, name);
				if (!allowed(action)) expect(refused, `${path} as ${name}: ${answer}`).toContain(answer);
				else expect(['UNAUTHORIZED'], `${path} as ${name}`).not.toContain(answer);
			}
		}
	);

	it('witnesses the refusals of those who have a name', async () => {
		const before = await events();
		await knock('people.list', 'sonographer');
		await knock('people.list', 'nobody');
		const after = await events();
		expect(after.length - before.length).toBe(1);
		expect(after.at(-1)).toMatchObject({
			action: 'access.refused',
			outcome: 'refused',
			detail: { door: 'people.list', code: 'not_allowed:user.manage' }
		});
	});

	async function events() {
		const rows = await test.services.db.query.auditEvents.findMany({
			orderBy: (row, { asc }) => asc(row.sequence),
			where: (row, { eq }) => eq(row.practiceId, practice.id)
		});
		return rows;
	}
});
