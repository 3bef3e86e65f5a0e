import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { caPath } from '../helpers/certificates.ts';
import { startInMemory } from '../helpers/memory-run.ts';

/** How a program ended, and its cost. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
  /** The peak memory of its process; undefined where it had none of its own. */
  readonly peakBytes?: number;
}

export interface RanWith {
  readonly stdin: string;
  /** The directory of its data and caches. */
  readonly home: string;
  /** Milliseconds after which a process hangs and is killed. */
  readonly limitMs: number;
}

/** Runs a command line of cct to its end. */
export type Program = (args: readonly string[], options: RanWith) => Promise<Ran>;

/** The environment of a run in this directory. */
export function toEnv(home: string): Record<string, string> {
  return { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
}

/** The program in this process. */
export const inMemory: Program = async (args, { stdin, home }) => {
  const startedMs = performance.now();
  const run = await startInMemory(args, { stdin, env: toEnv(home), now: () => new Date() }).finished;
  return { ...run, tookMs: performance.now() - startedMs };
};

// The child writes its peak memory in KiB to a pipe: its parent cannot read it afterwards.
const REPORT_PEAK =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))';

/** The built program as a process that trusts the test CA. Expects the project as working directory. */
export const asProcess: Program = async (args, { stdin, home, limitMs }) => {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT_PEAK, resolve('bin/cct.js'), ...args], {
    env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: caPath, ...toEnv(home) },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  // A program that does not read its input breaks the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const readers = [child.stdout, child.stderr, child.stdio[3]].map(async (stream) =>
    stream instanceof Readable ? readAll(stream) : '',
  );
  const status = await new Promise<number | null>((settle, reject) => {
    child.once('error', reject);
    child.once('close', settle);
  });
  clearTimeout(limit);
  const [stdout = '', stderr = '', peak = ''] = await Promise.all(readers);
  return { status, stdout, stderr, tookMs: performance.now() - startedMs, peakBytes: Number(peak) * 1024 };
};

async function readAll(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
