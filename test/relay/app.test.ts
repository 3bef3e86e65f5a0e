import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError, toCctError } from '../../src/core/errors.ts';
import { onOver } from '../../src/core/tracker.ts';
import type { Endpoint } from '../../src/relay/endpoints.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import { createMetrics } from '../../src/relay/metrics.ts';
import { createDeferred, createTracker, toListed, unlisted } from '../core/samples.ts';
import { createRelay } from '../helpers/relay.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { FIXED_NOW, readAnswer } from '../helpers/run-cct.ts';

const PANEL = { type: 'url', value: 'http://panel.example/d12/cp.php?m=login' };
const ADDRESS = { type: 'ip', value: '198.51.100.60' };

function createTestMetrics() {
  return createMetrics({ version: '1.2.3', startedAt: FIXED_NOW, readMemoryBytes: () => 1 });
}

/** Asks an endpoint as its method wants it, with a body that is right for all. */
function askEndpoint(relay: ReturnType<typeof createRelay>, { method, path }: Endpoint, headers = {}) {
  return relay.ask(method, path, method === 'POST' ? [] : undefined, headers);
}

describe('what is listed', () => {
  test('has Verdicts and Judgements at observe', async () => {
    const { status, json, text } = await createRelay().ask('POST', '/observe/observables', [PANEL, ADDRESS]);
    expect(status).toBe(200);
    expect(validateAnswer(json)).toEqual([]);
    const values = [PANEL.value, ADDRESS.value];
    expect(readAnswer(text)).toEqual({ verdicts: values, judgements: values, errors: [] });
  });

  test('has Verdicts at deliberate', async () => {
    const { json, text } = await createRelay().ask('POST', '/deliberate/observables', [PANEL, ADDRESS]);
    expect(validateAnswer(json)).toEqual([]);
    expect(readAnswer(text)).toEqual({ verdicts: [PANEL.value, ADDRESS.value], judgements: undefined, errors: [] });
  });

  test('has a link to the search of the tracker at refer, and so has what is not listed', async () => {
    const asked = [PANEL, { type: 'ip', value: '192.0.2.1' }, { type: 'domain', value: 'panel.example' }, PANEL];
    const { json } = await createRelay().ask('POST', '/refer/observables', asked);
    expect(json).toMatchObject({
      data: [
        { url: 'https://tracker.example/index.php?search=panel.example%2Fd12%2Fcp.php%3Fm%3Dlogin' },
        { url: 'https://tracker.example/index.php?search=192.0.2.1' },
      ],
    });
  });
});

describe('a request', () => {
  test('is read whatever its content type', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8', 'nonsense'];
    const replies = await Promise.all(
      types.map((type) => createRelay().ask('POST', '/deliberate/observables', [ADDRESS], { 'Content-Type': type })),
    );
    expect(replies.map(({ text }) => readAnswer(text).verdicts)).toEqual(types.map(() => [ADDRESS.value]));
  });

  test('may have a slash at the end of its path, and a query', async () => {
    const relay = createRelay();
    const replies = await Promise.all([
      relay.ask('POST', '/deliberate/observables/', [ADDRESS]),
      relay.ask('POST', '/deliberate/observables?x=1', [ADDRESS]),
    ]);
    expect(replies.map(({ text }) => readAnswer(text).verdicts)).toEqual([[ADDRESS.value], [ADDRESS.value]]);
  });

  test('has its types lower-cased, and names one observable once', async () => {
    const asked = [{ type: 'IP', value: ADDRESS.value }, ADDRESS, { ...ADDRESS, x: 1 }];
    const { text } = await createRelay().ask('POST', '/observe/observables', asked);
    expect(readAnswer(text)).toEqual({ verdicts: [ADDRESS.value], judgements: [ADDRESS.value], errors: [] });
  });

  test('about nothing, or nothing that is known, is answered with nothing', async () => {
    const relay = createRelay();
    const asked = [
      [],
      [{ type: 'domain', value: 'panel.example' }],
      [{ type: 'x-new-type', value: 'x' }],
      [{ type: 'ip', value: '192.0.2.1' }],
    ];
    const replies = await Promise.all(
      asked.flatMap((body) => ['/observe/observables', '/deliberate/observables'].map((path) => relay.ask('POST', path, body))),
    );
    expect(replies.map(({ text }) => text)).toEqual(replies.map(() => '{"data":{}}\n'));
    expect(replies).toHaveLength(8);
  });

  test('as Inspect makes it, a url and its domain together, is answered about the url', async () => {
    const asked = [
      PANEL,
      { type: 'domain', value: 'panel.example' },
      { type: 'ipv6', value: '2001:db8::1' },
      { type: 'sha256', value: 'a'.repeat(64) },
    ];
    const { json, text } = await createRelay().ask('POST', '/deliberate/observables', asked);
    expect(validateAnswer(json)).toEqual([]);
    expect(readAnswer(text)).toEqual({ verdicts: [PANEL.value], judgements: undefined, errors: [] });
  });

  test('keeps private addresses at home, unless the operator said otherwise', async () => {
    const tracker = createTracker(() => Promise.resolve(unlisted));
    const asked = [
      { type: 'ip', value: '10.0.0.8' },
      { type: 'url', value: 'http://user:pw@panel.example/' },
    ];
    await createRelay({ tracker }).ask('POST', '/observe/observables', asked);
    expect(tracker.asked).toEqual([]);
    await createRelay({ tracker, rules: { includePrivate: true } }).ask('POST', '/observe/observables', asked);
    expect(tracker.asked).toEqual(['10.0.0.8', 'user:pw@panel.example/']);
  });

  test('links to no search for what is private, unless the operator said otherwise', async () => {
    const asked = [{ type: 'ip', value: '10.0.0.8' }];
    const { text } = await createRelay().ask('POST', '/refer/observables', asked);
    expect(text).toBe('{"data":[]}\n');
    const { json } = await createRelay({ linkRules: { includePrivate: true } }).ask('POST', '/refer/observables', asked);
    expect(json).toMatchObject({ data: [{ url: 'https://tracker.example/index.php?search=10.0.0.8' }] });
  });
});

