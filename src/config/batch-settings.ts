import { onOff, setting } from './setting.ts';
import { nonEmpty, oneOf, someOf } from './values.ts';

/** How observables are read. */
export const inputSettings = {
  inputFormat: setting('--input-format <format>', 'CCT_INPUT_FORMAT', {
    ...oneOf('auto', 'json', 'ndjson', 'csv', 'text'),
    fallback: 'auto',
    help: 'format of the input; auto detects it',
  }),
  column: setting('--column <name>', 'CCT_COLUMN', {
    schema: nonEmpty('the name of a column'),
    help: 'csv: the column with the observables; types are detected',
  }),
  exclude: setting('--exclude <file>', 'CCT_EXCLUDE', {
    schema: nonEmpty('a file'),
    help: 'file with your own addresses, ranges and domains, one per line; they are never sent or reported',
  }),
  includePrivate: onOff(
    '--include-private',
    'CCT_INCLUDE_PRIVATE',
    'also look up private addresses, internal hosts and URLs with a password',
  ),
  yes: onOff('--yes', 'CCT_YES', 'allow more than 1,000 lookups at the public site'),
  dryRun: onOff('--dry-run', 'CCT_DRY_RUN', 'print the lookup keys, one per line, without sending them'),
} as const;

/** How answers are written. */
export const outputSettings = {
  format: setting('--format <format>', 'CCT_FORMAT', {
    ...oneOf('json', 'ndjson', 'table', 'csv'),
    fallback: 'json',
    help: 'json prints what is listed or failed; ndjson, table and csv print every observable',
  }),
  only: setting('--only <status>', 'CCT_ONLY', {
    isRepeatable: true,
    ...someOf('listed', 'unlisted', 'skipped', 'failed'),
    help: 'print only observables with this status; repeatable',
  }),
  output: setting('--output <file>', 'CCT_OUTPUT', {
    schema: nonEmpty('a file'),
    help: 'write atomically to a file (default: stdout)',
  }),
  defang: onOff('--defang', 'CCT_DEFANG', 'defang values in table and csv'),
  failOnListed: onOff('--fail-on-listed', 'CCT_FAIL_ON_LISTED', 'exit with status 10 if anything is listed'),
} as const;

/** What is said on stderr. */
export const talkSettings = {
  quiet: onOff('-q, --quiet', 'CCT_QUIET', 'print only errors on stderr'),
  verbose: onOff('-v, --verbose', 'CCT_VERBOSE', 'print more on stderr'),
  debug: onOff('--debug', 'CCT_DEBUG', 'print the causes of errors'),
  noColor: onOff('--no-color', 'CCT_NO_COLOR', 'disable colour'),
} as const;
