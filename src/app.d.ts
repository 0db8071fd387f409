import type { Actor } from '$lib/access/actor.ts';
import type { ErrorCode } from '$lib/errors.ts';
import type { Practice } from '$lib/server/auth/practice.ts';
import type { Session } from '$lib/server/auth/sessions.ts';
import type { Services } from '$lib/server/services.ts';

declare global {
	namespace App {
		interface Locals {
			services: Services;
			/** Who asks: exactly one of session, token or share link; never a union (B5). */
			actor: Actor;
			/** In which the actor acts; null for nobody. */
			practice: Practice | null;
			/** Of a person who is signed in. */
			session: Session | null;
			requestId: string;
		}
		interface Error {
			message: string;
			code?: ErrorCode;
			detail?: string;
			/** Quote it to the operator; the log explains it. */
			id?: string;
		}
	}
}
