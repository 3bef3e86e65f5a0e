import fc from 'fast-check';
import { expect } from 'vitest';
import { endpoints, toPath } from '../../src/relay/endpoints.ts';
import { testProperty } from './cases.ts';

const paths: readonly string[] = endpoints.map(({ path }) => path);
const dots = fc.constantFrom('.', '..', '%2e', '%2E%2E', '.%2e', '%2E.', '%2e%2e');
const segment = fc.oneof(fc.constantFrom(...paths.flatMap((path) => path.split('/'))), dots, fc.constant('x'));
const slashes = fc.integer({ min: 1, max: 3 }).map((count) => '/'.repeat(count));
const origin = fc.constantFrom('', 'http://relay.example', 'https://127.0.0.1:9090');
const end = fc.constantFrom('', '/', '//', '?a=/../b', '/?', '#/..');

testProperty(
  'a target leads to an endpoint only if its segments are those of the path',
  [origin, fc.array(fc.tuple(slashes, segment), { minLength: 1, maxLength: 5 }), end],
  (before, parts, after) => {
    const named = parts.map(([, name]) => name).filter((name) => name !== '');
    const wanted = `/${named.join('/')}`;
    const path = toPath(before + parts.map((part) => part.join('')).join('') + after);
    expect(paths.includes(path)).toBe(paths.includes(wanted));
    if (paths.includes(wanted)) expect(path).toBe(wanted);
  },
);
