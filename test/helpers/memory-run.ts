import { Readable, Writable } from 'node:stream';
import type { Io, StopSignal } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { createTranscript } from './transcript.ts';

/** The result of a run. */
export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MemoryRunOptions {
  /** Empty by default. */
  readonly stdin?: string | Buffer | Readable;
  /** Empty by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stdout is written to. By default it is kept, as `stdout` of the run. */
  readonly stdout?: Writable;
  /** The streams that are terminals; none by default. */
  readonly isTerminal?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  /** `FIXED_NOW` by default. */
  readonly now?: () => Date;
}

/** A run under way. */
export interface StartedRun {
  readonly finished: Promise<Run>;
  /** Its stderr so far. */
  stderrText(): string;
  /** Resolves when stderr matches; rejects when the run ends first. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same of stdout. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(signal: StopSignal): void;
}

/** The default time of a run in memory. */
export const FIXED_NOW = new Date('2026-01-02T03:04:05.678Z');

/** Starts `main` with streams in memory, a fixed clock and a fixed random number. */
export function startInMemory(args: readonly string[], options: MemoryRunOptions = {}): StartedRun {
  const { stdin = '', env = {}, isTerminal = {}, now = () => FIXED_NOW } = options;
  const stdout = createSink(isTerminal.stdout);
  const stderr = createSink(isTerminal.stderr);
  const source = stdin instanceof Readable ? stdin : Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]);
  const onStop: ((signal: StopSignal) => void)[] = [];
  let ticks = 0;
  const io: Io = {
    args,
    env,
    stdin: Object.assign(source, { isTTY: isTerminal.stdin ?? false }),
    stdout: options.stdout ?? stdout.stream,
    stderr: stderr.stream,
    onStopSignal: (callback) => void onStop.push(callback),
    endWithin: () => undefined,
    now,
    monotonicMs: () => now().getTime() + (ticks += 0.001),
    userId: process.geteuid?.(),
    random: () => 0.5,
  };
  const finished = main(io).then((status) => ({ status, stdout: stdout.text(), stderr: stderr.text() }));
  return {
    finished,
    stderrText: stderr.text,
    said: (pattern) => stderr.matched(pattern, finished),
    printed: (pattern) => stdout.matched(pattern, finished),
    stop: (signal) => {
      for (const callback of onStop) callback(signal);
    },
  };
}

/** A stream in memory. */
function createSink(isTTY = false) {
  const transcript = createTranscript();
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      transcript.add(chunk);
      done();
    },
  });
  return { ...transcript, stream: Object.assign(stream, { isTTY }) };
}
