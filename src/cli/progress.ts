import type { Tally } from '../core/ledger.ts';
import type { Io } from './io.ts';

/** A moving line on a terminal during lookups. */
export interface Progress {
  update(tally: Tally): void;
  stop(): void;
}

/** For files, pipes and quiet runs. */
export const noProgress: Progress = { update: () => undefined, stop: () => undefined };

export interface ProgressOptions {
  readonly io: Io;
  /** The number of observables; undefined for a stream. */
  readonly total: number | undefined;
  readonly isColoured: boolean;
}

/** Whether stderr can show a moving line: not a dumb terminal, and not a CI log. */
export function canShowProgress({ stderr, env }: Io): boolean {
  // Pseudo-terminals may report no columns, and ora would then clear lines for ever.
  const hasWidth = stderr.columns !== 0;
  return stderr.isTTY === true && hasWidth && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

/** A spinner on stderr with the figures so far: `12/340 · 3 listed · 0 failed`. */
export async function openProgress({ io, total, isColoured }: ProgressOptions): Promise<Progress> {
  const toText = ({ listed, unlisted, skipped, failed }: Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'>) =>
    `${listed + unlisted + skipped + failed}${total === undefined ? '' : `/${total}`} · ${listed} listed · ${failed} failed`;
  const { show, stop } = await openSpinner(io, isColoured);
  show(toText({ listed: 0, unlisted: 0, skipped: 0, failed: 0 }));
  return { update: (tally) => show(toText(tally)), stop };
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
  // ora would read stdin to keep it quiet, and the observables may come from there.
  const spinner = ora({
    stream: io.stderr as NodeJS.WritableStream,
    discardStdin: false,
    isEnabled: true,
    ...(isColoured ? {} : { color: false }),
  });
  return { show: (text) => void spinner.start(text), stop: () => void spinner.stop() };
}
