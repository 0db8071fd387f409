import { asc } from 'drizzle-orm';
import { DomainError } from '$lib/errors.ts';
import type { PracticeId } from '$lib/ids.ts';
import { practices } from '$lib/server/db/schema/practices.ts';
import type { Services } from '$lib/server/services.ts';

/** The practice named by id or name; without a name, the only one there is. */
export async function findPractice({ db }: Services, named?: string): Promise<PracticeId> {
	const all = await db
		.select({ id: practices.id, name: practices.name })
		.from(practices)
		.orderBy(asc(practices.createdAt));
	const found = named
		? all.filter((practice) => practice.id === named || practice.name === named)
		: all;
	if (found.length === 1 && found[0]) return found[0].id;
	const list = all.map((practice) => `${practice.id} (${practice.name})`).join(', ');
	throw new DomainError(
		'invalid_input',
		all.length === 0
			? 'there is no practice yet: run npm start and open the link it prints'
			: `name one with --practice: ${list}`
	);
}
