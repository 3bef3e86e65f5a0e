import * as z from 'zod/mini';
import { CctError } from './core/errors.ts';

/** The public site: what is asked when nothing else is said, and what `--yes` guards. */
export const PUBLIC_API_URL = 'https://cybercrime-tracker.net/';

const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: 60 * SECOND_MS, h: 60 * 60 * SECOND_MS, d: DAY_MS };

/** Milliseconds of a duration such as `500ms`, `10s`, `5m`, `24h` or `7d`, or null. */
function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return amount === undefined || unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}

/** A schema from text to value: `parse` gives null for what it does not take. */
function from<Value>(expected: string, parse: (text: string) => Value | null) {
  return z.pipe(
    z.string(),
    z.transform((text: string, context): Value => {
      const value = parse(text);
      if (value !== null) return value;
      context.issues.push({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    }),
  );
}

const duration = (atMostMs: number, atMost: string) =>
  from(`a duration such as 500ms, 10s or 5m, from 1ms to ${atMost}`, (text) => {
    const durationMs = parseDuration(text);
    return durationMs !== null && durationMs >= 1 && durationMs <= atMostMs ? durationMs : null;
  });
const integer = (least: number, most: number) =>
  from(`a whole number from ${least} to ${most}`, (text) => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= least && value <= most ? value : null;
  });
const oneOf = <const Choice extends string>(...choices: readonly Choice[]) => ({
  choices,
  schema: from(`one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text) ?? null),
});
const nonEmpty = (what: string) => from(what, (text) => (text === '' ? null : text));
const yesOrNo = from('1, true, yes, on, 0, false, no or off', (text) => {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  return /^(?:0|false|no|off)$/i.test(text) ? false : null;
});
const baseUrl = from('an http or https URL without user, password, query or fragment', (text) => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return /^https?:$/.test(url.protocol) && isBare ? url.href.replace(/\/?$/, '/') : null;
});
const proxyUrl = from('an http or https URL of a proxy', (text) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null,
);

const redisUrl = from('a redis or rediss URL, such as redis://user:password@host:6379/0', (text) => {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text);
  const isWhole = /^rediss?:$/.test(protocol) && hostname !== '' && /^(?:\/\d{0,9})?$/.test(pathname) && search + hash === '';
  return isWhole && isDecodable(username + password) ? text : null;
});

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A setting: how it is given on the command line and in the environment, what it means, and what it is when not given. */
export interface Setting<Value> {
  /** As commander wants it: `-q, --quiet`, `--timeout <duration>`; undefined for what must not stand on a command line. */
  readonly flag?: string;
  readonly env: string;
  /** Another variable of the same meaning, which counts when `env` is not set. */
  readonly otherEnv?: string;
  /** An empty variable is an error, not a setting that was not made: a door that should be shut would stand open. */
  readonly refusesEmpty?: boolean;
  /** The flag may be given again; the texts are joined with commas, as the variable has them. */
  readonly isRepeatable?: boolean;
  readonly schema: z.ZodMiniType<Value, string>;
  /** The texts that can be given, where they are few: help and completions name them. */
  readonly choices?: readonly string[];
  /** What of its value is never shown: all, or the user and password of a URL. A wrong value is not shown at all. */
  readonly secret?: 'all' | 'credentials';
  /** As a user would write it; undefined where there is none. */
  readonly fallback?: string;
  /** The unit of the value, where it has one. */
  readonly unit?: string;
  readonly help: string;
}

const setting = <const Definition extends Setting<unknown>>(definition: Definition): Definition => definition;

/** What a lookup is asked of, and how. */
export const trackerSettings = {
  source: setting({
    flag: '--source <source>',
    env: 'CCT_SOURCE',
    ...oneOf('auto', 'live', 'snapshot'),
    help: 'what answers: live, snapshot, or auto (default: auto; snapshot with --offline or --snapshot)',
  }),
  offline: setting({ flag: '--offline', env: 'CCT_OFFLINE', schema: yesOrNo, help: 'the same as --source snapshot' }),
  snapshot: setting({
    flag: '--snapshot <file>',
    env: 'CCT_SNAPSHOT',
    schema: nonEmpty('a file, or sample'),
    help: 'the snapshot to ask instead of the installed one; sample is a small built-in one of made-up entries',
  }),
  apiUrl: setting({
    flag: '--api-url <url>',
    env: 'CCT_API_URL',
    schema: baseUrl,
    fallback: PUBLIC_API_URL,
    help: 'base URL of the tracker',
  }),
  timeoutMs: setting({
    flag: '--timeout <duration>',
    env: 'CCT_TIMEOUT',
    schema: duration(DAY_MS, '24h'),
    fallback: '10s',
    unit: 'duration',
    help: 'time for one attempt at a lookup, headers and body, all its hops',
  }),
  retries: setting({
    flag: '--retries <number>',
    env: 'CCT_RETRIES',
    schema: integer(0, 10),
    fallback: '2',
    unit: 'attempts',
    help: 'further attempts after 429, 502, 503, 504, a reset or a timeout',
  }),
  concurrency: setting({
    flag: '--concurrency <number>',
    env: 'CCT_CONCURRENCY',
    schema: integer(1, 64),
    fallback: '6',
    unit: 'lookups',
    help: 'lookups in flight at once, at most 64',
  }),
  ratePerSecond: setting({
    flag: '--rate <number>',
    env: 'CCT_RATE',
    schema: from('a number above 0, at most 1000', (text) => {
      const value = Number(text);
      return /^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= 1000 ? value : null;
    }),
    unit: 'lookups a second',
    help: 'lookups a second at the most',
  }),
  deadlineMs: setting({
    flag: '--deadline <duration>',
    env: 'CCT_DEADLINE',
    schema: duration(DAY_MS, '24h'),
    unit: 'duration',
    help: 'time for the whole call, in serve for each request (there 25s by default); what is unanswered then is failed',
  }),
  proxy: setting({
    flag: '--proxy <url>',
    env: 'CCT_PROXY',
    schema: proxyUrl,
    secret: 'credentials',
    help: 'proxy to the tracker (default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY)',
  }),
  userAgent: setting({
    flag: '--user-agent <text>',
    env: 'CCT_USER_AGENT',
    schema: from('printable ASCII text', (text) => (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) ? text : null)),
    help: 'what the tracker is told about the client (default: cct/<version>)',
  }),
  unlistedMessage: setting({
    flag: '--unlisted-message <text>',
    env: 'CCT_UNLISTED_MESSAGE',
    schema: nonEmpty('a text'),
    fallback: 'Unknown url',
    help: "the tracker's message that means: not listed",
  }),
} as const;

/** Answers remembered: on disk, in memory by a relay, and with `--cache-url` on a server. */
export const cacheSettings = {
  cacheTtlMs: setting({
    flag: '--cache-ttl <duration>',
    env: 'CCT_CACHE_TTL',
    schema: duration(7 * DAY_MS, '7d'),
    fallback: '24h',
    unit: 'duration',
    help: 'how long an answer is kept, at most 7d',
  }),
  noCache: setting({ flag: '--no-cache', env: 'CCT_NO_CACHE', schema: yesOrNo, help: 'keep no answers and use none kept' }),
  refresh: setting({ flag: '--refresh', env: 'CCT_REFRESH', schema: yesOrNo, help: 'ask again even where an answer is kept' }),
  cacheDir: setting({
    flag: '--cache-dir <folder>',
    env: 'CCT_CACHE_DIR',
    schema: nonEmpty('a folder'),
    help: "the folder that keeps answers (default: cct in the user's cache folder); serve keeps them in memory",
  }),
  cacheUrl: setting({
    flag: '--cache-url <url>',
    env: 'CCT_CACHE_URL',
    schema: redisUrl,
    secret: 'credentials',
    help: 'a Redis or Valkey server that keeps answers instead of the folder; serve asks it after its memory',
  }),
} as const;

/** How observables are read. */
export const inputSettings = {
  inputFormat: setting({
    flag: '--input-format <format>',
    env: 'CCT_INPUT_FORMAT',
    ...oneOf('auto', 'json', 'ndjson', 'csv', 'text'),
    fallback: 'auto',
    help: 'auto goes by the file name, else by the content',
  }),
  column: setting({
    flag: '--column <name>',
    env: 'CCT_COLUMN',
    schema: nonEmpty('the name of a column'),
    help: 'csv: the column that holds the observables; their type is detected',
  }),
  exclude: setting({
    flag: '--exclude <file>',
    env: 'CCT_EXCLUDE',
    schema: nonEmpty('a file'),
    help: 'own addresses, ranges and domains, one a line, that are never asked about or reported',
  }),
  includePrivate: setting({
    flag: '--include-private',
    env: 'CCT_INCLUDE_PRIVATE',
    schema: yesOrNo,
    help: 'ask about private addresses, internal hosts and URLs with a password too',
  }),
  yes: setting({
    flag: '--yes',
    env: 'CCT_YES',
    schema: yesOrNo,
    help: 'go ahead with more than 1,000 lookups at the public site',
  }),
  dryRun: setting({
    flag: '--dry-run',
    env: 'CCT_DRY_RUN',
    schema: yesOrNo,
    help: 'print what would be sent, one lookup key a line, and send nothing',
  }),
} as const;

const STATUSES = ['listed', 'unlisted', 'skipped', 'failed'] as const;

/** How answers are written. */
export const outputSettings = {
  format: setting({
    flag: '--format <format>',
    env: 'CCT_FORMAT',
    ...oneOf('json', 'ndjson', 'table', 'csv'),
    fallback: 'json',
    help: 'json: what is listed or failed; ndjson, table, csv: every observable',
  }),
  only: setting({
    flag: '--only <status>',
    env: 'CCT_ONLY',
    isRepeatable: true,
    choices: STATUSES,
    schema: from('listed, unlisted, skipped or failed, with commas between several', (text) => {
      const wanted = text.split(',').map((status) => STATUSES.find((known) => known === status.trim()));
      return wanted.every((status) => status !== undefined) ? wanted : null;
    }),
    help: 'print only what is listed, unlisted, skipped or failed; may be repeated',
  }),
  output: setting({
    flag: '--output <file>',
    env: 'CCT_OUTPUT',
    schema: nonEmpty('a file'),
    help: 'write to a file, whole or not at all (default: stdout)',
  }),
  defang: setting({ flag: '--defang', env: 'CCT_DEFANG', schema: yesOrNo, help: 'table and csv: show values defanged' }),
  failOnListed: setting({
    flag: '--fail-on-listed',
    env: 'CCT_FAIL_ON_LISTED',
    schema: yesOrNo,
    help: 'exit with 10 when something is listed',
  }),
} as const;

/** What is said on stderr. */
export const talkSettings = {
  quiet: setting({ flag: '-q, --quiet', env: 'CCT_QUIET', schema: yesOrNo, help: 'say nothing on stderr but errors' }),
  verbose: setting({ flag: '-v, --verbose', env: 'CCT_VERBOSE', schema: yesOrNo, help: 'say more on stderr' }),
  debug: setting({ flag: '--debug', env: 'CCT_DEBUG', schema: yesOrNo, help: 'show the causes of errors' }),
  noColor: setting({ flag: '--no-color', env: 'CCT_NO_COLOR', schema: yesOrNo, help: 'no colour on any stream' }),
} as const;

// Host names and ports as they stand in a URL, without anything that would change what is asked there.
const HOST_AND_PORT = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** What only `serve` needs. */
export const serveSettings = {
  host: setting({
    flag: '--host <host>',
    env: 'CCT_HOST',
    schema: from('an address or a host name', (text) => (/^[a-z0-9.:_-]+$/i.test(text) ? text : null)),
    fallback: '127.0.0.1',
    help: 'serve: the address to listen on; any but a loopback one asks for authentication',
  }),
  port: setting({
    flag: '--port <number>',
    env: 'CCT_PORT',
    otherEnv: 'PORT',
    schema: integer(0, 65_535),
    fallback: '9090',
    help: 'serve: the port to listen on; 0 takes any free one',
  }),
  jwtSecretFile: setting({
    flag: '--jwt-secret-file <file>',
    env: 'CCT_JWT_SECRET_FILE',
    refusesEmpty: true,
    schema: nonEmpty('a file'),
    help: 'serve: ask for HS256 tokens, signed with the secret in this file',
  }),
  jwtSecret: setting({
    env: 'CCT_JWT_SECRET',
    refusesEmpty: true,
    secret: 'all',
    schema: nonEmpty('a secret'),
    help: 'serve: the same with the secret itself, which no flag takes: a command line can be read by others',
  }),
  jwksHosts: setting({
    flag: '--jwks-host <host>',
    env: 'CCT_JWKS_HOST',
    refusesEmpty: true,
    isRepeatable: true,
    schema: from('host names, each with or without a port, and commas between them', (text) => {
      const hosts = text.split(',').map((host) => host.trim());
      return hosts.every((host) => HOST_AND_PORT.test(host) && URL.canParse(`https://${host}/`)) ? hosts : null;
    }),
    help: 'serve: ask for RS256 tokens, signed with a key of this host; may be repeated',
  }),
  audience: setting({
    flag: '--audience <text>',
    env: 'CCT_AUDIENCE',
    refusesEmpty: true,
    schema: nonEmpty('a text'),
    help: 'serve: the audience that a token must name; required with --jwks-host',
  }),
  allowAnonymous: setting({
    flag: '--allow-anonymous',
    env: 'CCT_ALLOW_ANONYMOUS',
    schema: yesOrNo,
    help: 'serve: listen on any address without authentication',
  }),
  metrics: setting({ flag: '--metrics', env: 'CCT_METRICS', schema: yesOrNo, help: 'serve: metrics for Prometheus at /metrics' }),
  logObservables: setting({
    flag: '--log-observables',
    env: 'CCT_LOG_OBSERVABLES',
    schema: yesOrNo,
    help: 'serve: write the observables of each request into the log',
  }),
} as const;

