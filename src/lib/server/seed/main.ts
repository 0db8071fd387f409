import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '../env.ts';
import { openServices } from '../start.ts';
import { isSeeded, seedDemo, type DemoLinks } from './demo.ts';
import { demoPassword, demoPeople, otherPerson } from './people.ts';

/** What `npm run demo` prints: who can sign in, and the one link. */
export interface DemoFacts extends DemoLinks {
	password: string;
	people: { email: string; name: string; roles: string }[];
}

/**
 * Seeds the data folder of the environment once. The facts stay in `demo.json` beside it, readable by
 * this user alone: the link's secret is in no database, and a second start prints it again.
 */
async function main(): Promise<void> {
	const env = readEnv({ LOG_LEVEL: 'error', ...process.env });
	const file = join(env.DATA_DIR, 'demo.json');
	const running = await openServices({ env });
	try {
		if (await isSeeded(running.services)) {
			if (!existsSync(file)) console.log('The demo was seeded before.');
			return;
		}
		const links = await seedDemo(running.services, (words) => console.log(`  ${words}`));
		const facts: DemoFacts = {
			...links,
			password: demoPassword,
			people: [...Object.values(demoPeople), otherPerson].map(({ email, name, roles }) => ({
				email,
				name,
				roles: roles.join(', ')
			}))
		};
		writeFileSync(file, JSON.stringify(facts, null, '\t'), { mode: 0o600 });
	} finally {
		await running.close();
	}
}

await main();
process.exit(0);
