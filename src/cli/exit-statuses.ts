/** Every exit status and what it means, as `--help` and docs/errors.md list them. */
export const exitStatuses: readonly { readonly status: number; readonly meaning: string }[] = [
  { status: 0, meaning: 'every observable was answered or skipped' },
  { status: 1, meaning: 'a bug in cct' },
  { status: 2, meaning: 'usage, input or output: nothing was asked, or nothing could be written' },
  { status: 3, meaning: 'some observables failed; what was found is printed' },
  {
    status: 4,
    meaning: 'some failed and none was answered, health is bad, there is no snapshot to ask, or none could be downloaded',
  },
  { status: 10, meaning: 'something is listed, with --fail-on-listed; 3 and 4 win over it' },
  { status: 130, meaning: 'interrupted (SIGINT), after printing what was ready' },
  { status: 141, meaning: 'the reader of the output went away' },
  { status: 143, meaning: 'stopped (SIGTERM), after printing what was ready' },
];
