import { hash, verify, type Options } from '@node-rs/argon2';
import { newSecret } from './secret.ts';

/** OWASP's least for argon2id, the package's default kind (A6). */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The same text typed on two keyboards is the same password; nothing is cut. */
const normalise = (password: string) => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(normalise(password), cost);

/** A hash nobody has the password of: unknown names take the same path and time (A8). */
let dummy: Promise<string> | undefined;

/** False for a wrong password, and after the same work for a person without one. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
	const against = stored ?? (await (dummy ??= hash(newSecret(), cost)));
	const matches = await verify(against, normalise(password));
	return stored !== null && matches;
}
