import { onOff, setting } from './setting.ts';
import { nonEmpty, oneOf, someOf } from './values.ts';

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
