import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ThirdParty } from '../../deploy/licences/third-party.ts';
import { COPY, DOCUMENT, findRefused, isAllowed, readThirdParty, toDocument } from '../../deploy/licences/third-party.ts';

let thirdParty: ThirdParty;

beforeAll(() => {
  thirdParty = readThirdParty();
});

test('the document has all packages and licences: npm run suite -- licences writes it', () => {
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(toDocument(thirdParty));
});

test('the build copies it to the bundles, for the image and Lambda', () => {
  expect(readFileSync(COPY, 'utf8')).toBe(readFileSync(DOCUMENT, 'utf8'));
  expect(parse(readFileSync('deploy/aws/template.yaml', 'utf8'), { logLevel: 'error' })).toMatchObject({
    Resources: { Relay: { Properties: { CodeUri: '../../dist/' } } },
  });
});

test('each package has an allowed licence', () => {
  expect(findRefused(thirdParty)).toEqual([]);
});

describe('a licence', () => {
  test.each([
    [true, 'MIT'],
    [true, '(MIT OR WTFPL)'],
    [true, '(MIT AND Zlib)'],
    [false, '(MIT AND GPL-3.0-only)'],
    [false, 'GPL-3.0-only'],
    [false, 'MPL-2.0'],
    [false, 'SEE LICENSE IN LICENSE.md'],
    [false, ''],
  ])('is %s allowed: %j', (isSo, expression) => {
    expect(isAllowed(expression)).toBe(isSo);
  });

  test('with copyleft is allowed for a tool, not for what is distributed', () => {
    const tool = { path: 'node_modules/x', name: 'x', version: '1.0.0', licence: 'MPL-2.0' };
    expect(findRefused({ bundled: [], tools: [tool] })).toEqual([]);
    expect(findRefused({ bundled: [tool], tools: [] })).toEqual(['x 1.0.0: MPL-2.0']);
  });
});

test('the bundles hold libraries, not tools', () => {
  const namesOf = (packages: ThirdParty['bundled']) => packages.map(({ name }) => name);
  expect(namesOf(thirdParty.bundled)).toEqual(
    expect.arrayContaining(['commander', 'hono', 'jose', 'node-fetch', '@redis/client', 'zod']),
  );
  expect(namesOf(thirdParty.bundled).filter((name) => ['vitest', 'esbuild', 'typescript'].includes(name))).toEqual([]);
  expect(thirdParty.bundled.filter(({ path }) => !existsSync(path))).toEqual([]);
});