describe('an answer', () => {
  test('holds what was found beside what failed', async () => {
    const tracker = createTracker(({ key }) =>
      key === '192.0.2.1' ? Promise.reject(new CctError('unavailable', 'The tracker answered 500')) : Promise.resolve(toListed()),
    );
    const { status, json, text } = await createRelay({ tracker }).ask('POST', '/observe/observables', [
      { type: 'ip', value: '192.0.2.1' },
      ADDRESS,
    ]);
    expect(status).toBe(200);
    expect(validateAnswer(json)).toEqual([]);
    expect(readAnswer(text)).toEqual({
      verdicts: [ADDRESS.value],
      judgements: [ADDRESS.value],
      errors: [{ type: 'fatal', code: 'service unavailable', message: 'The tracker answered 500: 192.0.2.1' }],
    });
  });

  test('has the headers of one that is data and nothing else', async () => {
    const metrics = createTestMetrics();
    const replies = await Promise.all(endpoints.map((endpoint) => askEndpoint(createRelay({ metrics }), endpoint)));
    const names = ['x-content-type-options', 'cache-control', 'x-powered-by'];
    expect(replies.map(({ headers }) => names.map((name) => headers.get(name)))).toEqual(
      endpoints.map(() => ['nosniff', 'no-store', null]),
    );
    expect(replies.map(({ status }) => status)).toEqual(endpoints.map(() => 200));
  });

  test('carries the id of its request, a sane one of the caller or one that is made', async () => {
    const relay = createRelay();
    const given = ['abc-1.2_3:4', 'a'.repeat(128), 'a'.repeat(129), 'a b', 'a\u00E9', ''];
    const replies = await Promise.all(given.map((id) => relay.ask('POST', '/version', '', { 'X-Request-Id': id })));
    const answered = replies.map(({ headers }) => headers.get('x-request-id'));
    expect(answered).toEqual([given[0], given[1], 'made-1', 'made-2', 'made-3', 'made-4']);
    expect(relay.log.requests.map(({ requestId }) => requestId)).toEqual(answered);
  });
});

describe('health', () => {
  test('is ok', async () => {
    const { status, text } = await createRelay().ask('POST', '/health');
    expect([status, text]).toEqual([200, '{"data":{"status":"ok"}}\n']);
  });

  test('says what is wrong', async () => {
    const error = new CctError('forbidden', 'The tracker answered 403 Forbidden');
    const { status, json } = await createRelay({ checkHealth: () => Promise.resolve(error) }).ask('POST', '/health', '{"x":');
    expect([status, json]).toEqual([
      200,
      { errors: [{ type: 'fatal', code: 'permission denied', message: 'The tracker answered 403 Forbidden' }] },
    ]);
  });
});

