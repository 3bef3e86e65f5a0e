import type { CryptoKey } from 'jose';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { KeySets } from './key-sets.ts';
import { SECRET_PLACEHOLDER } from '../docs/module-type.ts';

/** Tolerance of `exp` and `nbf`, since clocks differ (RFC 7519, sections 4.1.4 and 4.1.5). */
const LEEWAY_SECONDS = 60;
/** The platform's tokens are shorter. A longer one is not parsed. */
const MAX_HEADER_CHARACTERS = 16 * 1024;
/** A key for HMAC with SHA-256 must be at least as long as the hash (RFC 7518, section 3.2). */
const LEAST_SECRET_BYTES = 32;

/** The beginning of every `unauthorized` message, followed by the reason. */
export const AUTH_FAILURE_PREFIX = 'Authorization failed: ';

/** Resolves for a valid `Authorization` header; rejects with `unauthorized` otherwise, or `internal` on a bug. */
export type Authenticator = (authorization: string | null | undefined) => Promise<void>;

/**
 * `none`: accepts every caller. `hs256`: accepts tokens signed with a shared secret; see `parseSecret`. `rs256`: accepts tokens signed with
 * a key of a trusted host, as Threat Response does. `audience`: the required `aud`, never taken from the request; undefined accepts any.
 */
export type AuthenticatorOptions =
  | { readonly kind: 'none' }
  | { readonly kind: 'hs256'; readonly secret: Uint8Array; readonly audience: string | undefined; readonly now: () => Date }
  | { readonly kind: 'rs256'; readonly keySets: KeySets; readonly audience: string; readonly now: () => Date };

type TokenOptions = Exclude<AuthenticatorOptions, { readonly kind: 'none' }>;

const ALGORITHMS = { hs256: 'HS256', rs256: 'RS256' } as const;

/**
 * Creates the check of a relay's tokens. The algorithm is fixed (RFC 8725, section 3.1), and a token cannot choose its key: `jku`, `jwk`,
 * `x5u`, `x5c` and `jwks_host` are ignored. Messages are those of Cisco's relays, and contain no part of a token or secret.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  if (options.kind === 'none') return () => Promise.resolve();
  return async (authorization) => {
    try {
      await verifyToken(parseToken(authorization), options);
    } catch (thrown) {
      throw toAuthError(thrown);
    }
  };
}

/** The bytes of a secret, without a final line break, which editors add. Throws `usage` for a guessable secret or fewer than 32 bytes. */
export function parseSecret(given: Uint8Array | string): Uint8Array {
  const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : given;
  const lineBreak = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) !== 0x0d ? 1 : 2;
  const secret = bytes.slice(0, bytes.length - lineBreak);
  if (secret.length < LEAST_SECRET_BYTES) {
    throw new CctError(
      'usage',
      `The HS256 secret has ${toAmount(secret.length, 'byte')}; RFC 7518, section 3.2, requires at least ${LEAST_SECRET_BYTES}`,
    );
  }
  const weakness = toWeakness(secret);
  if (weakness === undefined) return secret;
  throw new CctError('usage', `The HS256 secret is ${weakness}; generate one with \`openssl rand -hex 32\``);
}

function toWeakness(secret: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(secret).trim();
  if (text === SECRET_PLACEHOLDER) return 'the public placeholder of `cct module-type`';
  if (text === '') return 'blank';
  return new Set(secret).size === 1 ? 'a single repeated character' : undefined;
}

/** Parses `Bearer <token>`; the scheme's case does not matter (RFC 9110, section 11.1). */
function parseToken(authorization: string | null | undefined): string {
  const header = authorization ?? '';
  if (header.length > MAX_HEADER_CHARACTERS) {
    throw toRefusal(`Authorization header is longer than ${formatCount(MAX_HEADER_CHARACTERS)} characters`);
  }
  const [scheme = '', ...rest] = header.trim().split(/ +/);
  if (scheme === '') throw toRefusal('Authorization header is missing');
  if (scheme.toLowerCase() !== 'bearer') throw toRefusal('Wrong authorization type');
  const token = rest.join(' ');
  // RFC 7515, section 3.1: three parts in base64url without padding. Lenient decoders would accept several spellings of one token.
  if (!/^[\w-]+\.[\w-]*\.[\w-]*$/.test(token)) throw toRefusal('Wrong JWT structure');
  return token;
}

async function verifyToken(token: string, options: TokenOptions): Promise<void> {
  const { alg, kid } = parseHeader(token);
  // Check before fetching any key.
  if (alg !== ALGORITHMS[options.kind]) throw toRefusal('Failed to decode JWT with provided key');
  if (options.kind === 'hs256') {
    await verifySignatureAndClaims(token, options.secret, options);
    return;
  }
  if (typeof kid !== 'string') throw toRefusal('Wrong JWT structure');

  let failure: Error | undefined;
  for await (const key of options.keySets.find(kid)) {
    try {
      await verifySignatureAndClaims(token, key, options);
      return;
    } catch (thrown) {
      // Another key with this kid may verify it.
      if (!(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
      failure = thrown;
    }
  }
  throw failure ?? toKeyRefusal(options.keySets);
}

function parseHeader(token: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(token);
  } catch {
    // The cause would quote the token.
    throw toRefusal('Wrong JWT structure');
  }
}

async function verifySignatureAndClaims(token: string, key: Uint8Array | CryptoKey, options: TokenOptions): Promise<void> {
  await jwtVerify(token, key, {
    algorithms: [ALGORITHMS[options.kind]],
    clockTolerance: LEEWAY_SECONDS,
    currentDate: options.now(),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  });
}

function toRefusal(reason: string, cause?: unknown): CctError {
  return new CctError('unauthorized', `${AUTH_FAILURE_PREFIX}${reason}`, cause === undefined ? {} : { cause });
}

/** The refusal if no key was found. An unreachable host may have it. */
function toKeyRefusal(keySets: KeySets): CctError {
  const [problem] = keySets.problems();
  if (problem === undefined) return toRefusal('kid from JWT header not found in API response');
  return toRefusal('Cannot fetch the keys to verify the JWT', problem);
}

function toAuthError(thrown: unknown): CctError {
  if (thrown instanceof CctError) return thrown;
  const reason = thrown instanceof errors.JOSEError ? toReason(thrown) : undefined;
  if (thrown instanceof errors.JOSEError && reason !== undefined) {
    // jose's errors carry claims and parts of the header, which must not be logged.
    return toRefusal(reason, new Error(thrown.code));
  }
  return new CctError('internal', 'Cannot check the authorization: this is a bug in cct', { cause: thrown });
}

/** The reasons for the caller, by jose's code. No token can cause other errors. */
const REASONS: Readonly<Record<string, string>> = {
  [errors.JOSEAlgNotAllowed.code]: 'Failed to decode JWT with provided key',
  [errors.JWSSignatureVerificationFailed.code]: 'Failed to decode JWT with provided key',
  [errors.JWSInvalid.code]: 'Wrong JWT structure',
  // A `crit` header parameter, since the algorithm is fixed.
  [errors.JOSENotSupported.code]: 'Wrong JWT structure',
  [errors.JWTInvalid.code]: 'Wrong JWT payload structure',
  [errors.JWTExpired.code]: 'JWT has expired',
};

function toReason(error: errors.JOSEError): string | undefined {
  return error instanceof errors.JWTClaimValidationFailed ? toClaimReason(error) : REASONS[error.code];
}

function toClaimReason({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (claim === 'aud') return 'Wrong configuration-token-audience';
  return claim === 'nbf' && reason === 'check_failed' ? 'JWT is not yet valid' : 'Wrong JWT payload structure';
}
