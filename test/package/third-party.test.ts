import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ThirdParty } from '../../deploy/licences/third-party.ts';
import { COPY, DOCUMENT, findRefused, isAllowed, readThirdParty, toDocument } from '../../deploy/licences/third-party.ts';

let thirdParty: ThirdParty;

beforeAll(() => {
  thirdParty = readThirdParty();
});

test('the document is that of the packages and licences that are there: npm run suite -- licences writes it anew', () => {
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(toDocument(thirdParty));
});

test('the build puts it beside the bundles, where the image and the upload to Lambda have it', () => {
  expect(readFileSync(COPY, 'utf8')).toBe(readFileSync(DOCUMENT, 'utf8'));
  expect(parse(readFileSync('deploy/aws/template.yaml', 'utf8'), { logLevel: 'error' })).toMatchObject({
    Resources: { Relay: { Properties: { CodeUri: '../../dist/' } } },
  });
});

test('every package has a licence that is allowed', () => {
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

  test('that reaches further than its package is allowed for a tool, and not for what is handed out', () => {
    const tool = { path: 'node_modules/x', name: 'x', version: '1.0.0', licence: 'MPL-2.0' };
    expect(findRefused({ bundled: [], tools: [tool] })).toEqual([]);
    expect(findRefused({ bundled: [tool], tools: [] })).toEqual(['x 1.0.0: MPL-2.0']);
  });
});

test('what is bundled is bundled, and what only tests is not', () => {
  const namesOf = (packages: ThirdParty['bundled']) => packages.map(({ name }) => name);
  expect(namesOf(thirdParty.bundled)).toEqual(
    expect.arrayContaining(['commander', 'hono', 'jose', 'node-fetch', '@redis/client', 'zod']),
  );
  expect(namesOf(thirdParty.bundled).filter((name) => ['vitest', 'esbuild', 'typescript'].includes(name))).toEqual([]);
  expect(thirdParty.bundled.filter(({ path }) => !existsSync(path))).toEqual([]);
});
