import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fetch from 'node-fetch';
import type { FakeTrackerOptions } from '../helpers/fake-tracker.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { toMixedTracker } from './mixed.ts';

/** Servers that this program can start as, each in its own process, so that client and server do not share a thread. */
const ROLES: Readonly<Record<string, (argument: string) => Promise<string>>> = {
  tracker: serveTracker,
  'mixed-tracker': serveMixedTracker,
  bare: serveBare,
  proxy: serveProxy,
};

/** Starts the server that the arguments name; false where they name none. */
export async function playRole([role = '', argument = '']: readonly string[]): Promise<boolean> {
  const play = ROLES[role];
  if (!play) return false;
  process.send?.(await play(argument));
  return true;
}

async function serveTracker(latencyMs: string): Promise<string> {
  const tracker = await startFakeTracker({ latencyMs: Number(latencyMs), listings: { '198.51.100.250': 'Malicious: Pony' } });
  process.on('message', () => process.send?.(tracker.maxInFlight));
  return tracker.url;
}

/** Takes new settings as messages. */
async function serveMixedTracker(): Promise<string> {
  const tracker = await startFakeTracker(toMixedTracker());
  process.on('message', (changes: Readonly<Record<string, unknown>>) => {
    // A message cannot carry undefined.
    const settings = Object.entries(changes).map(([name, value]) => [name, value ?? undefined]);
    tracker.set(Object.fromEntries(settings) as Partial<FakeTrackerOptions>);
    process.send?.('changed');
  });
  return tracker.url;
}

/** Changes the settings of a mixed tracker; resolves when they hold. Null ends a fault. */
export async function changeTracker(child: ChildProcess, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const changed = receive(child);
  child.send(changes);
  await changed;
}

/** Reads the body and answers with a fixed JSON. */
async function serveBare(answer: string): Promise<string> {
  return serve((request, response) => {
    void readAll(request).then(() => sendJson(response, answer));
  });
}

/** Looks up the first observable of the body, as simply as node-fetch allows. */
async function serveProxy(apiUrl: string): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  return serve((request, response) => {
    void readAll(request).then(async (body) => {
      const [{ value }] = JSON.parse(body) as [{ value: string }];
      const reply = await fetch(`${apiUrl}query.php?url=${encodeURIComponent(value.slice('http://'.length))}`, { agent });
      const { message } = JSON.parse(await reply.text()) as { message: string };
      sendJson(response, message === 'Unknown url' ? '{"data":{}}\n' : '{"errors":[]}');
    });
  });
}

async function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const { port } = await listenOnLoopback(createServer(listener));
  return `http://127.0.0.1:${port}`;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** Starts this program as a server, passes its URL to `work`, and ends it. */
export async function withRole<Result>(
  role: string,
  argument: string,
  work: (url: string, child: ChildProcess) => Promise<Result>,
): Promise<Result> {
  const child = fork(process.argv[1] ?? '', [role, argument]);
  try {
    return await work(String(await receive(child)), child);
  } finally {
    child.kill();
  }
}

function receive(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('A server of the measurement ended'));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message);
    });
  });
}

/** A fake tracker in its own process; `maxInFlight` returns the most lookups that it saw at once. */
export function withTracker<Result>(
  latencyMs: number,
  work: (apiUrl: string, maxInFlight: () => Promise<number>) => Promise<Result>,
): Promise<Result> {
  return withRole('tracker', String(latencyMs), (apiUrl, child) =>
    work(apiUrl, async () => {
      const answer = receive(child);
      child.send('max');
      return Number(await answer);
    }),
  );
}

/** `cct serve` as a user starts it, with its log in a file. */
export async function withRelay<Result>(
  args: readonly string[],
  work: (url: string, child: ChildProcess) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'cct-bench-'));
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['bin/cct.js', 'serve', '--port', '0', ...args], { stdio: ['ignore', 'ignore', log] });
  try {
    return await work(await readUrl(logFile), child);
  } finally {
    child.kill();
    closeSync(log);
    rmSync(directory, { recursive: true });
  }
}

async function readUrl(logFile: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const url = /listening on (http:\/\/[\d.:]+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (url !== undefined) return url;
    await delay(50);
  }
  throw new Error(`cct serve did not start: ${readFileSync(logFile, 'utf8')}`);
}
