import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { isRedirect, resolveRedirect } from '../../../src/tracker/live/redirects.ts';
import type { HttpReply } from '../../../src/tracker/live/transport.ts';

const ASKED = 'http://tracker.example:8080/base/query.php?url=a';

function toReply(location: string | null, status = 302): HttpReply {
  return { status, location, setCookies: [], retryAfter: null, body: '', connection: undefined };
}

function targetOf(location: string, asked = ASKED): string {
  return resolveRedirect(toReply(location), new URL(asked)).href;
}

function failureOf(location: string | null, asked = ASKED): unknown {
  try {
    return resolveRedirect(toReply(location), new URL(asked)).href;
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

test('every 3xx but 304 is a redirect', () => {
  const statuses = [200, 204, 299, 300, 301, 302, 303, 304, 307, 308, 399, 400, 404, 500];
  expect(statuses.filter((status) => isRedirect(toReply(null, status)))).toEqual([300, 301, 302, 303, 307, 308, 399]);
});

describe('a redirect that is followed', () => {
  test.each([
    ['/b', 'http://tracker.example:8080/b'],
    ['b', 'http://tracker.example:8080/base/b'],
    ['?url=b', 'http://tracker.example:8080/base/query.php?url=b'],
    ['', ASKED],
    ['//tracker.example:8080/b', 'http://tracker.example:8080/b'],
    ['http://TRACKER.example:8080/b', 'http://tracker.example:8080/b'],
    ['https://tracker.example/b', 'https://tracker.example/b'],
    ['https://tracker.example:8443/b', 'https://tracker.example:8443/b'],
    ['http://user:secret@tracker.example:8080/b', 'http://tracker.example:8080/b'],
  ])('to %j leads to %s', (location, target) => {
    expect(targetOf(location)).toBe(target);
  });

  test.each([
    ['http://tracker.example:80/b', 'http://tracker.example/a', 'http://tracker.example/b'],
    ['https://tracker.example:443/b', 'https://tracker.example/a', 'https://tracker.example/b'],
  ])('may name the port that goes without saying: %s', (location, asked, target) => {
    expect(targetOf(location, asked)).toBe(target);
  });
});

describe('a redirect that is not followed', () => {
  test.each([
    ['http://other.example/b', 'http://other.example'],
    ['//other.example/b', 'http://other.example'],
    ['/\\other.example/b', 'http://other.example'],
    ['https://other.example/b', 'https://other.example'],
    ['http://tracker.example/b', 'http://tracker.example'],
    ['http://tracker.example:8081/b', 'http://tracker.example:8081'],
    ['http://tracker.example.:8080/b', 'http://tracker.example.:8080'],
    ['http://tracker.example:8080@other.example/b', 'http://other.example'],
    ['http://www.tracker.example:8080/b', 'http://www.tracker.example:8080'],
    ['ftp://tracker.example:8080/b', 'ftp://tracker.example:8080'],
    ['file:///etc/hosts', 'file:'],
    ['javascript:alert(1)', 'javascript:'],
    ['data:application/json,{}', 'data:'],
  ])('leads to another place: %s', (location, place) => {
    const message = `The tracker redirects to another site, which is not followed (${place})`;
    expect(failureOf(location)).toEqual(['unexpected-answer', message]);
  });

  test('leads from https to http', () => {
    const message = 'The tracker redirects to another site, which is not followed (http://tracker.example)';
    expect(failureOf('http://tracker.example/b', 'https://tracker.example/a')).toEqual(['unexpected-answer', message]);
  });

  test('leads from https to https at another port', () => {
    const message = 'The tracker redirects to another site, which is not followed (https://tracker.example:8443)';
    expect(failureOf('https://tracker.example:8443/b', 'https://tracker.example/a')).toEqual(['unexpected-answer', message]);
  });

  test.each(['http://[', 'http://tracker.example:99999/', 'https://'])('leads to no URL: %s', (location) => {
    expect(failureOf(location)).toEqual(['unexpected-answer', 'The tracker answered 302 with an invalid Location header']);
  });

  test('leads nowhere', () => {
    expect(failureOf(null)).toEqual(['unexpected-answer', 'The tracker answered 302 without a Location header']);
  });
});
