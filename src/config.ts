import { resolveGroup } from './config/resolve.ts';
import type { ConfigOf, Environment, FlagValues, ResolvedValues } from './config/resolve.ts';
import { onOff, parseSetting, setting } from './config/setting.ts';
import {
  addressOrHostName,
  baseUrl,
  DAY_MS,
  duration,
  hostsAndPorts,
  integer,
  nonEmpty,
  oneOf,
  positiveNumber,
  printableAscii,
  proxyUrl,
  redisUrl,
  someOf,
} from './config/values.ts';

// The room's door: what else stands in `config/` is its own.
export type { FlagValues, Origin } from './config/resolve.ts';
export { flagName } from './config/setting.ts';
export type { Setting, SettingGroup } from './config/setting.ts';

/** The public site: what is asked when nothing else is said, and what `--yes` guards. */
export const PUBLIC_API_URL = 'https://cybercrime-tracker.net/';

/** What a lookup is asked of, and how. */
export const trackerSettings = {
  source: setting('--source <source>', 'CCT_SOURCE', {
    ...oneOf('auto', 'live', 'snapshot'),
    help: 'what answers: live, snapshot, or auto (default: auto; snapshot with --offline or --snapshot)',
  }),
  offline: onOff('--offline', 'CCT_OFFLINE', 'the same as --source snapshot'),
  snapshot: setting('--snapshot <file-or-sample>', 'CCT_SNAPSHOT', {
    schema: nonEmpty('a file, or sample'),
    help: 'the snapshot to ask instead of the installed one; sample is a small built-in one of made-up entries',
  }),
  apiUrl: setting('--api-url <url>', 'CCT_API_URL', {
    schema: baseUrl,
    fallback: PUBLIC_API_URL,
    help: 'base URL of the tracker',
  }),
  timeoutMs: setting('--timeout <duration>', 'CCT_TIMEOUT', {
    schema: duration(DAY_MS, '24h'),
    fallback: '10s',
    unit: 'duration',
    help: 'time for one attempt at a lookup, headers and body, all its hops',
  }),
  retries: setting('--retries <number>', 'CCT_RETRIES', {
    schema: integer(0, 10),
    fallback: '2',
    unit: 'attempts',
    help: 'further attempts after 429, 502, 503, 504, a reset or a timeout',
  }),
  concurrency: setting('--concurrency <number>', 'CCT_CONCURRENCY', {
    schema: integer(1, 64),
    fallback: '6',
    unit: 'lookups',
    help: 'lookups in flight at once, at most 64',
  }),
  ratePerSecond: setting('--rate <number>', 'CCT_RATE', {
    schema: positiveNumber(1000),
    unit: 'lookups a second',
    help: 'lookups a second at the most',
  }),
  deadlineMs: setting('--deadline <duration>', 'CCT_DEADLINE', {
    schema: duration(DAY_MS, '24h'),
    unit: 'duration',
    help: 'time for the whole call, in serve for each request (there 25s by default); what is unanswered then is failed',
  }),
  proxy: setting('--proxy <url>', 'CCT_PROXY', {
    schema: proxyUrl,
    secret: 'credentials',
    help: 'proxy to the tracker (default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY)',
  }),
  userAgent: setting('--user-agent <text>', 'CCT_USER_AGENT', {
    schema: printableAscii,
    help: 'what the tracker is told about the client (default: cct/<version>)',
  }),
  unlistedMessage: setting('--unlisted-message <text>', 'CCT_UNLISTED_MESSAGE', {
    schema: nonEmpty('a text'),
    fallback: 'Unknown url',
    help: "the tracker's message that means: not listed",
  }),
} as const;

/** Answers remembered: on disk, in memory by a relay, and with `--cache-url` on a server. */
export const cacheSettings = {
  cacheTtlMs: setting('--cache-ttl <duration>', 'CCT_CACHE_TTL', {
    schema: duration(7 * DAY_MS, '7d'),
    fallback: '24h',
    unit: 'duration',
    help: 'how long an answer is kept, at most 7d',
  }),
  noCache: onOff('--no-cache', 'CCT_NO_CACHE', 'keep no answers and use none kept'),
  refresh: onOff('--refresh', 'CCT_REFRESH', 'ask again even where an answer is kept'),
  cacheDir: setting('--cache-dir <folder>', 'CCT_CACHE_DIR', {
    schema: nonEmpty('a folder'),
    help: "the folder that keeps answers (default: cct in the user's cache folder); serve keeps them in memory",
  }),
  cacheUrl: setting('--cache-url <url>', 'CCT_CACHE_URL', {
    schema: redisUrl,
    secret: 'credentials',
    help: 'a Redis or Valkey server that keeps answers instead of the folder; serve asks it after its memory',
  }),
} as const;

