import { Parser } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { CctError } from '../../../src/core/errors.ts';
import type { ModuleTypeOptions } from '../../../src/relay/docs/module-type.ts';
import { SECRET_PLACEHOLDER, toModuleType } from '../../../src/relay/docs/module-type.ts';
import { moduleTypeSchema } from '../../helpers/module-type-schema.ts';

const SUPPORTED_APIS = ['health', 'deliberate/observables', 'observe/observables', 'refer/observables'];

function propertiesFor(options: Partial<ModuleTypeOptions>) {
  return toModuleType({ url: 'https://relay.example', auth: 'none', ...options }).properties;
}

function messageOf(options: Partial<ModuleTypeOptions>): string {
  try {
    toModuleType({ url: 'https://relay.example', auth: 'none', ...options });
    return 'nothing was thrown';
  } catch (thrown) {
    return thrown instanceof CctError ? `${thrown.code}: ${thrown.message}` : 'not our error';
  }
}

/** The elements of an XML text that are opened, if each is closed again in its place. */
function tagsOf(xml: string): string[] {
  const [opened, open]: string[][] = [[], []];
  const parser = new Parser(
    {
      onopentag: (name) => void (opened?.push(name), open?.push(name)),
      onclosetag: (name, isImplied) => {
        const last = open?.pop();
        if (last !== name || (isImplied && name === 'svg')) throw new Error(`${name} closes ${last}`);
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return opened ?? [];
}

describe('a module type', () => {
  test('says what the module is and can do', () => {
    const moduleType = toModuleType({ url: 'https://relay.example', auth: 'none' });
    expect(moduleType).toMatchObject({
      title: 'CyberCrime Tracker',
      default_name: 'CyberCrime Tracker',
      product_categories: [{ id: 'threat-intel' }],
      configuration_spec: [],
      external_references: [{ label: 'CyberCrime Tracker', link: 'https://cybercrime-tracker.net/' }],
    });
    expect(moduleType.capabilities.map(({ id }) => id)).toEqual(['health', 'deliberate', 'observe', 'refer']);
  });

  test.each(['none', 'bearer', 'hs256', 'rs256'] as const)('is one that the platform accepts: %s', (auth) => {
    const moduleType = toModuleType({ url: 'https://relay.example', auth, jwksHost: 'keys.example' });
    expect(z.parse(moduleTypeSchema, moduleType)).toEqual(moduleType);
  });

  test('without authentication has no key about it', () => {
    expect(propertiesFor({ auth: 'none', audience: 'https://other.example' })).toEqual({
      url: 'https://relay.example',
      'supported-apis': SUPPORTED_APIS,
    });
  });

  test('for a pasted token says bearer and nothing else', () => {
    expect(propertiesFor({ auth: 'bearer' })).toEqual({
      url: 'https://relay.example',
      'supported-apis': SUPPORTED_APIS,
      'auth-type': 'bearer',
    });
  });

  test('for HS256 holds a placeholder where the secret goes', () => {
    expect(SECRET_PLACEHOLDER).toBe('REPLACE-WITH-A-LONG-RANDOM-SECRET');
    expect(propertiesFor({ auth: 'hs256' })).toEqual({
      url: 'https://relay.example',
      'supported-apis': SUPPORTED_APIS,
      'auth-type': 'configuration-token',
      'configuration-token-alg': 'HS256',
      'configuration-token-key': SECRET_PLACEHOLDER,
      'configuration-token-audience': 'https://relay.example',
    });
  });

  test('for HS256 holds the secret where one is given, and in no other mode', () => {
    const secret = 'the-secret-of-the-relay';
    expect(propertiesFor({ auth: 'hs256', secret })).toMatchObject({ 'configuration-token-key': secret });
    const others = [
      toModuleType({ url: 'https://relay.example', auth: 'rs256', jwksHost: 'keys.example', secret }),
      toModuleType({ url: 'https://relay.example', auth: 'bearer', secret }),
      toModuleType({ url: 'https://relay.example', auth: 'none', secret }),
    ];
    expect(JSON.stringify(others)).not.toContain(secret);
  });

  test('has tips that say how old the list is, and a small drawing as its logo, which loads nothing', () => {
    const { tips, logo } = toModuleType({ url: 'https://relay.example', auth: 'none' });
    expect(tips).toContain('since 2022');
    const [, base64 = ''] = /^data:image\/svg\+xml;base64,([\w+/=]+)$/.exec(logo) ?? [];
    const svg = Buffer.from(base64, 'base64').toString();
    expect(tagsOf(svg)).toEqual(['svg', 'rect', 'circle', 'circle', 'path']);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 64 64">/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|<script|<style/);
    expect(logo.length).toBeLessThan(1024);
  });

  test('for RS256 names the key host and holds no key', () => {
    expect(propertiesFor({ auth: 'rs256', jwksHost: 'visibility.eu.amp.cisco.com' })).toEqual({
      url: 'https://relay.example',
      'supported-apis': SUPPORTED_APIS,
      'auth-type': 'configuration-token',
      'configuration-token-alg': 'RS256',
      'configuration-token-audience': 'https://relay.example',
      custom_jwks_host: 'visibility.eu.amp.cisco.com',
    });
  });
});

describe('the URL', () => {
  test('keeps its path and port, and loses the slash at its end; the audience is the origin', () => {
    const urls = [
      'https://relay.example/',
      'https://Relay.example:8443/tools/cct/',
      'https://relay.example/a//',
      'https://relay.example/?',
    ];
    const properties = urls.map((url) => propertiesFor({ url, auth: 'hs256' }));
    expect(properties.map((each) => [each['url'], each['configuration-token-audience']])).toEqual([
      ['https://relay.example', 'https://relay.example'],
      ['https://relay.example:8443/tools/cct', 'https://relay.example:8443'],
      ['https://relay.example/a', 'https://relay.example'],
      ['https://relay.example', 'https://relay.example'],
    ]);
  });

  test('may differ from the audience', () => {
    expect(propertiesFor({ auth: 'hs256', audience: 'team-a' })).toMatchObject({ 'configuration-token-audience': 'team-a' });
  });

  test('that is none of a relay is refused, and no password is repeated', () => {
    const urls = ['http://relay.example', 'relay.example', '', 'https://relay.example/?x=1', 'https://relay.example/#x'];
    expect([...urls, 'https://me:pw@relay.example', 'http://me@relay.example'].map((url) => messageOf({ url }))).toEqual([
      'usage: --url: expected an https URL, got "http://relay.example"',
      'usage: --url: expected an https URL, got "relay.example"',
      'usage: --url: expected an https URL, got ""',
      'usage: --url: expected a URL without query and fragment, got "https://relay.example/?x=1"',
      'usage: --url: expected a URL without query and fragment, got "https://relay.example/#x"',
      'usage: --url: expected a URL without user and password, got https://<hidden>@relay.example',
      'usage: --url: expected an https URL, got http://<hidden>@relay.example',
    ]);
  });
});

test('an audience that is a URL with a path is refused, with the origin to use', () => {
  expect(() => toModuleType({ url: 'https://relay.example/cct', auth: 'hs256', audience: 'https://relay.example/cct' })).toThrow(
    '--audience: expected an origin without path or slash at its end: use https://relay.example',
  );
  const { properties } = toModuleType({ url: 'https://relay.example/cct', auth: 'hs256', audience: 'team-a' });
  expect(properties).toMatchObject({ 'configuration-token-audience': 'team-a' });
});

test('RS256 without a key host, or with what is no host, is refused', () => {
  const hosts = [undefined, '', 'https://keys.example', 'keys.example/x'];
  expect(hosts.map((jwksHost) => messageOf({ auth: 'rs256', jwksHost }))).toEqual([
    'usage: --auth rs256 requires --jwks-host: the host whose keys sign the tokens, e.g. visibility.amp.cisco.com',
    ...hosts.slice(1).map((host) => `usage: --jwks-host: expected a host name, got ${JSON.stringify(host)}`),
  ]);
  expect(messageOf({ auth: 'rs256', jwksHost: 'a@keys.example' })).toBe(
    'usage: --jwks-host: expected a host name, got <hidden>@keys.example',
  );
  expect(messageOf({ auth: 'rs256', jwksHost: 'keys.example:8443' })).toBe('nothing was thrown');
});
