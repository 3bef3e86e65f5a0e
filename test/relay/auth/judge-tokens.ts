import { expect } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { Authenticator } from '../../../src/relay/auth/auth.ts';
import { createAuthenticator, parseSecret } from '../../../src/relay/auth/auth.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import type { FakeJwks } from '../../helpers/fake-jwks.ts';
import { createRsaSigner } from '../../helpers/tokens.ts';
import { startKeyHost, fetchKeys } from '../../helpers/key-host.ts';

/** The moment at which tokens are judged. */
export const NOW_SECONDS = 1_900_000_000;
export const now = () => new Date(NOW_SECONDS * 1000);

/** The relay that asks for tokens, its secret, and who signs with the key that it takes. */
export const AUDIENCE = 'https://relay.example';
export const SECRET = parseSecret('a secret of which nobody knows, 0123456789');
export const signer = createRsaSigner('key-1');

/** What `judge` says. */
export const GOOD = 'good';
export const MISSING = 'Authorization header is missing';
export const WRONG_TYPE = 'Wrong authorization type';
export const WRONG_STRUCTURE = 'Wrong JWT structure';
export const WRONG_PAYLOAD = 'Wrong JWT payload structure';
export const WRONG_AUDIENCE = 'Wrong configuration-token-audience';
export const WRONG_KEY = 'Failed to decode JWT with provided key';

/** What becomes of a header: `good`, or why not. Fails on every error that is no refusal. */
export async function judge(authenticate: Authenticator, header: string | null | undefined): Promise<string> {
  const thrown: unknown = await authenticate(header).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown === undefined) return GOOD;
  if (!(thrown instanceof CctError) || thrown.code !== 'unauthorized') throw new Error('No refusal', { cause: thrown });
  const prefix = 'Authorization failed: ';
  expect(thrown.message.slice(0, prefix.length)).toBe(prefix);
  return thrown.message.slice(prefix.length);
}

/** The error with which a token is refused, or judging it fails. */
export async function failureOf(authenticate: Authenticator, header: string): Promise<CctError> {
  const thrown: unknown = await authenticate(header).catch((reason: unknown) => reason);
  if (!(thrown instanceof CctError)) throw new Error('It did not fail as it should', { cause: thrown });
  return thrown;
}

/** Takes tokens of `signer`, whose key it fetches from a host of its own. */
export async function startRs256(): Promise<{ readonly authenticate: Authenticator; readonly host: FakeJwks }> {
  const host = await startKeyHost({ keys: [signer.jwk] });
  const keySets = createKeySets({ hosts: [host.host], fetchText: fetchKeys, monotonicMs: () => NOW_SECONDS * 1000 });
  return { authenticate: createAuthenticator({ kind: 'rs256', keySets, audience: AUDIENCE, now }), host };
}

/** Takes tokens that are signed with `SECRET`. */
export const hs256 = createAuthenticator({ kind: 'hs256', secret: SECRET, audience: AUDIENCE, now });

/** Claims that are taken. */
export const good = { aud: AUDIENCE };
