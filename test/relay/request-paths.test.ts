import { describe, expect, test } from 'vitest';
import { createLambdaHandler } from '../../src/relay/lambda/handler.ts';
import { eventKinds } from '../helpers/lambda-events.ts';
import { createRelay, createTestMetrics } from '../helpers/relay.ts';
import { exchange } from './raw-answers.ts';
import { serve } from './served-app.ts';

/** Sends a request without changing its target, and returns the status, and what the log has of it. */
async function ask(method: string, target: string) {
  const { log, app } = createRelay({ metrics: createTestMetrics() });
  const { port, refused } = await serve(app);
  const answer = await exchange(port, `${method} ${target} HTTP/1.1\r\nHost: relay.example\r\nConnection: close\r\n\r\n`);
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
  return { status: Number(status), logged: log.requests.map(({ status, route }) => `${status} ${route}`), refused };
}

describe('on the wire', () => {
  test.each([
    ['POST', '//health', '/health'],
    ['POST', '///health//', '/health'],
    ['POST', '/%68ealth/?a=/../x', '/health'],
    ['GET', '/openapi%2ejson', '/openapi.json'],
    ['GET', '//', '/'],
    ['GET', 'http://relay.example', '/'],
    ['GET', 'http://relay.example?x', '/'],
    ['GET', 'http://relay.example//metrics/', '/metrics'],
  ])('%s %s is %s', async (method, target, route) => {
    expect(await ask(method, target)).toEqual({ status: 200, logged: [`200 ${route}`], refused: [] });
  });

  test.each([
    '/%2e%2e/metrics',
    '/%2E%2E/metrics',
    '/.%2e/metrics',
    '/x/%2e./metrics',
    '/../metrics',
    '/%2e/metrics',
    '/./metrics',
    '/metrics/.',
    '/metrics/x/%2E%2e',
    '/%252e%252e/metrics',
    'http://relay.example/%2e%2e/metrics',
    'HTTP://relay.example/x/../metrics',
    '/metrics/%',
  ])('GET %s is no endpoint', async (target) => {
    const { status, logged, refused } = await ask('GET', target);
    const expected = target.startsWith('HTTP:') ? [400, [], 1] : [404, ['404 unknown'], 0];
    expect([status, logged, refused.length]).toEqual(expected);
  });

  test('a path of another method has the same log as its endpoint', async () => {
    expect(await ask('GET', '//health/')).toEqual({ status: 405, logged: ['405 /health'], refused: [] });
  });
});

test.each(eventKinds)('in an event of %s paths are the same', async (_kind, toEvent) => {
  const { log, app } = createRelay({ metrics: createTestMetrics() });
  const handler = createLambdaHandler(app, log);
  const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 30_000 };
  for (const path of ['//metrics/', '/%2e%2e/metrics', '/x/.%2E/metrics', '/../metrics']) {
    await handler(toEvent({ method: 'GET', path }), context);
  }
  expect(log.requests.map(({ status, route }) => `${status} ${route}`)).toEqual([
    '200 /metrics',
    '404 unknown',
    '404 unknown',
    '404 unknown',
  ]);
});
