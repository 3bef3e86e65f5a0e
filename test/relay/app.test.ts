import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import { createTracker, toListed, unlisted } from '../core/samples.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { createRelay, createTestMetrics, PANEL, ADDRESS, askEndpoint } from '../helpers/relay.ts';
import { readAnswer } from '../helpers/run-cct.ts';

describe('a listed observable', () => {
  test('has a Verdict and a Judgement at observe', async () => {
    const { status, json, text } = await createRelay().ask('POST', '/observe/observables', [PANEL, ADDRESS]);
    expect(status).toBe(200);
    expect(validateAnswer(json)).toEqual([]);
    const values = [PANEL.value, ADDRESS.value];
    expect(readAnswer(text)).toEqual({ verdicts: values, judgements: values, errors: [] });
  });

  test('has a Verdict at deliberate', async () => {
    const { json, text } = await createRelay().ask('POST', '/deliberate/observables', [PANEL, ADDRESS]);
    expect(validateAnswer(json)).toEqual([]);
    expect(readAnswer(text)).toEqual({ verdicts: [PANEL.value, ADDRESS.value], judgements: undefined, errors: [] });
  });

  test('has a link to the search of the tracker at refer, as an unlisted one has', async () => {
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

  test('has its types lower-cased and its duplicates removed', async () => {
    const asked = [{ type: 'IP', value: ADDRESS.value }, ADDRESS, { ...ADDRESS, x: 1 }];
    const { text } = await createRelay().ask('POST', '/observe/observables', asked);
    expect(readAnswer(text)).toEqual({ verdicts: [ADDRESS.value], judgements: [ADDRESS.value], errors: [] });
  });

  test('about nothing supported or listed has an empty answer', async () => {
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

  test('of Inspect, with a URL and its domain, is answered about the URL', async () => {
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

  test('sends no private addresses, unless they are included', async () => {
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

  test('has no links for private addresses, unless they are included', async () => {
    const asked = [{ type: 'ip', value: '10.0.0.8' }];
    const { text } = await createRelay().ask('POST', '/refer/observables', asked);
    expect(text).toBe('{"data":[]}\n');
    const { json } = await createRelay({ linkRules: { includePrivate: true } }).ask('POST', '/refer/observables', asked);
    expect(json).toMatchObject({ data: [{ url: 'https://tracker.example/index.php?search=10.0.0.8' }] });
  });
});

describe('an answer', () => {
  test('has both data and errors', async () => {
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

  test('has the security headers', async () => {
    const metrics = createTestMetrics();
    const replies = await Promise.all(endpoints.map((endpoint) => askEndpoint(createRelay({ metrics }), endpoint)));
    const names = ['x-content-type-options', 'cache-control', 'x-powered-by'];
    expect(replies.map(({ headers }) => names.map((name) => headers.get(name)))).toEqual(
      endpoints.map(() => ['nosniff', 'no-store', null]),
    );
    expect(replies.map(({ status }) => status)).toEqual(endpoints.map(() => 200));
  });

  test('has the id of its request: a valid one of the caller, or a new one', async () => {
    const relay = createRelay();
    const given = ['abc-1.2_3:4', 'a'.repeat(128), 'a'.repeat(129), 'a b', 'a\u00E9', ''];
    const replies = await Promise.all(given.map((id) => relay.ask('POST', '/version', '', { 'X-Request-Id': id })));
    const answered = replies.map(({ headers }) => headers.get('x-request-id'));
    expect(answered).toEqual([given[0], given[1], 'made-1', 'made-2', 'made-3', 'made-4']);
    expect(relay.log.requests.map(({ requestId }) => requestId)).toEqual(answered);
  });
});
