import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Endpoint } from '../../src/relay/endpoints.ts';
import { endpoints, statusesOf, takesObservables } from '../../src/relay/endpoints.ts';
import type { RelayReply, TestRelay } from '../helpers/relay.ts';
import { createRelay, createTestMetrics } from '../helpers/relay.ts';
import { toRecord, validateAgainstOpenApi } from '../helpers/openapi.ts';

const LISTED = [
  { type: 'url', value: 'http://panel.example/d12/cp.php?m=login' },
  { type: 'ip', value: '198.51.100.60' },
];

async function readDocument(relay: TestRelay) {
  return toRecord((await relay.ask('GET', '/openapi.json')).json);
}

/** Differences between an answer and the document, with path and status. */
function problemsOf(
  document: Record<string, unknown>,
  { method, path }: Pick<Endpoint, 'path'> & { method: string },
  reply: RelayReply,
) {
  const body = reply.headers.get('content-type')?.startsWith('application/json') === true ? reply.json : reply.text;
  return validateAgainstOpenApi(document, { method, path, status: reply.status }, body).map(
    (problem) => `${method} ${path} ${reply.status}: ${problem}`,
  );
}

describe('an answer of the relay matches its OpenAPI document', () => {
  test('with data, from every endpoint', async () => {
    const relay = createRelay({ metrics: createTestMetrics() });
    const document = await readDocument(relay);
    const problems = await Promise.all(
      endpoints.map(async (endpoint) =>
        problemsOf(
          document,
          endpoint,
          await relay.ask(endpoint.method, endpoint.path, endpoint.method === 'POST' ? LISTED : undefined),
        ),
      ),
    );
    expect(problems.flat()).toEqual([]);
  });

  test('with errors, from every endpoint that has them', async () => {
    const relay = createRelay({
      metrics: createTestMetrics(),
      checkHealth: () => Promise.resolve(new CctError('unavailable', 'down')),
    });
    const document = await readDocument(relay);
    const replies = await Promise.all(
      endpoints.map(async (endpoint) => ({
        endpoint,
        reply: await relay.ask(endpoint.method, endpoint.path, endpoint.method === 'POST' ? '{' : undefined),
      })),
    );
    expect(replies.flatMap(({ endpoint, reply }) => problemsOf(document, endpoint, reply))).toEqual([]);
    expect(replies.filter(({ reply }) => reply.text.startsWith('{"errors"')).map(({ endpoint }) => endpoint.id)).toEqual([
      'health',
      'deliberate',
      'observe',
      'refer',
      'watchdog',
    ]);
  });

  test('with every other status in the document', async () => {
    const refuse = () => Promise.reject(new CctError('unauthorized', 'Authorization failed: Wrong JWT structure'));
    const guarded = createRelay({ metrics: createTestMetrics(), hasToken: true, authenticate: refuse });
    const open = createRelay();
    const document = await readDocument(guarded);
    const tooLong = ' '.repeat(1024 ** 2 + 1);
    const asked = endpoints.flatMap((endpoint) => [
      { endpoint, method: 'PUT', reply: guarded.ask('PUT', endpoint.path, []) },
      ...(takesObservables(endpoint) ? [{ endpoint, method: 'POST', reply: open.ask('POST', endpoint.path, tooLong) }] : []),
      ...(endpoint.needsToken ? [{ endpoint, method: endpoint.method, reply: guarded.ask(endpoint.method, endpoint.path) }] : []),
    ]);
    const replies = await Promise.all(asked.map(async ({ reply, ...rest }) => ({ ...rest, reply: await reply })));
    expect(replies.flatMap(({ endpoint: { path }, method, reply }) => problemsOf(document, { method, path }, reply))).toEqual([]);
    const statuses = new Set(replies.map(({ reply }) => reply.status));
    expect([...statuses].sort()).toEqual([...new Set(endpoints.flatMap(statusesOf))].sort());
  });

  test('with 404 for an unknown path', async () => {
    const relay = createRelay();
    const reply = await relay.ask('GET', '/metrics');
    expect([reply.status, problemsOf(await readDocument(relay), { method: 'GET', path: '/metrics' }, reply)]).toEqual([404, []]);
  });
});
