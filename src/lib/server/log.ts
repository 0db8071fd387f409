import { pino, type Logger as PinoLogger } from 'pino';
import { loggedError } from './log-error.ts';

export type Logger = PinoLogger;

/** Keys that never reach a log, wherever they stand (M5, P2). */
const hidden = [
	'authorization',
	'cookie',
	'password',
	'passcode',
	'secret',
	'token',
	'patientName',
	'birthDate'
].flatMap((key) => [key, `*.${key}`, `*.*.${key}`, `*["${key}"]`]);

/**
 * The operators' log: one JSON object a line, so line breaks in values are escaped. It holds ids and
 * reasons, never a patient's data, never a secret.
 */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
	const options = {
		level,
		base: undefined,
		serializers: { err: (error: unknown) => loggedError(error) },
		redact: { paths: hidden, censor: '[hidden]' },
		timestamp: () => `,"time":"${new Date().toISOString()}"`
	};
	return destination ? pino(options, destination) : pino(options);
}
