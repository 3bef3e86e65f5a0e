import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { endpoints } from '../../../src/relay/endpoints.ts';
import { landingSchema, toLandingJson, toLandingPage, toLandingPolicy } from '../../../src/relay/docs/landing-page.ts';

const source = { answers: 'auto', list_date: '2018-01-31' } as const;
const options = { version: '1.2.3', endpoints, source, hasToken: false };
const page = await toLandingPage(options);

/** The texts of the page's innermost elements with this tag. */
function textsOf(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^<]*)</${tag}>`, 'g'))].map(([, text = '']) => text);
}

/** Tags that are nested wrongly or not closed. */
function problemsOfNesting(html: string): string[] {
  const open: string[] = [];
  const problems: string[] = [];
  for (const [tag, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)(?: [^<>]*)?>/g)) {
    if (name === 'meta') continue;
    if (slash !== '/') open.push(name);
    else if (open.pop() !== name) problems.push(tag);
  }
  return [...problems, ...open];
}

describe('the landing page for programs', () => {
  test('has the name, the version and the endpoints', () => {
    const landing = toLandingJson(options);
    expect(landing).toMatchObject({ name: 'cct', version: '1.2.3', source, needs_token: false });
    expect(landing.endpoints).toEqual(endpoints.map(({ method, path, summary }) => ({ method, path, summary })));
    expect(z.safeParse(landingSchema, landing).success).toBe(true);
    expect(z.safeParse(landingSchema, { ...landing, url: 'x' }).success).toBe(false);
  });
});

describe('the landing page for people', () => {
  test('has a type, a language, an encoding, a title and a viewport', () => {
    expect(page).toMatch(
      /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>cct 1\.2\.3<\/title>\n<meta name="viewport"/,
    );
  });

  test('has its tags nested correctly', () => {
    expect(problemsOfNesting(page)).toEqual([]);
  });

  test('lists every endpoint with method, path and summary', () => {
    const rows = [...page.matchAll(/<tr><td><code>(.*)<\/code><\/td><td><code>(.*)<\/code><\/td><td>(.*)<\/td><\/tr>/g)];
    expect(rows.map(([, ...cells]) => cells.map((cell) => cell.replaceAll('&#39;', "'")))).toEqual(
      endpoints.map(({ method, path, summary }) => [method, path, summary]),
    );
  });

  test('links to the documentation of its API and its answers, and to nothing elsewhere', () => {
    expect([...page.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map(([, target]) => target)).toEqual([
      '/openapi.json',
      'https://github.com/threatgrid/ctim',
    ]);
  });

  test.each<[answers: 'auto' | 'live' | 'snapshot', date: string | null, hasToken: boolean, text: string]>([
    ['snapshot', '2018-01-31', false, 'Answers come from a list of 2018-01-31. Requests need no token.'],
    ['live', null, true, 'Answers come from the live tracker. Requests need a token.'],
    [
      'auto',
      '2018-01-31',
      true,
      'Answers come from the live tracker, with a list of 2018-01-31 as a fallback. Requests need a token.',
    ],
    ['auto', null, false, 'Answers come from the live tracker; no list is installed as a fallback. Requests need no token.'],
  ])('says what answers: %s with the list of %s', async (answers, date, hasToken, text) => {
    const html = await toLandingPage({ ...options, source: { answers, list_date: date }, hasToken });
    expect(textsOf(html, 'p').map((line) => line.replaceAll('&#39;', "'"))).toContain(text);
  });

  test('has no scripts and loads nothing', () => {
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|base|form|object|embed)\b| on[a-z]+=| style=|javascript:|@import|url\(/i,
    );
  });

  test('supports light and dark', () => {
    expect(page).toContain('color-scheme: light dark');
    expect(page).toContain('@media (prefers-color-scheme: dark)');
  });

  test('has an example to copy, with a token where one is required', async () => {
    const toLines = (html: string) =>
      textsOf(html, 'code').at(-1)?.replaceAll('&quot;', '"').replaceAll('&#39;', "'").split('\n');
    const call = ["  -H 'Content-Type: application/json' \\", `  -d '[{"type": "ip", "value": "192.0.2.1"}]'`];
    expect(toLines(page)).toEqual(['curl -s http://127.0.0.1:9090/observe/observables \\', ...call]);
    expect(toLines(await toLandingPage({ ...options, hasToken: true, baseUrl: 'https://relay.example/cct' }))).toEqual([
      'curl -s https://relay.example/cct/observe/observables \\',
      '  -H "Authorization: Bearer $TOKEN" \\',
      ...call,
    ]);
  });

  test('escapes everything that is put into it', async () => {
    const hostile = `</title><script>"&'`;
    const html = await toLandingPage({
      version: `v${hostile}`,
      endpoints: [{ method: 'GET', path: '/', summary: `s${hostile}` }],
      source,
      hasToken: false,
      baseUrl: `b${hostile}`,
    });
    const escaped = '&lt;/title&gt;&lt;script&gt;&quot;&amp;&#39;';
    expect(html.split(escaped).map((before) => before.at(-1))).toEqual(['v', 'v', 's', 'b', '\n']);
    expect(html).not.toContain('<script');
  });
});

describe("the page's policy", () => {
  test('allows its one style, by its hash, and nothing else', () => {
    const styles = textsOf(page, 'style');
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256')
      .update(styles[0] ?? '')
      .digest('base64');
    expect(toLandingPolicy()).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  test('does not depend on what the page shows', async () => {
    expect(textsOf(await toLandingPage({ ...options, version: '9', endpoints: [], hasToken: true }), 'style')).toEqual(
      textsOf(page, 'style'),
    );
  });
});