/** Every setting of a command that asks something, once. */
export const settings = { ...inputSettings, ...outputSettings, ...trackerSettings, ...cacheSettings, ...talkSettings } as const;

type SettingGroup = Readonly<Record<string, Setting<unknown>>>;
export type SettingName = keyof typeof settings;

type ValueOf<Definition extends Setting<unknown>> = z.infer<Definition['schema']>;

/** The values of a group of settings; on/off settings are false, and those without a default undefined, when not given. */
type ConfigOf<Group extends SettingGroup> = {
  readonly [Name in keyof Group]: ValueOf<Group[Name]> extends boolean
    ? boolean
    : Group[Name] extends { readonly fallback: string }
      ? ValueOf<Group[Name]>
      : ValueOf<Group[Name]> | undefined;
};
export type Config = ConfigOf<typeof settings>;
export type ServeConfig = ConfigOf<typeof serveSettings>;

/** Where a value came from. */
export type Origin = 'flag' | 'environment' | 'default';

/** Settings as resolved, each with its origin, and the flag or variable that gave it, as it is written; null for a default. */
export interface Resolved<Values = Config> {
  readonly config: Values;
  readonly origins: Readonly<Record<keyof Values, Origin>>;
  readonly givenBy: Readonly<Record<keyof Values, string | null>>;
}

