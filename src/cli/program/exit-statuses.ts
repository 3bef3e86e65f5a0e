/** Every exit status and what it means, as `--help` and docs/errors.md list them. */
export const exitStatuses: readonly { readonly status: number; readonly meaning: string }[] = [
  { status: 0, meaning: 'every observable was answered or skipped' },
  { status: 1, meaning: 'a bug in cct' },
  { status: 2, meaning: 'usage, input or output error: nothing was looked up, or nothing could be written' },
  { status: 3, meaning: 'some observables failed; the other answers are printed' },
  {
    status: 4,
    meaning: 'all lookups failed, health is bad, no snapshot is installed, or the download failed',
  },
  { status: 10, meaning: 'something is listed and --fail-on-listed was given; 3 and 4 take precedence' },
  { status: 130, meaning: 'interrupted (SIGINT), after printing the answers that were ready' },
  { status: 141, meaning: 'output pipe closed (SIGPIPE)' },
  { status: 143, meaning: 'terminated (SIGTERM), after printing the answers that were ready' },
];
