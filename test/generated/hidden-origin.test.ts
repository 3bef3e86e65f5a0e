import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import type { RelayServer } from '../../src/relay/http/server.ts';
import { startServer } from '../../src/relay/http/server.ts';
import { exchange } from '../relay/raw-answers.ts';
import { echo } from '../relay/served-app.ts';
import { testCostly } from './cases.ts';

let server: RelayServer | undefined;

beforeAll(async () => {
  server = await startServer(echo, { host: '127.0.0.1', port: 0, refusesForeignPages: true });
});

afterAll(() => server?.stop(0));

const aboutTheLimit = fc.integer({ min: 990, max: 1010 });
const headerCount = fc.oneof(fc.integer({ min: 0, max: 4000 }), aboutTheLimit);
const header = fc.constantFrom('a:', 'X-B: 1', '__proto__: 1', 'Cookie: c', 'constructor: 2', 'Accept: */*');

testCostly(
  'a foreign Origin among any number of headers never reaches the app',
  { oneOf: 2, why: 'each is a connection' },
  [headerCount, fc.nat(), fc.array(header, { minLength: 1, maxLength: 3 })],
  async (count, place, kinds) => {
    const headers: string[] = Array.from({ length: count }, (_value, at) => kinds[at % kinds.length] ?? '');
    headers.splice(place % (count + 1), 0, 'Origin: https://page.example');
    const request = ['GET / HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n');
    const answer = await exchange(Number(new URL(server?.url ?? '').port), request);
    const status = count + 3 < 1000 ? /^HTTP\/1\.1 (?:403|431) / : /^HTTP\/1\.1 431 /;
    expect(answer).toMatch(status);
    expect(answer).not.toContain('GET /');
  },
);
