import type { ReadProgress } from './input/read-inputs.ts';
import type { Io } from './io.ts';
import type { FateCounts } from './progress-text.ts';
import { createProgressText } from './progress-text.ts';
import type { Session } from './session.ts';

/** A progress line on a terminal during lookups. */
export interface Progress {
  update(tally: FateCounts): void;
  stop(): void;
}

/** For files, pipes and quiet runs. */
export const noProgress: Progress = { update: () => undefined, stop: () => undefined };

export interface ProgressOptions {
  readonly io: Io;
  /** The number of distinct observables; undefined for a stream, for which bytes are shown. */
  readonly total: number | undefined;
  readonly read: ReadProgress;
  readonly isColoured: boolean;
}

/** Whether stderr can show a progress line: it is not a dumb terminal or a CI log, and the run prints no other lines, which would break it. */
export function canShowProgress({ io: { stderr, env }, config: { quiet, verbose, debug } }: Session): boolean {
  if (quiet || verbose || debug) return false;
  // Pseudo-terminals may report no columns, and ora would then clear lines forever.
  const hasWidth = stderr.columns !== 0;
  return stderr.isTTY === true && hasWidth && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

/** Opens a spinner on stderr with the figures of `createProgressText`. */
export async function openProgress({ io, total, read, isColoured }: ProgressOptions): Promise<Progress> {
  const { show, stop } = await openSpinner(io, isColoured);
  const write = createProgressText(total);
  const update: Progress['update'] = (tally) => show(write(tally, read, io.monotonicMs()));
  update({ listed: 0, unlisted: 0, skipped: 0, failed: 0 });
  return { update, stop };
}

/** A line with a spinner. */
export interface Spinner {
  /** Starts the spinner, or replaces its text. */
  readonly show: (text: string) => void;
  readonly stop: () => void;
}

/** A spinner on stderr. */
export async function openSpinner(io: Io, isColoured: boolean): Promise<Spinner> {
  const { default: ora } = await import('ora');
  // ora would read stdin to discard it, but stdin may contain the observables.
  const spinner = ora({
    stream: io.stderr as NodeJS.WritableStream,
    discardStdin: false,
    isEnabled: true,
    ...(isColoured ? {} : { color: false }),
  });
  return { show: (text) => void spinner.start(text), stop: () => void spinner.stop() };
}
