import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { CctError } from '../../../src/core/errors.ts';
import type { ModuleTypeOptions } from '../../../src/relay/docs/module-type.ts';
import { SECRET_PLACEHOLDER, toModuleType } from '../../../src/relay/docs/module-type.ts';
import { moduleTypeSchema } from '../../helpers/module-type-schema.ts';

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

describe('a module type', () => {
  test('has its names, capabilities and links', () => {
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

  test.each(['none', 'bearer', 'hs256', 'rs256'] as const)('is accepted by the platform: %s', (auth) => {
    const moduleType = toModuleType({ url: 'https://relay.example', auth, jwksHost: 'keys.example' });
    expect(z.parse(moduleTypeSchema, moduleType)).toEqual(moduleType);
  });

  test.each<[Partial<ModuleTypeOptions>, Readonly<Record<string, string>>]>([
    [{ auth: 'none', audience: 'https://other.example' }, {}],
    [{ auth: 'bearer' }, { 'auth-type': 'bearer' }],
    [
      { auth: 'hs256' },
      {
        ...{ 'auth-type': 'configuration-token', 'configuration-token-alg': 'HS256' },
        'configuration-token-key': SECRET_PLACEHOLDER,
        'configuration-token-audience': 'https://relay.example',
      },
    ],
    [
      { auth: 'rs256', jwksHost: 'visibility.eu.amp.cisco.com' },
      {
        ...{ 'auth-type': 'configuration-token', 'configuration-token-alg': 'RS256' },
        'configuration-token-audience': 'https://relay.example',
        custom_jwks_host: 'visibility.eu.amp.cisco.com',
      },
    ],
  ])('has the properties of its authentication: %o', (options, properties) => {
    expect(propertiesFor(options)).toEqual({
      url: 'https://relay.example',
      'supported-apis': ['health', 'deliberate/observables', 'observe/observables', 'refer/observables'],
      ...properties,
    });
    expect(SECRET_PLACEHOLDER).toBe('REPLACE-WITH-A-LONG-RANDOM-SECRET');
  });

  test('contains the secret for HS256 only', () => {
    const secret = 'the-secret-of-the-relay';
    expect(propertiesFor({ auth: 'hs256', secret })).toMatchObject({ 'configuration-token-key': secret });
    const others = [
      toModuleType({ url: 'https://relay.example', auth: 'rs256', jwksHost: 'keys.example', secret }),
      toModuleType({ url: 'https://relay.example', auth: 'bearer', secret }),
      toModuleType({ url: 'https://relay.example', auth: 'none', secret }),
    ];
    expect(JSON.stringify(others)).not.toContain(secret);
  });

  test('has tips on the age of the list, and a small logo that loads nothing', () => {
    const { tips, logo } = toModuleType({ url: 'https://relay.example', auth: 'none' });
    expect(tips).toContain('since 2022');
    const [, base64 = ''] = /^data:image\/svg\+xml;base64,([\w+/=]+)$/.exec(logo) ?? [];
    const svg = Buffer.from(base64, 'base64').toString();
    expect(svg.match(/<\/?\w+/g)).toEqual(['<svg', '<rect', '<circle', '<circle', '<path', '</svg']);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 64 64">/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(|<script|<style/);
    expect(logo.length).toBeLessThan(1024);
  });
});

describe('the URL', () => {
  test('keeps its path and port without the slash at its end; the audience is the origin', () => {
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

  test('is refused unless it is https, without its password', () => {
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
    '--audience: expected an origin without a path or trailing slash: use https://relay.example',
  );
  const { properties } = toModuleType({ url: 'https://relay.example/cct', auth: 'hs256', audience: 'team-a' });
  expect(properties).toMatchObject({ 'configuration-token-audience': 'team-a' });
});

test('RS256 requires a valid key host', () => {
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
