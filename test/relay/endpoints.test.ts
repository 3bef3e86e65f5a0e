import { describe, expect, test } from 'vitest';
import { endpoints, statusesOf, takesObservables, toServedEndpoints } from '../../src/relay/endpoints.ts';

describe('the table of endpoints', () => {
  test('has those of the contract and ours', () => {
    expect(endpoints.map(({ id, method, path, needsToken }) => [id, method, path, needsToken])).toEqual([
      ['health', 'POST', '/health', true],
      ['deliberate', 'POST', '/deliberate/observables', true],
      ['observe', 'POST', '/observe/observables', true],
      ['refer', 'POST', '/refer/observables', true],
      ['version', 'POST', '/version', false],
      ['watchdog', 'GET', '/watchdog', false],
      ['landing', 'GET', '/', false],
      ['openapi', 'GET', '/openapi.json', false],
      ['metrics', 'GET', '/metrics', true],
    ]);
  });

  test('has each endpoint and each path once', () => {
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
    expect(new Set(endpoints.map(({ path }) => path)).size).toBe(endpoints.length);
  });

  test('has a summary of each in a line without a full stop', () => {
    expect(endpoints.filter(({ summary }) => !/^[A-Z][^\n]{5,79}[^.\n]$/.test(summary))).toEqual([]);
  });
});

test('only the metrics are optional', () => {
  const ids = endpoints.map(({ id }) => id);
  expect(toServedEndpoints({ hasMetrics: true }).map(({ id }) => id)).toEqual(ids);
  expect(toServedEndpoints({ hasMetrics: false }).map(({ id }) => id)).toEqual(ids.filter((id) => id !== 'metrics'));
});

test('only endpoints that read a body answer 413, and only the metrics 401', () => {
  expect(endpoints.map((endpoint) => [endpoint.id, statusesOf(endpoint)])).toEqual([
    ['health', [200, 405]],
    ['deliberate', [200, 405, 413]],
    ['observe', [200, 405, 413]],
    ['refer', [200, 405, 413]],
    ['version', [200, 405]],
    ['watchdog', [200, 405]],
    ['landing', [200, 405]],
    ['openapi', [200, 405]],
    ['metrics', [200, 401, 405]],
  ]);
});

test('three endpoints take observables', () => {
  expect(endpoints.filter(takesObservables).map(({ id }) => id)).toEqual(['deliberate', 'observe', 'refer']);
});
