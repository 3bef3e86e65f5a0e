import { INPUT_FORMATS } from '../core/input-formats.ts';
import { onOff, onOffPerRun, setting } from './setting.ts';
import {
  baseUrl,
  dayOrAge,
  duration,
  encodingName,
  integer,
  listOf,
  matching,
  nonEmpty,
  oneOf,
  positiveNumber,
  proxyUrl,
  redisUrl,
  rowFields,
  someOf,
} from './values.ts';

/** The public site: the default tracker, and the only one for which large runs require `--yes`. */
export const PUBLIC_API_URL = 'https://cybercrime-tracker.net/';

/** How observables are read. */
export const inputSettings = {
  inputFormat: setting('-i, --input-format <format>', oneOf('auto', ...INPUT_FORMATS), {
    fallback: 'auto',
    help: 'format of the input; auto recognises it by the content',
  }),
  columns: setting('--column <name>', listOf('the name or number of a column'), {
    isRepeatable: true,
    help: 'csv: column to read, by name or number; types are detected; repeatable',
  }),
  fields: setting('--field <path>', listOf('the dotted path of a field'), {
    isRepeatable: true,
    help: 'JSON lines: field to read, by its path such as dns.rrname; repeatable',
  }),
  encoding: setting('--encoding <name>', encodingName, {
    help: 'encoding of the input, such as windows-1251 (default: UTF-8 or UTF-16, by the content)',
  }),
  exclude: setting('--exclude <file>', nonEmpty('a file'), {
    help: 'file with your own addresses, ranges and domains, one per line; they are never sent or reported',
  }),
  includePrivate: onOffPerRun('--include-private', 'also look up private addresses, internal hosts and URLs with a password'),
  yes: onOffPerRun('--yes', 'allow more than 1,000 lookups at the public site, or more than 100 of logs, mail and other JSON'),
  dryRun: onOffPerRun('--dry-run', 'print the lookup keys, one per line, without sending them'),
} as const;

/** How answers are written. */
export const outputSettings = {
  format: setting(
    '-f, --format <format>',
    oneOf('json', 'ndjson', 'table', 'csv', 'markdown', 'html', 'stix', 'ctim-bundle', 'misp', 'ecs'),
    {
      fallback: 'json',
      help: 'json, markdown and html print what is listed or failed; ndjson, table and csv every observable; cct help formats lists all',
    },
  ),
  bundleSize: setting('--bundle-size <number>', integer(1, 1000), {
    fallback: '100',
    unit: 'entities',
    help: 'ctim-bundle: maximum entities of a kind in a bundle',
  }),
  only: setting('--only <status>', someOf('listed', 'unlisted', 'skipped', 'failed'), {
    isRepeatable: true,
    help: 'print only observables with this status; repeatable',
  }),
  sort: setting('--sort <order>', oneOf('input', 'status'), {
    fallback: 'input',
    help: 'order of rows; status puts what is listed first, then what failed, and holds rows back until the input ends',
  }),
  output: setting('-o, --output <file>', nonEmpty('a file'), {
    isPerRun: true,
    help: 'write atomically to a file (default: stdout)',
  }),
  html: setting('--html <file>', nonEmpty('a file'), {
    isPerRun: true,
    help: 'besides --format, write an HTML page with what is listed or failed atomically to a file',
  }),
  newSince: setting('--new-since <file>', nonEmpty('a file'), {
    isPerRun: true,
    help: 'print only what changed since this ndjson or json output of cct; everything if it does not exist',
  }),
  state: setting('--state <file>', nonEmpty('a file'), {
    isPerRun: true,
    help: 'print only what changed since the last run with this file, and update it',
  }),
  warninglists: setting('--warninglist <file>', listOf('a file or directory'), {
    isRepeatable: true,
    help: 'MISP warninglist, or directory of them, that marks what it contains in ndjson, table and csv; repeatable',
  }),
  shownFields: setting('--fields <paths>', rowFields, {
    isRepeatable: true,
    help: 'columns of table, csv, markdown and html: values of a row, by their dotted paths such as matched.entry; repeatable',
  }),
  defang: {
    ...onOff('--defang', 'defang values in table and csv; --no-defang leaves them as they are in markdown and html'),
    isNegatable: true,
  },
  crlf: onOff('--crlf', 'csv: end lines with CR and LF'),
  bom: onOff('--bom', 'csv: begin with a byte order mark, by which Excel recognises UTF-8'),
  seen: onOff('--seen', 'count how often each observable occurs in the input, which holds rows back until the input ends'),
  join: onOffPerRun('--join', 'print the input records that contain a hit, with the result in a member cct'),
  joinAs: setting('--join-as <how>', oneOf('cct', 'ecs'), {
    fallback: 'cct',
    help: 'with --join: ecs writes the result to threat.enrichments',
  }),
  keepAll: onOffPerRun('--keep-all', 'with --join: print all other records too, unchanged'),
  failOnListed: onOff('--fail-on-listed', 'exit with status 10 if anything is listed'),
  failOnRelated: onOff('--fail-on-related', 'exit with status 10 if anything is listed, or is on a listed host'),
  failOnUnmarked: onOff('--fail-on-unmarked', 'exit with status 10 if anything is listed that is on no warninglist'),
  failOnEmpty: onOff('--fail-on-empty', 'exit with status 5 if nothing was found, or only types that cannot be looked up'),
} as const;

