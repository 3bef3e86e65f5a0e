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
    help: 'source of answers: live, snapshot, or auto, which is live with the snapshot as a fallback (default: auto; snapshot with --offline or --snapshot)',
  }),
  offline: onOff('--offline', 'CCT_OFFLINE', 'same as --source snapshot'),
  snapshot: setting('--snapshot <file-or-sample>', 'CCT_SNAPSHOT', {
    schema: nonEmpty('a file, or sample'),
    help: 'snapshot to use instead of the installed one; sample is a small built-in one with made-up entries',
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
    help: 'timeout for one attempt',
  }),
  retries: setting('--retries <number>', 'CCT_RETRIES', {
    schema: integer(0, 10),
    fallback: '2',
    unit: 'attempts',
    help: 'retries after 429, 502, 503, 504, a reset or a timeout',
  }),
  concurrency: setting('--concurrency <number>', 'CCT_CONCURRENCY', {
    schema: integer(1, 64),
    fallback: '6',
    unit: 'lookups',
    help: 'concurrent lookups, at most 64',
  }),
  ratePerSecond: setting('--rate <number>', 'CCT_RATE', {
    schema: positiveNumber(1000),
    unit: 'lookups a second',
    help: 'maximum lookups per second',
  }),
  deadlineMs: setting('--deadline <duration>', 'CCT_DEADLINE', {
    schema: duration(DAY_MS, '24h'),
    unit: 'duration',
    help: 'time limit for the whole run, or in serve for each request (25s by default); unanswered lookups fail',
  }),
  proxy: setting('--proxy <url>', 'CCT_PROXY', {
    schema: proxyUrl,
    secret: 'credentials',
    help: 'proxy for requests to the tracker (default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY)',
  }),
  userAgent: setting('--user-agent <text>', 'CCT_USER_AGENT', {
    schema: printableAscii,
    help: 'User-Agent header (default: cct/<version>)',
  }),
  unlistedMessage: setting('--unlisted-message <text>', 'CCT_UNLISTED_MESSAGE', {
    schema: unlistedMessage,
    fallback: 'Unknown url',
    help: 'message of the tracker that means "not listed"',
  }),
} as const;

/** Cache: on disk, in memory by a relay, and with `--cache-url` on a server. */
export const cacheSettings = {
  cacheTtlMs: setting('--cache-ttl <duration>', 'CCT_CACHE_TTL', {
    schema: duration(7 * DAY_MS, '7d'),
    fallback: '24h',
    unit: 'duration',
    help: 'how long answers are cached, at most 7d',
  }),
  noCache: onOff('--no-cache', 'CCT_NO_CACHE', 'disable the cache'),
  refresh: onOff('--refresh', 'CCT_REFRESH', 'look up again, ignoring cached answers'),
  cacheDir: setting('--cache-dir <directory>', 'CCT_CACHE_DIR', {
    schema: nonEmpty('a directory'),
    help: "cache directory (default: cct in the user's cache directory); serve caches in memory",
  }),
  cacheUrl: setting('--cache-url <url>', 'CCT_CACHE_URL', {
    schema: redisUrl,
    secret: 'credentials',
    help: 'Redis or Valkey server to use instead of the cache directory; in serve, behind its memory',
  }),
} as const;
