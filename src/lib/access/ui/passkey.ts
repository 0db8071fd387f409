import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { trpc } from '../../trpc.ts';

/** Loaded when somebody asks for it: most page views never do. */
const webauthn = () => import('@simplewebauthn/browser');

/** A passkey belongs to a site's name; at a bare network address there can be none (WebAuthn 5.1.2). */
export const hasName = (hostname: string): boolean => !/^[\d.]+$|^\[/.test(hostname);

/** Asks the authenticator and signs in; throws a DOMException when the person broke it off. */
export async function signInWithPasskey(): Promise<void> {
	const { challengeId, options } = await trpc.session.passkeySignInOptions.mutate();
	const { startAuthentication } = await webauthn();
	const response = await startAuthentication({ optionsJSON: options });
	await trpc.session.passkeySignIn.mutate({ challengeId, response });
}

/** Makes a passkey for the person who is signed in. */
export async function addPasskey(name: string): Promise<void> {
	const { challengeId, options } = await trpc.session.addPasskeyOptions.mutate();
	const { startRegistration } = await webauthn();
	const response = await startRegistration({ optionsJSON: options });
	await trpc.session.addPasskey.mutate({ challengeId, name, response });
}

/** Asks the authenticator over a challenge of the server; the proof for signing or stepping up. */
export async function proveByPasskey(begun: {
	challengeId: string;
	options: PublicKeyCredentialRequestOptionsJSON;
}) {
	const { startAuthentication } = await webauthn();
	const response = await startAuthentication({ optionsJSON: begun.options });
	return { kind: 'passkey' as const, challengeId: begun.challengeId, response };
}