/** How observables are read. */
export const inputSettings = {
  inputFormat: setting('--input-format <format>', 'CCT_INPUT_FORMAT', {
    ...oneOf('auto', 'json', 'ndjson', 'csv', 'text'),
    fallback: 'auto',
    help: 'auto goes by the file name, else by the content',
  }),
  column: setting('--column <name>', 'CCT_COLUMN', {
    schema: nonEmpty('the name of a column'),
    help: 'csv: the column that holds the observables; their type is detected',
  }),
  exclude: setting('--exclude <file>', 'CCT_EXCLUDE', {
    schema: nonEmpty('a file'),
    help: 'own addresses, ranges and domains, one a line, that are never asked about or reported',
  }),
  includePrivate: onOff(
    '--include-private',
    'CCT_INCLUDE_PRIVATE',
    'ask about private addresses, internal hosts and URLs with a password too',
  ),
  yes: onOff('--yes', 'CCT_YES', 'go ahead with more than 1,000 lookups at the public site'),
  dryRun: onOff('--dry-run', 'CCT_DRY_RUN', 'print what would be sent, one lookup key a line, and send nothing'),
} as const;

/** How answers are written. */
export const outputSettings = {
  format: setting('--format <format>', 'CCT_FORMAT', {
    ...oneOf('json', 'ndjson', 'table', 'csv'),
    fallback: 'json',
    help: 'json: what is listed or failed; ndjson, table, csv: every observable',
  }),
  only: setting('--only <status>', 'CCT_ONLY', {
    isRepeatable: true,
    ...someOf('listed', 'unlisted', 'skipped', 'failed'),
    help: 'print only what is listed, unlisted, skipped or failed; may be repeated',
  }),
  output: setting('--output <file>', 'CCT_OUTPUT', {
    schema: nonEmpty('a file'),
    help: 'write to a file, whole or not at all (default: stdout)',
  }),
  defang: onOff('--defang', 'CCT_DEFANG', 'table and csv: show values defanged'),
  failOnListed: onOff('--fail-on-listed', 'CCT_FAIL_ON_LISTED', 'exit with 10 when something is listed'),
} as const;

/** What is said on stderr. */
export const talkSettings = {
  quiet: onOff('-q, --quiet', 'CCT_QUIET', 'say nothing on stderr but errors'),
  verbose: onOff('-v, --verbose', 'CCT_VERBOSE', 'say more on stderr'),
  debug: onOff('--debug', 'CCT_DEBUG', 'show the causes of errors'),
  noColor: onOff('--no-color', 'CCT_NO_COLOR', 'no colour on any stream'),
} as const;

/** What only `serve` needs. */
export const serveSettings = {
  host: setting('--host <host>', 'CCT_HOST', {
    schema: addressOrHostName,
    fallback: '127.0.0.1',
    help: 'serve: the address to listen on; any but a loopback one asks for authentication',
  }),
  port: setting('--port <number>', 'CCT_PORT', {
    otherEnv: 'PORT',
    schema: integer(0, 65_535),
    fallback: '9090',
    help: 'serve: the port to listen on; 0 takes any free one',
  }),
  jwtSecretFile: setting('--jwt-secret-file <file>', 'CCT_JWT_SECRET_FILE', {
    refusesEmpty: true,
    schema: nonEmpty('a file'),
    help: 'serve: ask for HS256 tokens, signed with the secret in this file',
  }),
  jwtSecret: {
    env: 'CCT_JWT_SECRET',
    refusesEmpty: true,
    secret: 'all',
    schema: nonEmpty('a secret'),
    help: 'serve: the same with the secret itself, which no flag takes: a command line can be read by others',
  },
  jwksHosts: setting('--jwks-host <host>', 'CCT_JWKS_HOST', {
    refusesEmpty: true,
    isRepeatable: true,
    schema: hostsAndPorts,
    help: 'serve: ask for RS256 tokens, signed with a key of this host; may be repeated',
  }),
  audience: setting('--audience <text>', 'CCT_AUDIENCE', {
    refusesEmpty: true,
    schema: nonEmpty('a text'),
    help: 'serve: the audience that a token must name; required with --jwks-host',
  }),
  allowAnonymous: onOff('--allow-anonymous', 'CCT_ALLOW_ANONYMOUS', 'serve: listen on any address without authentication'),
  metrics: onOff('--metrics', 'CCT_METRICS', 'serve: metrics for Prometheus at /metrics'),
  logObservables: onOff('--log-observables', 'CCT_LOG_OBSERVABLES', 'serve: write the observables of each request into the log'),
} as const;

/** Every setting of a command that asks something, once. */
export const settings = { ...inputSettings, ...outputSettings, ...trackerSettings, ...cacheSettings, ...talkSettings } as const;

export type SettingName = keyof typeof settings;
export type Config = ConfigOf<typeof settings>;
export type ServeConfig = ConfigOf<typeof serveSettings>;
/** What `resolveConfig` makes, and with `ServeConfig` what `resolveServeConfig` does. */
export type Resolved<Values = Config> = ResolvedValues<Values>;

/** Flag over environment over default. An empty environment variable counts as not set, but for those that `refusesEmpty`. Throws `usage`, naming what is wrong. */
export function resolveConfig(flags: FlagValues, env: Environment): Resolved {
  return resolveGroup(settings, flags, env);
}

/** The same for the settings of `serve`, apart, so that a `PORT` in the environment is of no concern to other commands. */
export function resolveServeConfig(flags: FlagValues, env: Environment): Resolved<ServeConfig> {
  return resolveGroup(serveSettings, flags, env);
}

/** The URL of a service, with a slash at its end. Throws `usage` for any other text, naming what it was given by. */
export function parseBaseUrl(givenBy: string, text: string): URL {
  return new URL(parseSetting({ schema: baseUrl }, givenBy, text));
}
