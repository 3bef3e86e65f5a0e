import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { CctError, toCctError, toRelayError } from '../../src/core/errors.ts';
import type { LookupContext } from '../../src/core/lookups/tracker.ts';
import type { LiveTracker, LiveTrackerOptions } from '../../src/tracker/live/client.ts';
import { openLiveTracker } from '../../src/tracker/live/client.ts';
import type { Clock } from '../../src/tracker/clock.ts';
import type { TraceEvent } from '../../src/tracker/live/agents.ts';
import type { FakeTracker, FakeTrackerOptions } from './fake-tracker.ts';
import { startFakeTracker } from './fake-tracker.ts';
import { toTestOptions } from './client-options.ts';
import { listenOnLoopback } from './loopback-server.ts';

/** The result of a lookup. */
export type Told =
  | { readonly status: 'listed'; readonly family: string }
  | { readonly status: 'unlisted' }
  | { readonly status: 'failed'; readonly code: string; readonly relayCode: string; readonly message: string };

/** A live tracker, and ways to use it. */
export interface TestClient {
  readonly tracker: LiveTracker;
  /** The trace, in order. */
  readonly events: TraceEvent[];
  /** Looks a key up. Never rejects. */
  ask(key: string, context?: LookupContext): Promise<Told>;
  /** Looks all up at once. */
  askAll(keys: readonly string[], context?: LookupContext): Promise<Told[]>;
  /** The error of a lookup that must fail. */
  failureOf(key: string, context?: LookupContext): Promise<CctError>;
}

/** A context that never aborts. */
export const patient: LookupContext = { signal: new AbortController().signal };
// As in the program, each lookup in flight listens to it.
setMaxListeners(0, patient.signal);

export const unlisted: Told = { status: 'unlisted' };

export function listed(family: string): Told {
  return { status: 'listed', family };
}

export function failed(code: string, relayCode: string, message: string): Told {
  return { status: 'failed', code, relayCode, message };
}

/** Opens a client without retries, on the real clock, until the test ends. */
export async function openLive(apiUrl: string, options: Partial<LiveTrackerOptions> = {}): Promise<TestClient> {
  const events: TraceEvent[] = [];
  const tracker = await openLiveTracker({
    ...toTestOptions(apiUrl),
    trace: (event) => void events.push(event),
    ...options,
  });
  onTestFinished(() => tracker.close());

  const lookup = async (key: string, context = patient) => tracker.lookup({ type: 'url', key }, context);
  const ask = async (key: string, context?: LookupContext): Promise<Told> => {
    try {
      const answer = await lookup(key, context);
      return answer.status === 'listed' ? listed(answer.family) : unlisted;
    } catch (thrown) {
      const error = toCctError(thrown);
      return failed(error.code, toRelayError(error).code, error.message);
    }
  };
  return {
    tracker,
    events,
    ask,
    askAll: (keys, context) => Promise.all(keys.map((key) => ask(key, context))),
    async failureOf(key, context) {
      const thrown: unknown = await lookup(key, context).then(
        () => new Error('The lookup did not fail'),
        (reason: unknown) => reason,
      );
      if (!(thrown instanceof CctError)) throw thrown;
      return thrown;
    },
  };
}

/** A fake tracker and its client, until the test ends. */
export async function startLive(
  fakeOptions: Partial<FakeTrackerOptions> = {},
  options: Partial<LiveTrackerOptions> = {},
): Promise<TestClient & { readonly fake: FakeTracker }> {
  const fake = await startFake(fakeOptions);
  return { ...(await openLive(fake.url, options)), fake };
}

/** A fake tracker until the test ends. */
export async function startFake(...given: Parameters<typeof startFakeTracker>): Promise<FakeTracker> {
  const fake = await startFakeTracker(...given);
  onTestFinished(() => fake.close());
  return fake;
}

/** The URL of a server that runs until the test ends. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = await listenOnLoopback(createServer(listener));
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${server.port}/`;
}

/** A URL without a listener: its port was free a moment ago. */
export async function takeDeadUrl(): Promise<string> {
  const server = await listenOnLoopback(createServer());
  await server.close();
  return `http://127.0.0.1:${server.port}/`;
}

/** A clock that never waits: each sleep is recorded and moves the time. */
export function createTestClock(startMs = 0): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let nowMs = startMs;
  return {
    waits,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep(waitMs) {
      waits.push(waitMs);
      nowMs += waitMs;
      return Promise.resolve();
    },
  };
}

/** Distinct keys. */
export function toKeys(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `k${at}.example/x`);
}

/** An array of equal values. */
export function times<Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

const replySchema = z.strictObject({
  status: z.number(),
  contentType: z.string(),
  body: z.string(),
  want: z.string(),
  family: z.nullable(z.string()),
  code: z.nullable(z.string()),
});

/** The agreed replies of `query.php` with their meanings, and the relay code of failures. */
export function readReplies(): z.infer<typeof replySchema>[] {
  return readFileSync(new URL('../vectors/replies.ndjson', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => z.parse(replySchema, JSON.parse(line)));
}
