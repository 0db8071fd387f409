import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from '$lib/errors.ts';

/**
 * Secrets that we must be able to say again, such as another system's password. What we only have to
 * recognise is stored as a hash instead (`auth/secret.ts`). The key is not in the database.
 */
const keyFrom = (secret: string): Buffer =>
	Buffer.from(hkdfSync('sha256', secret, '', 'readroom sealed secrets v1', 32));

/**
 * AES-256-GCM. `context` says what the secret belongs to, for example `destination:7`: sealed text
 * that is copied to another row does not open there.
 */
export function seal(secretsKey: string, context: string, text: string): string {
	const iv = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', keyFrom(secretsKey), iv);
	cipher.setAAD(Buffer.from(context));
	const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
	const parts = [iv, sealed, cipher.getAuthTag()];
	return ['v1', ...parts.map((part) => part.toString('base64url'))].join('.');
}

/** @throws DomainError `conflict` when the key is another one, or the text was changed. */
export function unseal(secretsKey: string, context: string, sealed: string): string {
	const [version, iv = '', text = '', tag = ''] = sealed.split('.');
	try {
		if (version !== 'v1') throw new Error('unknown version');
		const decipher = createDecipheriv(
			'aes-256-gcm',
			keyFrom(secretsKey),
			Buffer.from(iv, 'base64url'),
			{ authTagLength: 16 }
		);
		decipher.setAAD(Buffer.from(context));
		decipher.setAuthTag(Buffer.from(tag, 'base64url'));
		return decipher.update(text, 'base64url', 'utf8') + decipher.final('utf8');
	} catch (cause) {
		throw new DomainError(
			'conflict',
			'The stored credential cannot be opened with this server’s key. Enter it again.',
			{ cause }
		);
	}
}
