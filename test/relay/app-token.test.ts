import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import { createTracker, toListed } from '../core/samples.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { createRelay, createTestMetrics, ADDRESS, askEndpoint } from '../helpers/relay.ts';

describe('a token', () => {
  const refuse = () => Promise.reject(new CctError('unauthorized', 'Authorization failed: Authorization header is missing'));

  test('is required by all endpoints except the open ones', async () => {
    const relay = createRelay({ authenticate: refuse, hasToken: true, metrics: createTestMetrics() });
    const replies = await Promise.all(endpoints.map((endpoint) => askEndpoint(relay, endpoint)));
    const refused = endpoints
      .filter((_, at) => replies[at]?.text.includes('Authorization failed') === true)
      .map(({ path }) => path);
    expect(refused).toEqual(['/health', '/deliberate/observables', '/observe/observables', '/refer/observables', '/metrics']);
  });

  test('that is refused is an error with status 200, and nothing is looked up', async () => {
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

  test('that is refused is 401 at /metrics', async () => {
    const { status, headers } = await createRelay({ authenticate: refuse, metrics: createTestMetrics() }).ask('GET', '/metrics');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('is passed on unchanged', async () => {
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