/** The long name of a setting's flag, without dashes and argument: `timeout`, `no-cache`; '' where there is none. */
export function flagName({ flag = '' }: Pick<Setting<unknown>, 'flag'>): string {
  return /--([a-z-]+)/.exec(flag)?.[1] ?? flag;
}

/** Values as commander gives them: by the flag's long name, texts and truths. */
export type FlagValues = Readonly<Record<string, string | boolean | undefined>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Flag over environment over default. An empty environment variable counts as not set, but for those that `refusesEmpty`. Throws `usage`, naming what is wrong. */
export function resolveConfig(flags: FlagValues, env: Environment): Resolved {
  return resolveGroup(settings, flags, env);
}

/** The same for the settings of `serve`, apart, so that a `PORT` in the environment is of no concern to other commands. */
export function resolveServeConfig(flags: FlagValues, env: Environment): Resolved<ServeConfig> {
  return resolveGroup(serveSettings, flags, env);
}

function resolveGroup<Group extends SettingGroup>(group: Group, flags: FlagValues, env: Environment): Resolved<ConfigOf<Group>> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const givers: Record<string, string | null> = {};
  for (const [name, definition] of Object.entries(group)) {
    const { value, origin, givenBy } = resolveSetting(definition, flags[flagName(definition)], env);
    values[name] = value ?? (definition.schema === yesOrNo ? false : undefined);
    origins[name] = origin;
    givers[name] = givenBy;
  }
  // The one place where the loop's untyped records become what the table of settings says they are.
  type Whole = Resolved<ConfigOf<Group>>;
  return {
    config: values as ConfigOf<Group>,
    origins: origins as Whole['origins'],
    givenBy: givers as Whole['givenBy'],
  };
}

