import fc from 'fast-check';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { beforeAll, describe, expect } from 'vitest';
import { toCanonical, triage } from '../../src/core/observables/observable.ts';
import type { Tracker } from '../../src/core/lookups/tracker.ts';
import { openLiveTracker, toLookupUrl } from '../../src/tracker/live/client.ts';
import { toTestOptions } from '../helpers/client-options.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { testCostly, testProperty } from './cases.ts';
import { name, observable } from './observables.ts';
import { anyText } from './texts.ts';

const API_URL = 'https://tracker.example/base/';
const urlLike = fc
  .array(fc.constantFrom(...'http :// @ : / ? # & = + % %41 %zz [ ] \\ . 10 a é'.split(' ')))
  .map((parts) => parts.join(''));
const behindHost = fc.tuple(name, fc.oneof(urlLike, anyText)).map(([host, rest]) => `${host}/${rest}`);
const type = fc.constantFrom('ip', 'url', 'domain');
const value = fc.oneof(anyText, urlLike, fc.ipV4(), fc.ipV6());
const anyObservable = fc.oneof(
  observable,
  fc.record({ type, value }),
  fc.record({ type: fc.constant('url'), value: behindHost }),
);

/** The lookup key of an observable, private ones included; null where it has none. */
function keyOf(given: { type: string; value: string }): string | null {
  return triage(toCanonical(given), { asksDomains: true }).question?.key ?? null;
}

describe('a lookup key', () => {
  testProperty('exists, or the reason why not, and percent-decoding the request once gives it', [anyObservable], (given) => {
    const decision = triage(toCanonical(given), { asksDomains: true });
    if (!decision.question) {
      expect(['invalid', 'unsupported']).toContain(decision.skip);
      return;
    }
    const { search } = toLookupUrl(API_URL, decision.question.key);
    expect(search.slice(0, 5)).toBe('?url=');
    expect(decodeURIComponent(search.slice(5))).toBe(decision.question.key);
    expect([...new URLSearchParams(search)]).toEqual([['url', decision.question.key]]);
  });

  testProperty(
    'is the value without surrounding blanks and one scheme, and no other character less',
    [
      fc.constantFrom('', ' ', '\u00A0', '\u3000 '),
      fc.constantFrom('', 'http://', 'HTTPS://', 'h2+x.y-z://'),
      fc.oneof(
        behindHost,
        fc.tuple(name, urlLike).map(([host, rest]) => `${host}?u=http://${rest}`),
      ),
    ],
    (blanks, scheme, rest) => {
      const key = keyOf({ type: 'url', value: `${blanks}${scheme}${rest}${blanks}` });
      expect([rest.trimEnd(), null]).toContain(key);
      if (/^[a-z0-9./?=:-]*$/.test(rest)) expect(key).toBe(rest);
    },
  );

  testProperty(
    'keeps a second scheme',
    [fc.constantFrom('http', 'https', 'ftp'), fc.constantFrom('http', 'hxxp', 'tcp'), name],
    (first, second, host) => {
      expect(keyOf({ type: 'url', value: `${first}://${second}://${host}` })).toBe(`${second}://${host}`);
    },
  );

  let tracker: Tracker;
  beforeAll(async () => {
    const server = await listenOnLoopback(createServer(answerWithKey));
    const client = await openLiveTracker(toTestOptions(`http://127.0.0.1:${server.port}/`));
    tracker = client;
    return async () => {
      await client.close();
      await server.close();
    };
  });

  const some = fc.array(anyObservable, { maxLength: 6 });
  testCostly('arrives at a server unchanged', { oneOf: 25, why: 'requests over a socket' }, [some], async (observables) => {
    // A server refuses a request line of more than 16 KiB.
    const keys = observables.map(keyOf).filter((key) => key !== null && encodeURIComponent(key).length < 8000) as string[];
    const { signal } = new AbortController();
    const answers = await Promise.all(keys.map(async (key) => tracker.lookup({ type: 'url', key }, { signal })));
    const told = answers.map((answer) => (answer.status === 'listed' ? answer.family : answer.status));
    expect(told).toEqual(keys.map((key) => Buffer.from(key).toString('hex').slice(0, 1000)));
  });
});

/** Answers with the key that the server's URL parser reads, in hexadecimal, since answers are cleaned. */
function answerWithKey({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const key = new URL(url, 'http://tracker.example').searchParams.get('url') ?? '';
  response.end(JSON.stringify({ message: `Malicious: ${Buffer.from(key).toString('hex').slice(0, 1000)}` }));
}
