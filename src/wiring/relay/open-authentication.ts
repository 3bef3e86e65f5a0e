import type { Resolved, ServeConfig, Setting } from '../../config.ts';
import { findMeantOrigin, flagName, serveSettings } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import { readTextFile } from '../../files/read-text.ts';
import type { AuthenticatorOptions } from '../../relay/auth/auth.ts';
import { parseSecret } from '../../relay/auth/auth.ts';
import { createKeySets } from '../../relay/auth/key-sets.ts';
import type { RelayLog } from '../../relay/telemetry/log.ts';
import { createKeyFetcher } from './fetch-keys.ts';
import type { Setup } from '../setup.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/** Names a setting in messages as the operator sets it: by its flag or its variable. */
export type NameSetting = (setting: Pick<Setting<unknown>, 'flag' | 'env'>) => string;

export const nameFlag: NameSetting = (setting) => `--${flagName(setting)}`;
export const nameVariable: NameSetting = ({ env }) => env;

export interface AuthenticationOptions {
  readonly log: Pick<RelayLog, 'problem' | 'warning'>;
  readonly nameOf: NameSetting;
}

/**
 * Resolves the authentication settings. Rejects with `usage` for a setting that would have no effect, so that an unauthenticated relay
 * never looks authenticated, and with `input` if the secret's file cannot be read.
 */
export async function resolveAuthentication(
  setup: Setup,
  serve: Resolved<ServeConfig>,
  { log, nameOf }: AuthenticationOptions,
): Promise<AuthenticatorOptions> {
  const { jwksHosts, audience } = serve.config;
  const names = {
    audience: nameOf(serveSettings.audience),
    jwksHost: nameOf(serveSettings.jwksHosts),
    secretFile: nameOf(serveSettings.jwtSecretFile),
  };
  const now = () => setup.io.now();
  requireOrigin(serve);
  const secret = await readSecret(serve, setup.signal);
  if (secret && jwksHosts) throw new CctError('usage', `a secret and ${names.jwksHost} cannot be used together: give only one`);
  if (secret) return { kind: 'hs256', secret, audience, now };
  if (!jwksHosts) {
    if (audience === undefined) return { kind: 'none' };
    throw new CctError('usage', `${names.audience} has no effect without a secret (${names.secretFile}) or ${names.jwksHost}`);
  }
  if (audience === undefined) {
    const example = "the relay's public origin, e.g. https://relay.example";
    throw new CctError('usage', `${names.jwksHost} requires ${names.audience}: ${example}`);
  }
  const keySets = createKeySets({
    hosts: jwksHosts,
    fetchText: createKeyFetcher(setup),
    monotonicMs: () => performance.now(),
    onProblem: ({ message, cause }) => log.problem(message, setup.config.debug ? { cause } : {}),
    onWarning: (text) => log.warning(text),
  });
  return { kind: 'rs256', keySets, audience, now };
}

/** The platform's tokens contain an origin, which would not match an audience with a path or trailing slash. */
function requireOrigin({ config: { audience = '' }, givenBy }: Resolved<ServeConfig>): void {
  const origin = findMeantOrigin(audience);
  if (origin === undefined) return;
  throw new CctError('usage', `${givenBy.audience ?? ''}: expected an origin without a path or trailing slash: use ${origin}`);
}

async function readSecret(
  { config, origins }: Resolved<ServeConfig>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const { jwtSecretFile, jwtSecret } = config;
  if (jwtSecretFile !== undefined && jwtSecret !== undefined && origins.jwtSecretFile !== 'flag') {
    throw new CctError('usage', 'CCT_JWT_SECRET and CCT_JWT_SECRET_FILE cannot be used together: set only one');
  }
  if (jwtSecretFile !== undefined) return readSecretFile(jwtSecretFile, signal);
  return jwtSecret === undefined ? undefined : parseSecret(jwtSecret);
}

/** Reads a secret from a file; see `parseSecret`. Rejects with `input` if the file cannot be read, with `usage` if the secret is weak. */
export async function readSecretFile(file: string, signal?: AbortSignal): Promise<Uint8Array> {
  return parseSecret(await readTextFile(file, { maxBytes: MAX_SECRET_BYTES, signal }));
}

/** Describes which tokens a relay accepts. */
export function describeAuthentication({ kind }: AuthenticatorOptions, { jwksHosts = [] }: ServeConfig): string {
  if (kind === 'none') return 'no authentication';
  return kind === 'hs256' ? 'HS256 tokens' : `RS256 tokens of ${jwksHosts.join(', ')}`;
}

/** Where a relay listens. */
export interface ListenAddress {
  /** For messages. */
  readonly name: string;
  /** Whether other machines can reach it. */
  readonly isPublic: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

export function toListenAddress(host: string): ListenAddress {
  return { name: host, isPublic: !LOOPBACK.test(host) };
}

/** Throws `usage` if other machines could call without authentication; if that is allowed, logs a warning instead. */
export function requireAuthentication(
  { name, isPublic }: ListenAddress,
  { kind }: AuthenticatorOptions,
  { log, nameOf, allowAnonymous }: AuthenticationOptions & Pick<ServeConfig, 'allowAnonymous'>,
): void {
  if (kind !== 'none' || !isPublic) return;
  if (allowAnonymous) {
    log.warning(`${name} is reachable by others, and there is no authentication: anyone can send requests`);
    return;
  }
  const [file, host, anonymous] = [serveSettings.jwtSecretFile, serveSettings.jwksHosts, serveSettings.allowAnonymous].map(
    nameOf,
  );
  throw new CctError(
    'usage',
    `${name} is reachable by others, and no authentication is set: give ${file} or ${host}, or allow it with ${anonymous}`,
  );
}

/** The error with which `serve` would refuse to start with these settings, if any. Contains no secret. */
export async function findRefusal(setup: Setup, serve: Resolved<ServeConfig>): Promise<CctError | undefined> {
  const { host, allowAnonymous } = serve.config;
  const options = { log: { problem: () => undefined, warning: () => undefined }, nameOf: nameFlag, allowAnonymous };
  try {
    requireAuthentication(toListenAddress(host), await resolveAuthentication(setup, serve, options), options);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CctError) return thrown;
    throw thrown;
  }
}
