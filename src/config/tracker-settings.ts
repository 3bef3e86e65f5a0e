import { onOff, setting } from './setting.ts';
import {
  baseUrl,
  DAY_MS,
  duration,
  integer,
  nonEmpty,
  oneOf,
  positiveNumber,
  printableAscii,
  proxyUrl,
  redisUrl,
  unlistedMessage,
} from './values.ts';

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
    schema: unlistedMessage,
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
