import { publicProcedure, router } from '../procedures.ts';

/** Who is signed in, and what is theirs. */
export const sessionRouter = router({
	/** Null when nobody is. */
	me: publicProcedure.query(({ ctx: { actor, practice } }) => {
		if (actor.kind !== 'user' || !practice) return null;
		return {
			userId: actor.userId,
			name: actor.name,
			roles: [...actor.roles],
			licensed: actor.licensed,
			practice: { id: practice.id, name: practice.name, timeZone: practice.timeZone }
		};
	})
});
