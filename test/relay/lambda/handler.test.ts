import { describe, expect, test } from 'vitest';
import { toCctError } from '../../../src/core/errors.ts';
import type { Tracker } from '../../../src/core/lookups/tracker.ts';
import type { RelayApp } from '../../../src/relay/app.ts';
import { createLambdaHandler } from '../../../src/relay/lambda/handler.ts';
import { createAuthenticator, parseSecret } from '../../../src/relay/auth/auth.ts';
import { balancerEvent, CALLER, eventKinds, functionUrlEvent, httpEvent, restEvent } from '../../helpers/lambda-events.ts';
import { createRecordedLog, createRelay } from '../../helpers/relay.ts';
import { FIXED_NOW, readAnswer } from '../../helpers/run-cct.ts';
import { signHs256, HS256_SECRET } from '../../helpers/tokens.ts';

const PANEL = [{ type: 'ip', value: '198.51.100.60' }];
const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 30_000 };
const REFUSED = 'The event is not a valid HTTP request from API Gateway, a Function URL or a load balancer';

function open(options: Parameters<typeof createRelay>[0] = {}) {
  const relay = createRelay(options);
  return { log: relay.log, handler: createLambdaHandler(relay.app, relay.log) };
}

/** A handler, and the requests that its app receives. */
function openRecorded() {
  const asked: { method: string; url: string; body: string; id: string | null; timeLeftMs: number | undefined }[] = [];
  const app: RelayApp = async (request, { timeLeftMs }) => {
    const { method, url, headers } = request;
    asked.push({ method, url, body: await request.text(), id: headers.get('x-request-id'), timeLeftMs });
    return new Response('ok', { headers: { 'Content-Type': 'text/plain' } });
  };
  return { asked, handler: createLambdaHandler(app, createRecordedLog()) };
}

describe('an event of', () => {
  test.each(eventKinds)('%s is answered, and its caller logged', async (_kind, toEvent) => {
    const { handler, log } = open();
    const result = await handler(toEvent({ path: '/observe/observables', body: PANEL }), context);
    expect([result.statusCode, result.isBase64Encoded]).toEqual([200, false]);
    expect(readAnswer(result.body)).toEqual({ verdicts: ['198.51.100.60'], judgements: ['198.51.100.60'], errors: [] });
    const headers = { ...result.headers, ...result.multiValueHeaders };
    expect([headers['content-type'], headers['x-request-id']].flat()).toEqual([
      'application/json; charset=utf-8',
      'invocation-1',
    ]);
    expect(log.requests).toMatchObject([{ route: '/observe/observables', address: CALLER, requestId: 'invocation-1' }]);
  });

  test.each(eventKinds)('%s may have its body in base64, and a token', async (_kind, toEvent) => {
    const authenticate = createAuthenticator({
      kind: 'hs256',
      secret: parseSecret(HS256_SECRET),
      audience: undefined,
      now: () => FIXED_NOW,
    });
    const { handler } = open({ authenticate });
    const headers = { authorization: `Bearer ${signHs256({}, HS256_SECRET)}` };
    const asked = { path: '/deliberate/observables', body: PANEL, isBase64: true };
    expect(readAnswer((await handler(toEvent({ ...asked, headers }), context)).body).verdicts).toEqual(['198.51.100.60']);
    expect(readAnswer((await handler(toEvent(asked), context)).body).errors).toMatchObject([{ code: 'authorization error' }]);
  });

  test('a health check of a load balancer has neither host nor caller', async () => {
    const { handler, log } = open();
    const { requestContext, httpMethod } = balancerEvent({ method: 'GET', path: '/' });
    const event = { requestContext, httpMethod, path: '/', headers: { 'user-agent': 'ELB-HealthChecker/2.0' }, body: '' };
    expect((await handler(event, context)).statusCode).toBe(200);
    expect(log.requests).toMatchObject([{ route: '/', address: '' }]);
  });
});

