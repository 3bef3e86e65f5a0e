import type { Tally } from '../core/ledger.ts';
import type { Io } from './io.ts';

/** A line on a terminal that moves while lookups are under way. */
export interface Progress {
  update(tally: Tally): void;
  stop(): void;
}

/** No line at all: for files, pipes and quiet runs. */
export const noProgress: Progress = { update: () => undefined, stop: () => undefined };

export interface ProgressOptions {
  readonly io: Io;
  /** Undefined while nobody knows. */
  readonly total: number | undefined;
  readonly isColoured: boolean;
}

/** Whether a moving line can be shown: only on a terminal that moves, and not in a CI log. */
export function canShowProgress({ stderr, env }: Io): boolean {
  // A terminal made by a program may say that it has no columns at all; ora would then clear lines for ever.
  const hasWidth = stderr.columns !== 0;
  return stderr.isTTY === true && hasWidth && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

/** A spinner on stderr with the figures so far: `12/340 · 3 listed · 0 failed`. */
export async function openProgress({ io, total, isColoured }: ProgressOptions): Promise<Progress> {
  const toText = ({ listed, unlisted, skipped, failed }: Omit<Tally, 'failedBy'>) =>
    `${listed + unlisted + skipped + failed}${total === undefined ? '' : `/${total}`} · ${listed} listed · ${failed} failed`;
  const text = toText({ listed: 0, unlisted: 0, skipped: 0, failed: 0 });
  const { show, stop } = await openSpinner(io, { isColoured, text });
  return { update: (tally) => show(toText(tally)), stop };
}

/** A line with a spinner, and whatever it is to say. */
export interface Spinner {
  readonly show: (text: string) => void;
  readonly stop: () => void;
}

/** A spinner on stderr that says `text`. */
export async function openSpinner(io: Io, { isColoured, text }: { isColoured: boolean; text: string }): Promise<Spinner> {
  const { default: ora } = await import('ora');
  // ora would read stdin to keep it quiet, and the observables may come from there.
  const spinner = ora({
    stream: io.stderr as NodeJS.WritableStream,
    discardStdin: false,
    ...(isColoured ? {} : { color: false }),
  });
  spinner.start(text);
  return {
    show(next) {
      spinner.text = next;
    },
    stop() {
      spinner.stop();
    },
  };
}
