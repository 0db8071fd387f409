import { desc } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '$lib/access/actor.ts';
import type { PracticeId } from '$lib/ids.ts';
import { loadPractice } from '$lib/server/auth/practice.ts';
import { changePractice, practiceChangeSchema } from '$lib/server/commands/change-practice.ts';
import { auditEvents } from '$lib/server/db/schema/index.ts';
import { buildPerson, buildPractice } from '../../support/people.ts';
import { createTestServices, type TestServices } from '../../support/services.ts';

let test: TestServices;
let practiceId: PracticeId;
let admin: UserActor;

beforeAll(async () => {
	test = await createTestServices();
	practiceId = await buildPractice(test.services, undefined, { paper: 'letter' });
	admin = await buildPerson(test.services, { practiceId, roles: ['admin'] });
});

const change = (input: unknown, steppedUp = true) =>
	changePractice(test.services, admin, practiceChangeSchema.parse(input), steppedUp);
const now = async () => (await loadPractice(test.services.db, practiceId))!;

describe('the settings of a practice', () => {
	it('change where something is given, and stay where nothing is', async () => {
		await change({
			timeZone: 'America/New_York',
			settings: { display: { length: 'mm', velocity: 'm/s' }, patientReleaseAfterHours: 72 }
		});
		const { timeZone, settings } = await now();
		expect(timeZone).toBe('America/New_York');
		expect(settings).toMatchObject({
			paper: 'letter',
			patientReleaseAfterHours: 72,
			display: { length: 'mm', velocity: 'm/s' }
		});
	});

	it('write down what was and what is, and nothing when nothing changed', async () => {
		const events = () =>
			test.services.db.select().from(auditEvents).orderBy(desc(auditEvents.sequence));
		await change({ settings: { patientReleaseAfterHours: 24 } });
		const [event] = await events();
		expect(event).toMatchObject({ action: 'practice.changed', object: `practice:${practiceId}` });
		expect(event?.detail['before']).toBe('{"patientReleaseAfterHours":72}');
		expect(event?.detail['after']).toBe('{"patientReleaseAfterHours":24}');
		const count = (await events()).length;
		await change({ settings: { patientReleaseAfterHours: 24 } });
		expect(await events()).toHaveLength(count);
	});

	it.each([
		{ timeZone: 'Mars/Olympus' },
		{ settings: { patientReleaseAfterHours: -1 } },
		{ settings: { sessions: { idleMinutes: 600, absoluteHours: 12 } } },
		{ settings: { reportedEfOrder: ['guess'] } },
		{ settings: { role: 'admin' } },
		{ name: ' ' }
	])('refuse %j', (input) => {
		expect(practiceChangeSchema.safeParse(input).success).toBe(false);
	});

	it('refuse what does not go together', async () => {
		const longer = { defaultDays: 30, maxDays: 7, passcodeByDefault: true };
		const sharing = { ...longer, othersMayShare: false, patientsMayShare: false };
		for (const settings of [
			{ sharing },
			{ holidays: ['Christmas'] },
			{ reportedEfOrder: ['3d', '3d'] }
		]) {
			await expect(change({ settings })).rejects.toMatchObject({ code: 'invalid_input' });
		}
	});

	it('change only after a fresh proof, and only by administrators', async () => {
		await expect(change({ name: 'X' }, false)).rejects.toMatchObject({
			code: 'reauthentication_required'
		});
		const physician = await buildPerson(test.services, { practiceId, roles: ['physician'] });
		await expect(
			changePractice(test.services, physician, practiceChangeSchema.parse({ name: 'X' }), true)
		).rejects.toMatchObject({ code: 'not_allowed' });
	});
});