/** Which tracker is queried, and how. */
export const trackerSettings = {
  source: setting('-s, --source <source>', oneOf('auto', 'live', 'snapshot'), {
    help: 'source of answers: live, snapshot, or auto, which is live with the snapshot as a fallback (default: auto; snapshot with --offline or --snapshot)',
  }),
  offline: onOff('--offline', 'same as --source snapshot'),
  snapshot: setting('--snapshot <file-or-sample>', nonEmpty('a file, or sample'), {
    help: 'snapshot to use instead of the installed one; sample is a small built-in one with made-up entries',
  }),
  match: setting('--match <how>', oneOf('exact', 'host'), {
    fallback: 'exact',
    help: 'snapshot: host counts every URL and domain on a listed host as listed, exact only as related',
  }),
  listedSince: setting('--listed-since <date-or-age>', dayOrAge, {
    help: 'snapshot: ignore entries that are older or have no date, such as 2020-01-01 or 5y',
  }),
  apiUrl: setting('--api-url <url>', baseUrl, { fallback: PUBLIC_API_URL, help: 'base URL of the tracker' }),
  timeoutMs: setting('--timeout <duration>', duration('24h'), {
    fallback: '10s',
    unit: 'duration',
    help: 'timeout for one attempt',
  }),
  retries: setting('--retries <number>', integer(0, 10), {
    fallback: '2',
    unit: 'attempts',
    help: 'retries after 429, 502, 503, 504, a reset or a timeout',
  }),
  concurrency: setting('-c, --concurrency <number>', integer(1, 64), {
    fallback: '6',
    unit: 'lookups',
    help: 'concurrent lookups, at most 64',
  }),
  ratePerSecond: setting('--rate <number>', positiveNumber(1000), {
    unit: 'lookups a second',
    help: 'maximum lookups per second',
  }),
  deadlineMs: setting('--deadline <duration>', duration('24h'), {
    unit: 'duration',
    help: 'time limit for the whole run, or in serve for each request (25s by default); unanswered lookups fail',
  }),
  proxy: setting('--proxy <url>', proxyUrl, {
    secret: 'credentials',
    help: 'proxy for requests to the tracker (default: HTTPS_PROXY, HTTP_PROXY, NO_PROXY)',
  }),
  userAgent: setting('--user-agent <text>', matching('printable ASCII text', /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/), {
    help: 'User-Agent header (default: cct/<version>)',
  }),
  unlistedMessage: setting(
    '--unlisted-message <text>',
    matching('a text that does not mean listed: not "Malicious", alone or before a colon', /^(?!Malicious(?::|$))[^]/),
    { fallback: 'Unknown url', help: 'message of the tracker that means "not listed"' },
  ),
} as const;

/** The cache: on disk, in the memory of a relay, or with `--cache-url` on a server. */
export const cacheSettings = {
  cacheTtlMs: setting('--cache-ttl <duration>', duration('7d'), {
    fallback: '24h',
    unit: 'duration',
    help: 'how long answers are cached, at most 7d',
  }),
  noCache: onOff('--no-cache', 'disable the cache'),
  refresh: onOffPerRun('--refresh', 'look up again, ignoring cached answers'),
  cacheDir: setting('--cache-dir <directory>', nonEmpty('a directory'), {
    help: "cache directory (default: cct in the user's cache directory); serve caches in memory",
  }),
  cacheUrl: setting('--cache-url <url>', redisUrl, {
    secret: 'credentials',
    help: 'Redis or Valkey server to use instead of the cache directory; serve uses it in addition to its memory',
  }),
} as const;

/** What is printed on stderr. */
export const verbositySettings = {
  quiet: onOff('-q, --quiet', 'print only errors on stderr'),
  verbose: onOff('-v, --verbose', 'print more on stderr'),
  debug: onOff('--debug', 'print the causes of errors'),
  color: setting('--color <when>', oneOf('auto', 'always', 'never'), {
    fallback: 'auto',
    help: 'colour on terminals only, always or never; of --color and --no-color the last one counts',
  }),
  noColor: onOff('--no-color', 'same as --color never'),
} as const;

/** Which settings file is read. */
export const fileSettings = {
  configFile: setting('--config <file>', nonEmpty('a file'), {
    isPerRun: true,
    help: "settings file to read instead of config.json in the user's configuration directory",
  }),
  noConfig: onOffPerRun('--no-config', 'read no settings file; of --config and --no-config the last one counts'),
} as const;