describe('the small endpoints', () => {
  test('tell the version without a wrapper', async () => {
    expect((await createRelay().ask('POST', '/version')).json).toEqual({ version: '1.2.3' });
  });

  test('give the Health-Check header back, or miss it', async () => {
    const relay = createRelay();
    expect((await relay.ask('GET', '/watchdog', undefined, { 'Health-Check': 'a "b"' })).json).toEqual({ data: 'a "b"' });
    expect((await relay.ask('GET', '/watchdog', undefined, { 'Health-Check': '' })).json).toEqual({ data: '' });
    const { status, json } = await relay.ask('GET', '/watchdog');
    expect([status, json]).toEqual([
      200,
      { errors: [{ type: 'fatal', code: 'health check failed', message: 'The request has no Health-Check header' }] },
    ]);
  });

  test('show a page to a browser and JSON to others', async () => {
    const relay = createRelay();
    const page = await relay.ask('GET', '/', undefined, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('/observe/observables');
    expect((await relay.ask('GET', '/', undefined, { Accept: 'Text/HTML' })).text).toBe(page.text);
    expect((await relay.ask('GET', '/', undefined, { Accept: '*/*' })).json).toMatchObject({ name: 'cct', version: '1.2.3' });
  });

  test('show how the relay is called where it was called, with a token where one is needed', async () => {
    const accept = { Accept: 'text/html' };
    const { text } = await createRelay().ask('GET', '/?x=1', undefined, accept);
    expect(text).toContain('curl -s http://relay.example/observe/observables');
    expect(text).not.toContain('Authorization');
    expect((await createRelay({ hasToken: true }).ask('GET', '/', undefined, accept)).text).toContain('Authorization: Bearer');
  });

  test('give figures only where they are wanted', async () => {
    expect((await createRelay().ask('GET', '/metrics')).status).toBe(404);
    const { status, headers, text } = await createRelay({ metrics: createTestMetrics() }).ask('GET', '/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('cct_http_requests_total');
  });

  test('count what was asked and answered', async () => {
    const relay = createRelay({ metrics: createTestMetrics() });
    await relay.ask('POST', '/observe/observables', [
      PANEL,
      { type: 'ip', value: '192.0.2.1' },
      { type: 'ip', value: '10.0.0.8' },
    ]);
    await relay.ask('GET', '/none/http://panel.example/');
    const { text } = await relay.ask('GET', '/metrics');
    const lines = text.split('\n').filter((line) => / [1-9]\d*$/.test(line));
    expect(lines).toEqual(
      expect.arrayContaining([
        'cct_http_requests_total{route="/observe/observables",status="200"} 1',
        'cct_http_requests_total{route="unknown",status="404"} 1',
        'cct_observables_total{outcome="listed"} 1',
        'cct_observables_total{outcome="unlisted"} 1',
        'cct_observables_total{outcome="skipped"} 1',
        'cct_http_requests_in_flight 1',
      ]),
    );
  });
});

describe('the time that a request takes', () => {
  test('is told in the log and in the figures', async () => {
    let nowMs = 1000;
    const relay = createRelay({ metrics: createTestMetrics(), monotonicMs: () => (nowMs += 250) });
    await relay.ask('POST', '/version');
    expect(relay.log.requests).toMatchObject([{ durationMs: 250 }]);
    const { text } = await relay.ask('GET', '/metrics');
    expect(text).toContain('cct_http_request_duration_seconds_sum{route="/version"} 0.25\n');
  });

  test('counts from its first byte, also for its deadline', async () => {
    const deadlines: unknown[] = [];
    const tracker = createTracker((_question, { deadlineAtMs }) => {
      deadlines.push(deadlineAtMs);
      return Promise.resolve(unlisted);
    });
    let nowMs = 0;
    const relay = createRelay({ tracker, deadlineMs: 25_000, monotonicMs: () => (nowMs += 20_000) });
    await relay.ask('POST', '/observe/observables', [ADDRESS]);
    expect(deadlines).toEqual([FIXED_NOW.getTime() + 5_000]);
  });
});

describe('a request that ends early', () => {
  /** A tracker that never answers, and when it was asked. */
  function createEndless() {
    const asked = createDeferred<undefined>();
    const tracker = createTracker(
      (_question, context) =>
        new Promise((_resolve, reject) => {
          onOver(context, (reason) => reject(toCctError(reason)));
          asked.resolve(undefined);
        }),
    );
    return { tracker, asked: asked.promise };
  }

  const toRequest = (signal: AbortSignal) =>
    new Request('http://relay.example/observe/observables', { method: 'POST', body: JSON.stringify([ADDRESS]), signal });

  test('with its signal, where a shell says nothing else, has left', async () => {
    const { tracker, asked } = createEndless();
    const relay = createRelay({ tracker });
    const leaving = new AbortController();
    const reply = relay.send(toRequest(leaving.signal));
    await asked;
    leaving.abort();
    expect(readAnswer((await reply).text).errors).toMatchObject([{ message: `The caller went away: ${ADDRESS.value}` }]);
    await relay.send(toRequest(AbortSignal.abort()));
    expect(relay.log.requests.map(({ hasLeft }) => hasLeft)).toEqual([true, true]);
  });

  test('because the relay stops is answered with what is ready, and has not left', async () => {
    const { tracker, asked } = createEndless();
    const stopping = new AbortController();
    const relay = createRelay({ tracker, stopping: stopping.signal });
    const reply = relay.ask('POST', '/observe/observables', [ADDRESS, { type: 'ip', value: '10.0.0.8' }]);
    await asked;
    stopping.abort(new CctError('interrupted', 'Interrupted before it was answered'));
    expect(readAnswer((await reply).text).errors).toMatchObject([
      { message: `Interrupted before it was answered: ${ADDRESS.value}` },
    ]);
    expect(relay.log.requests).toMatchObject([{ hasLeft: false, outcomes: { failed: 1, skipped: 1 } }]);
  });

  test('is one of many, of which Node need not warn', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { tracker, asked } = createEndless();
    const stopping = new AbortController();
    const relay = createRelay({ tracker, stopping: stopping.signal });
    const replies = Array.from({ length: 20 }, () => relay.ask('POST', '/observe/observables', [ADDRESS]));
    await asked;
    // Node warns on its next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(tracker.asked).toHaveLength(20);
    stopping.abort();
    await Promise.all(replies);
    expect(warnings).toEqual([]);
  });

  test('or late leaves no listener behind on what outlives it', async () => {
    const stopping = new AbortController();
    const listening: number[] = [];
    const tracker = createTracker((_question, context) => {
      onOver(context, () => undefined);
      listening.push(getEventListeners(stopping.signal, 'abort').length);
      return Promise.resolve(unlisted);
    });
    await createRelay({ tracker, stopping: stopping.signal }).ask('POST', '/observe/observables', [ADDRESS]);
    expect([listening, getEventListeners(stopping.signal, 'abort')]).toEqual([[1], []]);
  });
});

describe('a method that an endpoint does not take', () => {
  test('is answered with 405 and those that it takes', async () => {
    const relay = createRelay({ metrics: createTestMetrics() });
    const replies = await Promise.all(endpoints.map(({ method, path }) => relay.ask(method === 'GET' ? 'POST' : 'GET', path)));
    expect(replies.map(({ status, headers }) => [status, headers.get('allow')])).toEqual(
      endpoints.map(({ method }) => [405, method === 'GET' ? 'GET, HEAD' : 'POST']),
    );
    expect(replies[0]?.json).toEqual({ code: 405, message: 'Method Not Allowed', reason: '/health takes POST only' });
  });

  test('is found out behind a slash at the end too', async () => {
    expect((await createRelay().ask('PUT', '/health/')).status).toBe(405);
  });

  test('may be HEAD where GET is taken, without a body', async () => {
    const { status, text, headers } = await createRelay().ask('HEAD', '/openapi.json');
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json; charset=utf-8']);
  });
});

describe('a path that is none', () => {
  test('is answered with 404', async () => {
    const paths = [
      '/x',
      '/observe',
      '//health',
      '/health//',
      '/health/x',
      '/observe/observables/../../etc/passwd',
      '/%2e%2e/x',
      '/HEALTH',
    ];
    const replies = await Promise.all(paths.map((path) => createRelay().ask('POST', path, [])));
    expect(replies.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect(replies[0]?.json).toEqual({ code: 404, message: 'Not Found', reason: 'There is no such endpoint: GET / lists them' });
  });
});

describe('a token', () => {
  const refuse = () => Promise.reject(new CctError('unauthorized', 'Authorization failed: Authorization header is missing'));

  test('is asked for by all endpoints but the open ones, and not by other paths', async () => {
    const relay = createRelay({ authenticate: refuse, hasToken: true, metrics: createTestMetrics() });
    const replies = await Promise.all(endpoints.map((endpoint) => askEndpoint(relay, endpoint)));
    const refused = endpoints
      .filter((_, at) => replies[at]?.text.includes('Authorization failed') === true)
      .map(({ path }) => path);
    expect(refused).toEqual(['/health', '/deliberate/observables', '/observe/observables', '/refer/observables', '/metrics']);
  });

  test('that is refused is an error of the relay, 200, and nothing is asked', async () => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const { status, json } = await createRelay({ authenticate: refuse, tracker }).ask('POST', '/observe/observables', [ADDRESS]);
    expect([status, json, tracker.asked]).toEqual([
      200,
      {
        errors: [
          { type: 'fatal', code: 'authorization error', message: 'Authorization failed: Authorization header is missing' },
        ],
      },
      [],
    ]);
    expect(validateAnswer(json)).toEqual([]);
  });

  test('that is refused is 401 at the figures', async () => {
    const { status, headers } = await createRelay({ authenticate: refuse, metrics: createTestMetrics() }).ask('GET', '/metrics');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('is handed over as it stands', async () => {
    const seen: unknown[] = [];
    const authenticate = (header: unknown) => {
      seen.push(header);
      return Promise.resolve();
    };
    await createRelay({ authenticate }).ask('POST', '/health', '', { Authorization: 'Bearer a.b.c' });
    await createRelay({ authenticate }).ask('POST', '/health');
    expect(seen).toEqual(['Bearer a.b.c', null]);
  });
});

describe('a bug', () => {
  test('is answered with an internal error, told once with its stack, and does not end the relay', async () => {
    const bug = new TypeError('x is not a function');
    const relay = createRelay({
      checkHealth: () => {
        throw bug;
      },
    });
    const { status, json } = await relay.ask('POST', '/health', '', { 'X-Request-Id': 'r1' });
    expect([status, json]).toEqual([
      200,
      {
        errors: [{ type: 'fatal', code: 'internal error', message: 'This is a bug in cct; its log says more about request r1' }],
      },
    ]);
    expect(validateAnswer(json)).toEqual([]);
    expect(relay.log.problems).toEqual([{ text: 'A request ended in a bug', requestId: 'r1', cause: bug }]);
    expect((await relay.ask('POST', '/version')).status).toBe(200);
  });

  test('in lookups costs no other observable its answer, and is told once', async () => {
    const bug = new TypeError('x is not a function');
    const tracker = createTracker(({ key }) => (key === ADDRESS.value ? Promise.resolve(toListed()) : Promise.reject(bug)));
    const relay = createRelay({ tracker });
    const asked = [ADDRESS, { type: 'ip', value: '192.0.2.1' }, { type: 'ip', value: '192.0.2.2' }];
    const { text } = await relay.ask('POST', '/deliberate/observables', asked);
    expect(readAnswer(text)).toMatchObject({ verdicts: [ADDRESS.value], errors: [{ code: 'internal error' }] });
    expect(relay.log.problems).toEqual([{ text: 'A lookup ended in a bug', requestId: 'made-1', cause: bug }]);
  });
});

describe('the log', () => {
  test('tells of each request once, and names no observable', async () => {
    const relay = createRelay();
    await relay.ask('POST', '/observe/observables', [PANEL, { type: 'ip', value: '10.0.0.8' }]);
    await relay.ask('GET', '/observe/observables/http://panel.example/');
    await relay.ask('POST', '/observe/observables', '{');
    await relay.ask('PUT', '/observe/observables', '{');
    expect(relay.log.requests).toMatchObject([
      {
        requestId: 'made-1',
        method: 'POST',
        route: '/observe/observables',
        status: 200,
        address: '127.0.0.1',
        outcomes: { listed: 1, unlisted: 0, skipped: 1, failed: 0 },
        errorCodes: [],
        observables: undefined,
      },
      { method: 'GET', route: 'unknown', status: 404, outcomes: undefined },
      { route: '/observe/observables', status: 200, errorCodes: ['invalid argument'], outcomes: undefined },
      { method: 'PUT', route: '/observe/observables', status: 405, errorCodes: [] },
    ]);
    expect(JSON.stringify(relay.log)).not.toContain('panel.example');
  });

  test('names observables when it is told to', async () => {
    const relay = createRelay({ logObservables: true });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.requests).toMatchObject([{ observables: [PANEL] }]);
  });

  test('shows what was not understood as a detail', async () => {
    const error = new CctError('unintelligible', "The tracker's answer is not JSON", { rawExtract: '<html>' });
    const tracker = createTracker(() => Promise.reject(error));
    const relay = createRelay({ tracker, logObservables: true });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.details).toEqual(['the answer of the tracker was: <html>']);
    expect(relay.log.requests).toMatchObject([{ outcomes: { failed: 1 }, errorCodes: ['key error'] }]);
  });

  test('shows nothing of the answer of a tracker, which may name an observable, unless it may show these', async () => {
    const rawExtract = `no idea about ${PANEL.value}`;
    const error = new CctError('unintelligible', "The tracker's answer is not JSON", { rawExtract });
    const relay = createRelay({ tracker: createTracker(() => Promise.reject(error)) });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.details).toEqual(['the answer of the tracker was not understood; --log-observables shows it']);
  });
});