function resolveSetting(definition: Setting<unknown>, flag: string | boolean | undefined, env: Environment) {
  const givenBy = `--${flagName(definition)}`;
  if (typeof flag === 'boolean') return { value: flag, origin: 'flag' as const, givenBy };
  if (flag !== undefined) return { value: parseSetting(definition, givenBy, flag), origin: 'flag' as const, givenBy };
  for (const name of [definition.env, definition.otherEnv]) {
    const variable = name === undefined ? undefined : env[name];
    if (name !== undefined && variable === '' && definition.refusesEmpty) {
      throw new CctError('usage', `${name} is set, but empty: give it a value, or unset it`);
    }
    if (name === undefined || variable === undefined || variable === '') continue;
    return { value: parseSetting(definition, name, variable), origin: 'environment' as const, givenBy: name };
  }
  const { fallback } = definition;
  const value = fallback === undefined ? undefined : parseSetting(definition, 'default', fallback);
  return { value, origin: 'default' as const, givenBy: null };
}

/** The URL of a service, with a slash at its end. Throws `usage` for any other text, naming what it was given by. */
export function parseBaseUrl(givenBy: string, text: string): URL {
  return new URL(parseSetting({ schema: baseUrl }, givenBy, text));
}

function parseSetting<Value>(
  { schema, secret }: Pick<Setting<Value>, 'schema' | 'secret'>,
  givenBy: string,
  text: string,
): Value {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const expected = `expected ${parsed.error.issues[0]?.message ?? 'another value'}`;
  // A URL that is refused may hold a password, whatever it was meant for.
  const isShown = secret === undefined && !/\/\/[^/]*@/.test(text);
  throw new CctError('usage', `${givenBy}: ${expected}${isShown ? `, got ${JSON.stringify(text)}` : ''}`);
}