describe('the request to the app', () => {
  test('has the path without the stage of an HTTP API, in both formats', async () => {
    const { handler, asked } = openRecorded();
    const older = { ...restEvent({ path: '/prod/health' }), version: '1.0' };
    const paths = [
      httpEvent({ path: '/health' }, 'prod'),
      httpEvent({ path: '' }, 'prod'),
      older,
      restEvent({ path: '/prod/x' }),
    ];
    for (const event of paths) await handler(event, context);
    const { origin } = new URL('https://relay.example/');
    expect(asked.map(({ url }) => url)).toEqual(['/health', '/', '/health', '/prod/x'].map((path) => origin + path));
  });

  test('has no body with GET, and the id of the caller if there is one', async () => {
    const { handler, asked } = openRecorded();
    await handler(functionUrlEvent({ method: 'GET', path: '/', body: 'x', headers: { 'x-request-id': 'mine' } }), context);
    await handler(functionUrlEvent({ path: '/', body: 'é' }), context);
    expect(asked.map(({ method, body, id }) => [method, body, id])).toEqual([
      ['GET', '', 'mine'],
      ['POST', 'é', 'invocation-1'],
    ]);
  });

  test('must be answered a second before the time is over', async () => {
    const { handler, asked } = openRecorded();
    for (const leftMs of [30_000, 1_500, 400]) {
      await handler(functionUrlEvent({ path: '/' }), { ...context, getRemainingTimeInMillis: () => leftMs });
    }
    expect(asked.map(({ timeLeftMs }) => timeLeftMs)).toEqual([29_000, 500, 0]);
  });
});

describe('the deadline', () => {
  const silent: Tracker = {
    identify: ({ key }) => key,
    lookup: (_question, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(toCctError(signal.reason)));
      }),
    ping: () => Promise.resolve(),
    close: () => undefined,
  };

  test.each([
    [1_200, 25_000, '200 ms'],
    [30_000, 100, '100 ms'],
  ])('with %i ms left and a deadline of %i ms is %s', async (leftMs, deadlineMs, said) => {
    const { handler } = open({ tracker: silent, deadlineMs });
    const event = functionUrlEvent({ path: '/observe/observables', body: PANEL });
    const { body } = await handler(event, { ...context, getRemainingTimeInMillis: () => leftMs });
    const [error] = readAnswer(body).errors;
    expect(error?.message).toContain(`No answer within the deadline of ${said}`);
  });

  test('applies to a health check too', async () => {
    const given: (number | undefined)[] = [];
    const checkHealth = (atMostMs?: number) => {
      given.push(atMostMs);
      return Promise.resolve(null);
    };
    const { handler } = open({ checkHealth });
    await handler(functionUrlEvent({ path: '/health' }), { ...context, getRemainingTimeInMillis: () => 3_000 });
    expect(given).toEqual([2_000]);
  });
});

describe('an invalid event', () => {
  const whole = functionUrlEvent({ path: '/health' });
  const withHttp = (http: object) => ({
    ...whole,
    requestContext: { ...whole.requestContext, http: { ...whole.requestContext.http, ...http } },
  });
  test.each([
    ['nothing', null],
    ['a text', 'x'],
    ['a list', []],
    ['an empty object', {}],
    ['an event of a queue', { Records: [{ eventSource: 'aws:sqs', body: '[]' }] }],
    ['a path without its slash', { ...whole, rawPath: 'health' }],
    ['a method that a browser would not send', withHttp({ method: 'TRACE' })],
    ['a method of two words', withHttp({ method: 'GET /' })],
    ['a header of two lines', { ...whole, headers: { x: 'a\r\nb: c' } }],
    ['a header without a name', { ...whole, headers: { '': 'a' } }],
    ['a body that is not base64', { ...whole, body: '*', isBase64Encoded: true }],
    ['a body that is no text', { ...whole, body: {} }],
    ['a host that is none', { ...whole, requestContext: { ...whole.requestContext, domainName: 'a b' } }],
  ])('is answered with 400: %s', async (_what, event) => {
    const { handler, log } = open();
    const result = await handler(event, context);
    expect([result.statusCode, JSON.parse(result.body)]).toEqual([400, { code: 400, message: 'Bad Request', reason: REFUSED }]);
    expect(log.refusals).toEqual([{ status: 400, reason: REFUSED, method: undefined, address: '' }]);
    expect(log.problems).toEqual([]);
  });
});

test('a bug is logged with its stack, and answered', async () => {
  const bug = new Error('broken');
  const log = createRecordedLog();
  const handler = createLambdaHandler(() => Promise.reject(bug), log);
  const { statusCode, body } = await handler(functionUrlEvent({ path: '/health' }), context);
  expect([statusCode, readAnswer(body).errors]).toEqual([
    200,
    [
      {
        type: 'fatal',
        code: 'internal error',
        message: 'This is a bug in cct; see the log of the relay for request invocation-1',
      },
    ],
  ]);
  expect(log.problems).toEqual([{ text: 'A request failed because of a bug', requestId: 'invocation-1', cause: bug }]);
});
