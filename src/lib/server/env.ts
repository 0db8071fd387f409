import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const flag = z
	.enum(['0', '1', 'true', 'false', ''])
	.default('0')
	.transform((v) => v === '1' || v === 'true');
const port = z.coerce.number().int().min(0).max(65_535);
/** An empty variable is one that is not set. */
const optional = <T extends z.ZodType>(schema: T) =>
	z.preprocess((v) => (v === '' ? undefined : v), schema.optional());

const weak = /^(.)\1*$|change.?me|secret|password|example|0123456789|abcdefgh/i;
const secret = z
	.string()
	.min(32, 'needs at least 32 characters; make one with: openssl rand -base64 32')
	.refine((v) => !weak.test(v), 'looks guessable; make one with: openssl rand -base64 32');

const schema = z.object({
	NODE_ENV: z.string().default('production'),
	/** Everything that is not in the database: embedded database, images, keys, anchors. */
	DATA_DIR: z
		.string()
		.min(1)
		.default('./data')
		.transform((v) => resolve(v)),
	/** Loopback unless told otherwise (P1). */
	HOST: z.string().min(1).default('127.0.0.1'),
	PORT: port.default(3000),
	/** The one address of this server, `https://echo.example.org`; unset: as the request says. */
	ORIGIN: optional(z.url({ protocol: /^https?$/ })),
	/** Believe X-Forwarded-* (G6). Only behind a proxy that sets them itself. */
	TRUST_PROXY: flag,
	TLS_KEY: optional(z.string()),
	TLS_CERT: optional(z.string()),
	/** PostgreSQL, as the application's own role. Unset: the embedded database in DATA_DIR. */
	DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
	/** PostgreSQL as the owner of the tables: for migrations alone. */
	DATABASE_OWNER_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
	DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(20),
	/** `accept`: run production on the embedded database, which survives crashes, not power cuts. */
	EMBEDDED_DB: optional(z.literal('accept')),
	/** A DICOMweb archive; unset: Part 10 files in DATA_DIR. */
	ARCHIVE_URL: optional(z.url({ protocol: /^https?$/ })),
	ARCHIVE_USER: optional(z.string()),
	ARCHIVE_PASSWORD: optional(z.string()),
	ARCHIVE_TOKEN: optional(z.string()),
	/** Hosts in private networks to which an administrator may point us, comma separated (D4). */
	ARCHIVE_ALLOW_HOSTS: z
		.string()
		.default('')
		.transform((v) =>
			v
				.split(',')
				.map((h) => h.trim())
				.filter(Boolean)
		),
	/** The door for machines; unset: closed. */
	DIMSE_PORT: optional(port),
	DIMSE_HOST: z.string().default('127.0.0.1'),
	DIMSE_AE_TITLE: z.string().max(16).default('READROOM'),
	REDIS_URL: optional(z.url()),
	/** Keys the audit chain (M4). Unset: made once, in DATA_DIR, readable by this user alone. */
	AUDIT_KEY: optional(secret),
	/** Seals what we must be able to say again, such as a destination's password. Like AUDIT_KEY. */
	SECRETS_KEY: optional(secret),
	LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info')
});

export type Env = Omit<z.output<typeof schema>, 'AUDIT_KEY' | 'SECRETS_KEY'> & {
	AUDIT_KEY: string;
	SECRETS_KEY: string;
};

/** Says which variable is wrong, what is wrong with it, and never its value. */
export class EnvironmentError extends Error {
	constructor(findings: string[]) {
		super(`The environment is not usable:\n${findings.map((f) => `  ${f}`).join('\n')}`);
		this.name = 'EnvironmentError';
	}
}

/** Reads and judges the environment. Makes DATA_DIR, and in it the keys that are not given. */
export function readEnv(variables: Record<string, string | undefined>): Env {
	const parsed = schema.safeParse(variables);
	if (!parsed.success) {
		throw new EnvironmentError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`));
	}
	const env = parsed.data;
	if (Boolean(env.TLS_KEY) !== Boolean(env.TLS_CERT)) {
		throw new EnvironmentError(['TLS_KEY and TLS_CERT: give both or none']);
	}
	if (env.DATABASE_OWNER_URL && !env.DATABASE_URL) {
		throw new EnvironmentError(['DATABASE_OWNER_URL: needs DATABASE_URL beside it']);
	}
	mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
	const kept = (name: string) => keyFile(join(env.DATA_DIR, name));
	return {
		...env,
		AUDIT_KEY: env.AUDIT_KEY ?? kept('audit.key'),
		SECRETS_KEY: env.SECRETS_KEY ?? kept('secrets.key')
	};
}

/**
 * The embedded database survives crashes, not power cuts, and serves one process: nobody keeps
 * reports in it without having said that they know (N10).
 */
export function refuseUnacceptedDatabase(env: Env): void {
	if (env.DATABASE_URL || env.EMBEDDED_DB === 'accept') return;
	throw new EnvironmentError([
		'DATABASE_URL: not set. For real work set it to a PostgreSQL, for example DATABASE_URL=postgres://user:password@localhost:5432/readroom.',
		'EMBEDDED_DB: not set. To try Readroom with the database that comes with it, start it with EMBEDDED_DB=accept: it survives a killed process, but a power cut can lose what was saved last.'
	]);
}

function keyFile(path: string): string {
	if (!existsSync(path)) {
		try {
			writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
		} catch (e) {
			// Another process made it in the same moment: its key is the key.
			if (!(e instanceof Error && 'code' in e && e.code === 'EEXIST')) throw e;
		}
	}
	const key = secret.safeParse(readFileSync(path, 'utf8').trim());
	if (!key.success) throw new EnvironmentError([`${path}: the key in it is damaged`]);
	return key.data;
}
