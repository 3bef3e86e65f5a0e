import type { Resolved, ServeConfig } from '../config.ts';
import { findMeantOrigin } from '../config.ts';
import { CctError } from '../core/errors.ts';
import { readTextFile } from '../files/read-text.ts';
import type { AuthenticatorOptions } from '../relay/auth/auth.ts';
import { parseSecret } from '../relay/auth/auth.ts';
import { createKeySets } from '../relay/auth/key-sets.ts';
import type { RelayLog } from '../relay/telemetry/log.ts';
import { createKeyFetcher } from './fetch-keys.ts';
import type { Setup } from './setup.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/**
 * How the settings say that callers are known. Throws `usage` for a setting that would be without effect: an open door must not look
 * closed. Throws `input` where the file of the secret cannot be read.
 */
export async function resolveAuthentication(
  setup: Setup,
  serve: Resolved<ServeConfig>,
  log: Pick<RelayLog, 'problem'>,
): Promise<AuthenticatorOptions> {
  const { jwksHosts, audience } = serve.config;
  const now = () => setup.io.now();
  refuseAudienceWithPath(serve);
  const secret = await readSecret(serve);
  if (secret && jwksHosts) throw new CctError('usage', 'a secret and --jwks-host exclude each other: give only one');
  if (secret) return { kind: 'hs256', secret, audience, now };
  if (!jwksHosts) {
    if (audience === undefined) return { kind: 'none' };
    throw new CctError('usage', '--audience has no effect without a secret (--jwt-secret-file) or --jwks-host');
  }
  if (audience === undefined)
    throw new CctError('usage', "--jwks-host requires --audience: the relay's public origin, e.g. https://relay.example");
  const keySets = createKeySets({
    hosts: jwksHosts,
    fetchText: createKeyFetcher(setup),
    monotonicMs: () => performance.now(),
    onProblem: ({ message, cause }) => log.problem(message, { cause }),
  });
  return { kind: 'rs256', keySets, audience, now };
}

/** The platform's tokens name an origin: they would not match an audience with a path or a slash at its end. */
function refuseAudienceWithPath({ config: { audience = '' }, givenBy }: Resolved<ServeConfig>): void {
  const origin = findMeantOrigin(audience);
  if (origin === undefined) return;
  throw new CctError('usage', `${givenBy.audience ?? ''}: expected an origin without path or slash at its end: use ${origin}`);
}

async function readSecret({ config, origins }: Resolved<ServeConfig>): Promise<Uint8Array | undefined> {
  const { jwtSecretFile, jwtSecret } = config;
  if (jwtSecretFile !== undefined && jwtSecret !== undefined && origins.jwtSecretFile !== 'flag') {
    throw new CctError('usage', 'CCT_JWT_SECRET and CCT_JWT_SECRET_FILE exclude each other: set only one');
  }
  if (jwtSecretFile !== undefined) return readSecretFile(jwtSecretFile);
  return jwtSecret === undefined ? undefined : parseSecret(jwtSecret);
}

/** The secret in a file; see `parseSecret`. Rejects with `input` when it cannot be read, with `usage` when it is weak. */
export async function readSecretFile(file: string): Promise<Uint8Array> {
  return parseSecret(await readTextFile(file, { maxBytes: MAX_SECRET_BYTES }));
}

/** Who may call, in words. */
export function toAccess({ kind }: AuthenticatorOptions, { jwksHosts = [] }: ServeConfig): string {
  if (kind === 'none') return 'no authentication';
  return kind === 'hs256' ? 'HS256 tokens' : `RS256 tokens of ${jwksHosts.join(', ')}`;
}

/** Where a relay stands, as a message names it, and whether others than its own machine can reach it. */
export interface Door {
  readonly place: string;
  readonly isOpen: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** The door of a server that listens on this host. */
export function toDoor(host: string): Door {
  return { place: host, isOpen: !LOOPBACK.test(host) };
}

/** Throws `usage` where anybody could call by mistake; where that is meant it is said. */
export function refuseOpenDoor({ place, isOpen }: Door, { kind }: AuthenticatorOptions, options: OpenDoorOptions): void {
  if (kind !== 'none' || !isOpen) return;
  if (options.allowAnonymous) {
    options.log.warning(`${place} is reachable by others, and there is no authentication: anyone can send requests`);
    return;
  }
  throw new CctError(
    'usage',
    `${place} is reachable by others, and no authentication is set: give --jwt-secret-file or --jwks-host, or allow it with --allow-anonymous`,
  );
}

export interface OpenDoorOptions {
  readonly allowAnonymous: boolean;
  readonly log: Pick<RelayLog, 'warning'>;
}

/** Why `serve` would not open its door with these settings; undefined where it would. Names no secret. */
export async function findRefusal(setup: Setup, serve: Resolved<ServeConfig>): Promise<CctError | undefined> {
  const { host, allowAnonymous } = serve.config;
  const log = { problem: () => undefined, warning: () => undefined };
  try {
    refuseOpenDoor(toDoor(host), await resolveAuthentication(setup, serve, log), { allowAnonymous, log });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CctError) return thrown;
    throw thrown;
  }
}
