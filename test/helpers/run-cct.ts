import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, TestRunner } from 'vitest';
import * as z from 'zod/mini';
import type { MemoryRunOptions, Run, StartedRun } from './memory-run.ts';
import { startInMemory } from './memory-run.ts';
import { answerSchema, valuesOf } from './relay-answers.ts';
import { createTranscript } from './transcript.ts';

export { FIXED_NOW } from './memory-run.ts';
export type { Run, StartedRun } from './memory-run.ts';

/** `XDG_CONFIG_HOME` and `XDG_DATA_HOME` do not exist by default; `XDG_CACHE_HOME` is a new directory. */
export type RunOptions = MemoryRunOptions;

const NO_FOLDER = join(tmpdir(), 'cct-test-no-such-directory');

/** Runs `main` with streams in memory, a fixed clock and a fixed random number. */
export function runMain(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return startMain(args, options).finished;
}

/** The same for a run to be stopped. */
export function startMain(args: readonly string[], options: RunOptions = {}): StartedRun {
  if (namedCommand !== undefined) TestRunner.getCurrentTest()?.context.skip('a run in memory does not test CCT_TEST_COMMAND');
  const env = { XDG_CONFIG_HOME: NO_FOLDER, XDG_DATA_HOME: NO_FOLDER, XDG_CACHE_HOME: openTempDir(), ...options.env };
  return startInMemory(args, { ...options, env });
}

// A program that hangs must fail its test, not the run.
const CHILD_LIMIT_MS = 15_000;

/** The words of `CCT_TEST_COMMAND`; files are absolute. */
const namedCommand = process.env['CCT_TEST_COMMAND']?.split(' ').map((word) => (existsSync(word) ? resolve(word) : word));

/** The program under test: what `CCT_TEST_COMMAND` names, by default `bin/cct.js` with the Node that runs the tests. */
export const cctCommand: readonly string[] = namedCommand ?? [
  process.execPath,
  fileURLToPath(new URL('../../bin/cct.js', import.meta.url)),
];

export interface SpawnOptions {
  /** The program and its first arguments. `cctCommand` by default. */
  readonly command?: readonly string[];
  /** The whole input, the beginning of an `open` pipe, or undefined for no stdin. */
  readonly stdin?: string | { readonly open: string | Buffer };
  /** Besides `PATH` and new `HOME`, `XDG_DATA_HOME` and `XDG_CACHE_HOME`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working directory; that of the tests by default. */
  readonly cwd?: string;
}

/** How a process ended. `status` is null when a signal ended it. */
export interface ChildRun {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedChild {
  readonly finished: Promise<ChildRun>;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when stderr matches; rejects when the process ends first. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same of stdout. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends more to a stdin that is open. */
  write(text: string): void;
  /** Ends a stdin that is open. */
  end(): void;
  kill(signal: NodeJS.Signals): void;
  /** Calls back when the process has ended, even with unread output. */
  onExit(callback: () => void): void;
}

/** Starts the program as a process; it and its children are killed when the test ends, or after 15 s. */
export function spawnCct(
  args: readonly string[],
  { command = cctCommand, stdin, env = {}, cwd }: SpawnOptions = {},
): StartedChild {
  const [file = '', ...before] = command;
  const home = openTempDir();
  const child = spawn(file, [...before, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: join(home, 'cache'), ...env },
    ...(cwd !== undefined && { cwd }),
    // A group of its own, so that a shell's children are killed with it.
    detached: true,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The streams of the process are not there');
  const killAll = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const limit = setTimeout(killAll, CHILD_LIMIT_MS);
  onTestFinished(() => {
    clearTimeout(limit);
    killAll();
  });
  // A program may stop reading, which breaks the pipe.
  child.stdin?.on('error', () => undefined);
  if (typeof stdin === 'string') child.stdin?.end(stdin);
  else if (stdin) child.stdin?.write(stdin.open);

  const [out, err] = [createTranscript(), createTranscript()];
  stdout.on('data', out.add);
  stderr.on('data', err.add);
  const finished = new Promise<ChildRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => resolve({ status, signal, stdout: out.text(), stderr: err.text() }));
  });
  return {
    finished,
    stdout,
    stderr,
    said: (pattern) => err.matched(pattern, finished),
    printed: (pattern) => out.matched(pattern, finished),
    write: (text) => void child.stdin?.write(text),
    end: () => void child.stdin?.end(),
    kill: (signal) => void child.kill(signal),
    onExit: (callback) => void child.once('exit', callback),
  };
}

/** A directory that is removed when the test ends. */
export function openTempDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'cct-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The values of the documents of a relay answer, and its errors. */
export function readAnswer(text: string) {
  const { data, errors = [] } = answerSchema.parse(JSON.parse(text));
  return { verdicts: valuesOf(data?.verdicts), judgements: valuesOf(data?.judgements), errors };
}

const rowSchema = z.object({ observable: z.object({ type: z.string(), value: z.string() }), status: z.string() });

/** Ledger rows of ndjson output as `status type value`. */
export function readRows(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .map(({ observable, status }) => `${status} ${observable.type} ${observable.value}`);
}

/** Matches any text of this pattern in an expectation. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
