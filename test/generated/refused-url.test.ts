import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { resolveConfig, resolveServeConfig } from '../../src/config.ts';
import { toModuleType } from '../../src/relay/docs/module-type.ts';
import { testProperty } from './cases.ts';

const SECRET = 'hunter2';
const mark = fc.constantFrom('', '@', '/', ':', '?', '#', '%', '%40', '\\', ' ', ':1/', '[', '://');
const password = fc.tuple(mark, mark, mark).map(([before, between, after]) => `${before}${SECRET}${between}${SECRET}${after}`);
const scheme = fc.constantFrom('', 'http://', 'https://', 'ftp://', 'http:/', 'http:', '//', 'redis://', 'htp://');
const wrongUrl = fc
  .tuple(scheme, fc.constantFrom('', 'me:', 'me'), password, fc.constantFrom('@', '%40'))
  .chain(([start, user, word, at]) =>
    fc
      .constantFrom('', 'proxy.example', 'proxy.example:3128', 'proxy.example:x/', '[::1]:80?q', 'a b')
      .map((end) => start + user + word + at + end),
  );

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  '--api-url': (text) => resolveConfig({ 'api-url': text }, {}),
  '--proxy': (text) => resolveConfig({ proxy: text }, {}),
  '--cache-url': (text) => resolveConfig({ 'cache-url': text }, {}),
  '--jwks-host': (text) => resolveServeConfig({ 'jwks-host': text }, {}),
  CCT_HOST: (text) => resolveServeConfig({}, { CCT_HOST: text }),
  'the URL of a module type': (text) => toModuleType({ url: text, auth: 'hs256' }),
  'the key host of a module type': (text) => toModuleType({ url: 'https://relay.example', auth: 'rs256', jwksHost: text }),
};

/** The message of a refusal; '' where the text is taken. */
function refusalOf(read: (text: string) => unknown, text: string): string {
  try {
    read(text);
    return '';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

describe('a refused value', () => {
  for (const [name, read] of Object.entries(readers)) {
    testProperty(`of ${name} shows no password`, [wrongUrl], (text) => {
      expect(refusalOf(read, text)).not.toContain(SECRET);
    });
  }
});
