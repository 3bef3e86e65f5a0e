import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import { createRelay, createTestMetrics } from '../helpers/relay.ts';

describe('health', () => {
  test('is ok', async () => {
    const { status, text } = await createRelay().ask('POST', '/health');
    expect([status, text]).toEqual([200, '{"data":{"status":"ok"}}\n']);
  });

  test('is an error that says what is wrong', async () => {
    const error = new CctError('forbidden', 'The tracker answered 403 Forbidden');
    const { status, json } = await createRelay({ checkHealth: () => Promise.resolve(error) }).ask('POST', '/health', '{"x":');
    expect([status, json]).toEqual([
      200,
      { errors: [{ type: 'fatal', code: 'permission denied', message: 'The tracker answered 403 Forbidden' }] },
    ]);
  });
});

describe('an endpoint', () => {
  test('returns the version without a wrapper', async () => {
    expect((await createRelay().ask('POST', '/version')).json).toEqual({ version: '1.2.3' });
  });

  test('echoes the Health-Check header, or reports that it is missing', async () => {
    const relay = createRelay();
    expect((await relay.ask('GET', '/watchdog', undefined, { 'Health-Check': 'a "b"' })).json).toEqual({ data: 'a "b"' });
    expect((await relay.ask('GET', '/watchdog', undefined, { 'Health-Check': '' })).json).toEqual({ data: '' });
    const { status, json } = await relay.ask('GET', '/watchdog');
    expect([status, json]).toEqual([
      200,
      { errors: [{ type: 'fatal', code: 'health check failed', message: 'The request has no Health-Check header' }] },
    ]);
  });

  test('returns a page to a browser and JSON to others', async () => {
    const relay = createRelay();
    const page = await relay.ask('GET', '/', undefined, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('/observe/observables');
    expect((await relay.ask('GET', '/', undefined, { Accept: 'Text/HTML' })).text).toBe(page.text);
    expect((await relay.ask('GET', '/', undefined, { Accept: '*/*' })).json).toMatchObject({ name: 'cct', version: '1.2.3' });
  });

  test('shows an example with its own origin, and with a token where one is required', async () => {
    const accept = { Accept: 'text/html' };
    const { text } = await createRelay().ask('GET', '/?x=1', undefined, accept);
    expect(text).toContain('curl -s http://relay.example/observe/observables');
    expect(text).not.toContain('Authorization');
    expect((await createRelay({ hasToken: true }).ask('GET', '/', undefined, accept)).text).toContain('Authorization: Bearer');
  });

  test('returns metrics only if they are on', async () => {
    expect((await createRelay().ask('GET', '/metrics')).status).toBe(404);
    const { status, headers, text } = await createRelay({ metrics: createTestMetrics() }).ask('GET', '/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('cct_http_requests_total');
  });
});

describe('a method that an endpoint does not accept', () => {
  test('is answered with 405 and the accepted methods', async () => {
    const relay = createRelay({ metrics: createTestMetrics() });
    const replies = await Promise.all(endpoints.map(({ method, path }) => relay.ask(method === 'GET' ? 'POST' : 'GET', path)));
    expect(replies.map(({ status, headers }) => [status, headers.get('allow')])).toEqual(
      endpoints.map(({ method }) => [405, method === 'GET' ? 'GET, HEAD' : 'POST']),
    );
    expect(replies[0]?.json).toEqual({ code: 405, message: 'Method Not Allowed', reason: '/health accepts only POST' });
  });

  test('is answered with 405 for a path with a slash at its end', async () => {
    expect((await createRelay().ask('PUT', '/health/')).status).toBe(405);
  });

  test('may be HEAD instead of GET, and has no body', async () => {
    const { status, text, headers } = await createRelay().ask('HEAD', '/openapi.json');
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json; charset=utf-8']);
  });
});

describe('an unknown path', () => {
  test('is answered with 404', async () => {
    const paths = ['/x', '/observe', '/health/x', '/observe/observables/../../etc/passwd', '/%2e%2e/x', '/HEALTH'];
    const replies = await Promise.all(paths.map((path) => createRelay().ask('POST', path, [])));
    expect(replies.map(({ status }) => status)).toEqual(paths.map(() => 404));
    expect(replies[0]?.json).toEqual({ code: 404, message: 'Not Found', reason: 'No such endpoint; GET / lists the endpoints' });
  });
});
