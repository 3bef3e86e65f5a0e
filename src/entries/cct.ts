import { isatty } from 'node:tty';
import packageJson from '../../package.json' with { type: 'json' };
import type { Io, StopSignal } from '../cli/io.ts';
import type * as mainModule from '../cli/main.ts';
import { toWorld } from './world.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the program in this process. Sets `process.exitCode` and returns: `process.exit` would drop output that is still buffered for a pipe.
 * `loadMain` loads the bundle of the program, by default `main.cjs` next to this file.
 */
export async function runProcess(process: NodeJS.Process, loadMain = importMain): Promise<void> {
  const args = process.argv.slice(2);
  // A fast path for installers and scripts.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      process.exitCode = code === 'EPIPE' ? 141 : 2;
      if (code !== 'EPIPE') process.stderr.write(`cct: cannot write stdout: ${message}\n`);
    });
    process.stdout.write(`cct ${packageJson.version}\n`);
    return;
  }
  const { main } = await loadMain();
  const stopping = listenForStop(process);
  process.exitCode = await main({
    args,
    ...toWorld(process),
    // Opening stdin takes time, and most runs never read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    ...stopping,
  });
  // All output is written, but a pipe that is still being opened would keep the process alive.
  if (stopping.isStopping()) stopping.endWithin(END_AFTER_MS);
}

const END_AFTER_MS = 200;

// npx and timeout repeat a signal that the whole process group has already received.
const REPEATED_WITHIN_MS = 500;

/** Calls back on the first stop signal. A later one ends the process as by default, unless it repeats the first. */
function listenForStop(process: NodeJS.Process): Pick<Io, 'onStopSignal' | 'endWithin'> & { isStopping(): boolean } {
  const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  let first: { readonly signal: StopSignal; readonly atMs: number } | undefined;
  let callBack: ((signal: StopSignal) => void) | undefined;
  const end = (signal: StopSignal) => {
    for (const name of STOP_SIGNALS) process.off(name, stop);
    process.kill(process.pid, signal);
  };
  const stop = (signal: StopSignal) => {
    if (!first) {
      first = { signal, atMs: performance.now() };
      callBack?.(signal);
      // Node 20 and 22 abort at exit if their terminal is gone (nodejs/node#51519).
      if (signal === 'SIGHUP' && hasTerminal) process.once('beforeExit', () => end(signal));
    } else if (signal !== first.signal || performance.now() - first.atMs > REPEATED_WITHIN_MS) {
      end(signal);
    }
  };
  return {
    onStopSignal(callback) {
      callBack = callback;
      for (const name of STOP_SIGNALS) process.on(name, stop);
    },
    isStopping: () => first !== undefined,
    endWithin: (waitMs) => void setTimeout(() => end(first?.signal ?? 'SIGTERM'), waitMs).unref(),
  };
}

function importMain(): Promise<typeof mainModule> {
  return import('../cli/main.ts');
}
