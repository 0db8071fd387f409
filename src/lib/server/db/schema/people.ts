import {
	boolean,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	text,
	uniqueIndex
} from 'drizzle-orm/pg-core';
import type { Role } from '$lib/access/actor.ts';
import type { PatientId, PracticeId, UserId } from '$lib/ids.ts';
import { at, bytea } from './columns.ts';
import { practices } from './practices.ts';

export const users = pgTable(
	'users',
	{
		id: text('id').$type<UserId>().primaryKey(),
		/** Lower case. */
		email: text('email').notNull(),
		/** As printed under a signature. */
		name: text('name').notNull(),
		/** Printed after the name: "MD, FACC". */
		credentials: text('credentials').notNull().default(''),
		/** argon2id, PHC string; null until the one-time link was used. */
		passwordHash: text('password_hash'),
		locale: text('locale').notNull().default('en'),
		preferences: jsonb('preferences').$type<Record<string, unknown>>().notNull().default({}),
		/** The place of the enforced second factor: once set, a session needs `secondFactorAt`. */
		secondFactorRequired: boolean('second_factor_required').notNull().default(false),
		disabledAt: at('disabled_at'),
		createdAt: at('created_at').notNull()
	},
	(t) => [uniqueIndex('users_email').on(t.email)]
);

/** What a person may be in a practice. Roles add up. */
export const memberships = pgTable(
	'memberships',
	{
		userId: text('user_id')
			.$type<UserId>()
			.notNull()
			.references(() => users.id),
		practiceId: text('practice_id')
			.$type<PracticeId>()
			.notNull()
			.references(() => practices.id),
		roles: text('roles').array().$type<Role[]>().notNull(),
		/** Set for the role `patient`: whose records are theirs. */
		patientId: text('patient_id').$type<PatientId>(),
		/** A fellow whom the practice marks as a licensed physician (rule c17). */
		licensed: boolean('licensed').notNull().default(false),
		createdAt: at('created_at').notNull()
	},
	(t) => [primaryKey({ columns: [t.userId, t.practiceId] })]
);

/** The cookie holds `id.secret`; of the secret only SHA-256 is here (rule A1). */
export const sessions = pgTable(
	'sessions',
	{
		/** Names the session in events and lists; opens nothing. */
		id: text('id').primaryKey(),
		secretHash: text('secret_hash').notNull(),
		userId: text('user_id')
			.$type<UserId>()
			.notNull()
			.references(() => users.id),
		expiresAt: at('expires_at').notNull(),
		practiceId: text('practice_id').$type<PracticeId>().notNull(),
		lastActiveAt: at('last_active_at').notNull(),
		absoluteExpiresAt: at('absolute_expires_at').notNull(),
		/** When a passkey or another second factor was last given in this session. */
		secondFactorAt: at('second_factor_at'),
		/** When the person last proved in this session that it is them; signing in counts. */
		confirmedAt: at('confirmed_at').notNull(),
		address: text('address').notNull().default(''),
		device: text('device').notNull().default(''),
		createdAt: at('created_at').notNull()
	},
	(t) => [index('sessions_user').on(t.userId)]
);

export const passkeys = pgTable('passkeys', {
	/** WebAuthn credential id, base64url. */
	id: text('id').primaryKey(),
	userId: text('user_id')
		.$type<UserId>()
		.notNull()
		.references(() => users.id),
	publicKey: bytea('public_key').notNull(),
	counter: integer('counter').notNull(),
	transports: text('transports').array().notNull(),
	name: text('name').notNull(),
	createdAt: at('created_at').notNull(),
	lastUsedAt: at('last_used_at')
});

/** Good once, for two minutes, bound to what it is about (rule L1). */
export const authChallenges = pgTable('auth_challenges', {
	id: text('id').primaryKey(),
	purpose: text('purpose', { enum: ['register', 'sign-in', 'sign-report'] }).notNull(),
	userId: text('user_id').$type<UserId>(),
	challenge: text('challenge').notNull(),
	/** For `sign-report`: the content hashes and the meaning that the proof covers. */
	subject: jsonb('subject').$type<Record<string, unknown>>().notNull().default({}),
	expiresAt: at('expires_at').notNull(),
	usedAt: at('used_at')
});

/** Growing delay per account and per address (rule A8). `key` is hashed. */
export const signInAttempts = pgTable('sign_in_attempts', {
	key: text('key').primaryKey(),
	failures: integer('failures').notNull(),
	lastAt: at('last_at').notNull(),
	blockedUntil: at('blocked_until')
});

/** One-time links: the first admin, an invitation, a password reset. Secret is stored hashed. */
export const invitations = pgTable('invitations', {
	id: text('id').primaryKey(),
	secretHash: text('secret_hash').notNull(),
	practiceId: text('practice_id').$type<PracticeId>().notNull(),
	userId: text('user_id').$type<UserId>().notNull(),
	purpose: text('purpose', { enum: ['first-admin', 'invitation', 'reset'] }).notNull(),
	expiresAt: at('expires_at').notNull(),
	usedAt: at('used_at'),
	createdAt: at('created_at').notNull()
});

export const apiTokens = pgTable('api_tokens', {
	id: text('id').primaryKey(),
	practiceId: text('practice_id')
		.$type<PracticeId>()
		.notNull()
		.references(() => practices.id),
	userId: text('user_id')
		.$type<UserId>()
		.notNull()
		.references(() => users.id),
	name: text('name').notNull(),
	secretHash: text('secret_hash').notNull(),
	scopes: text('scopes').array().notNull(),
	expiresAt: at('expires_at').notNull(),
	revokedAt: at('revoked_at'),
	lastUsedAt: at('last_used_at'),
	createdAt: at('created_at').notNull()
});
