import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openTracker } from '../cli/live.ts';
import { CALLER, eventKinds, functionUrlEvent } from '../helpers/lambda-events.ts';
import { readAnswer } from '../helpers/run-cct.ts';
import { signHs256, HS256_SECRET } from '../helpers/tokens.ts';
import type { Outcome, RuntimeApi } from './runtime-api.ts';
import { startRuntimeApi } from './runtime-api.ts';
import type { Instance } from './runtime-client.ts';
import { startInstance } from './runtime-client.ts';

const runtime = inject('runtimeClient');
const PANEL = { type: 'ip', value: '198.51.100.60' };
const OTHER = { type: 'ip', value: '192.0.2.7' };
const AUTHORIZATION = { authorization: `Bearer ${signHs256({}, HS256_SECRET)}` };

async function start(env: Readonly<Record<string, string>>): Promise<{ api: RuntimeApi; instance: Instance }> {
  if ('missing' in runtime) throw new Error(runtime.missing);
  const api = await startRuntimeApi();
  const instance = startInstance(runtime, { address: api.address, env });
  onTestFinished(() => instance.stop());
  void instance.ended.then((status) => api.abandon(`The instance ended with ${String(status)}: ${instance.said()}`));
  return { api, instance };
}

/** The HTTP answer of an outcome. */
function toAnswer({ kind, body }: Outcome): { statusCode: number; body: string } {
  expect(kind).toBe('response');
  return body as { statusCode: number; body: string };
}

function ask(...observables: readonly unknown[]) {
  return functionUrlEvent({ path: '/observe/observables', headers: AUTHORIZATION, body: observables });
}

describe.skipIf('missing' in runtime)('the handler under the runtime interface client', () => {
  test('answers each kind of event on one instance, which caches, and logs lines of JSON', async () => {
    const tracker = await openTracker({ listings: { '198.51.100.60': 'Malicious: Pony' } });
    const { api, instance } = await start({ CCT_API_URL: tracker.url, CCT_JWT_SECRET: HS256_SECRET });
    const answers = [];
    for (const [, toEvent] of eventKinds) {
      const event = toEvent({ path: '/deliberate/observables', headers: AUTHORIZATION, body: [PANEL] });
      answers.push(toAnswer(await api.invoke(event)));
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(eventKinds.map(() => 200));
    expect(answers.map(({ body }) => readAnswer(body).verdicts)).toEqual(eventKinds.map(() => ['198.51.100.60']));
    expect(tracker.lookups().map(({ key }) => key)).toEqual(['198.51.100.60']);
    const lines = instance.said().trimEnd().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged[0]).toMatchObject({ level: 'info', msg: 'ready on AWS Lambda · HS256 tokens' });
    expect(logged.slice(1).map(({ msg, request_id: id, address }) => [msg, id, address])).toEqual(
      eventKinds.map((_, at) => ['request', `invocation-${at + 1}`, CALLER]),
    );
  });

  test('refuses callers without a token, answers invalid events and failing trackers, and goes on', async () => {
    const tracker = await openTracker({ faults: { '192.0.2.7': { kind: 'status', status: 403 } } });
    const { api } = await start({ CCT_API_URL: tracker.url, CCT_JWT_SECRET: HS256_SECRET });
    const stranger = toAnswer(await api.invoke(functionUrlEvent({ path: '/health' })));
    expect(readAnswer(stranger.body).errors.map(({ message }) => message)).toEqual([
      'Authorization failed: Authorization header is missing',
    ]);
    const events = [null, 'text', [], {}, { Records: [{ eventSource: 'aws:sqs' }] }];
    const statuses = [];
    for (const event of events) statuses.push(toAnswer(await api.invoke(event)).statusCode);
    expect(statuses).toEqual(events.map(() => 400));
    const failed = toAnswer(await api.invoke(ask(OTHER)));
    expect([failed.statusCode, readAnswer(failed.body).errors.map(({ code }) => code)]).toEqual([200, ['permission denied']]);
    expect(toAnswer(await api.invoke(ask())).body).toContain('"data"');
  });

  test('answers a second before its timeout, with what is ready', async () => {
    const tracker = await openTracker({
      listings: { '198.51.100.60': 'Malicious: Pony' },
      faults: { '192.0.2.7': { kind: 'slow', delayMs: 60_000 } },
    });
    const { api } = await start({ CCT_API_URL: tracker.url, CCT_JWT_SECRET: HS256_SECRET });
    toAnswer(await api.invoke(ask()));
    const startedMs = performance.now();
    const { body } = toAnswer(await api.invoke(ask(PANEL, OTHER), { timeoutMs: 3_000 }));
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    const { verdicts, errors } = readAnswer(body);
    expect(verdicts).toEqual(['198.51.100.60']);
    expect(errors).toMatchObject([{ type: 'warning', message: expect.stringContaining('192.0.2.7') as string }]);
    expect(readAnswer(toAnswer(await api.invoke(ask(PANEL))).body).verdicts).toEqual(['198.51.100.60']);
  });

  test('does not start without authentication, and names the variables for it', async () => {
    const { api, instance } = await start({ CCT_SNAPSHOT: 'sample' });
    expect(await api.initError).toMatchObject({
      errorMessage:
        'AWS Lambda is reachable by others, and no authentication is set: give CCT_JWT_SECRET_FILE or CCT_JWKS_HOST, or allow it with CCT_ALLOW_ANONYMOUS',
    });
    expect(await instance.ended).not.toBe(0);
  });
});
