import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addUnwrapped, unwrap } from '../../src/records/wrapped-url.ts';
import { collect } from './collect-mail.ts';

const SAFE = 'https://eur01.safelinks.protection.outlook.com/?url=';
const URL = 'https://panel.example/d12/cp.php?m=login&x=a b';
const ENCODED = encodeURIComponent('https://panel.example/d12/cp.php?m=login');
const INNER = 'https://panel.example/d12/cp.php?m=login';

test.each([
  `${SAFE}${ENCODED}&data=05%7Ca%40drop.example`,
  `https://EUR01.SafeLinks.Protection.Outlook.COM/?URL=${ENCODED}&reserved=0`,
  `https://eur01.safelinks.protection.outlook.com/ap/t-59584e83/?url=${ENCODED}&data=x`,
  `https://eur01.safelinks.protection.outlook.com/?data=x&url=${ENCODED}`,
  `${SAFE}${ENCODED}`,
  `https://gcc02.safelinks.protection.office365.us/?url=${ENCODED}&data=x`,
  `https://statics.teams.cdn.office.net/evergreen-assets/safelinks/2/atp-safelinks.html?url=${ENCODED}&locale=de`,
])('Safe Links: %s', (url) => {
  expect(unwrap(url)).toEqual({ url: INNER, derived: 'safelinks' });
});

test.each([
  ['v1', `https://urldefense.proofpoint.com/v1/url?u=${ENCODED}&k=abc%3D&r=x`, INNER],
  [
    'v1, encoded as HTML',
    'https://urldefense.proofpoint.com/v1/url?u=https%3A//panel.example/%3Fa%3D1%26amp%3Bb%3D2&k=x',
    'https://panel.example/?a=1&b=2',
  ],
  ['v2', 'https://urldefense.proofpoint.com/v2/url?u=https-3A__panel.example_d12_cp.php-3Fm-3Dlogin&d=DwMF&c=x', INNER],
  ['v2 of another host', 'https://urldefense.us/v2/url?u=https-3A__my-2Dpanel.example_a-5Fb&d=x', 'https://my-panel.example/a_b'],
  ['v3', `https://urldefense.com/v3/__${INNER}__;!!abc!def$`, INNER],
  ['v3 without an end', `https://urldefense.com/v3/__${INNER}__`, INNER],
  ['v3 with a character', 'https://urldefense.com/v3/__https://panel.example/a*b__;Kw!!x!y$', 'https://panel.example/a+b'],
  ['v3 with a run', 'https://urldefense.com/v3/__https://panel.example/a**Bb__;Kysr!!x$', 'https://panel.example/a+++b'],
  [
    'v3 with a character of two bytes',
    'https://urldefense.us/v3/__https://panel.example/*/x__;w6k!!x$',
    'https://panel.example/é/x',
  ],
  ['v3 with a collapsed slash', 'https://urldefense.com/v3/__http:/panel.example/x__;!!x$', 'http://panel.example/x'],
  ['v3 of an older host', 'https://urldefense.proofpoint.com/v3/__https://panel.example/__;!!x', 'https://panel.example/'],
])('URL Defense %s', (_, url, inner) => {
  expect(unwrap(url)).toEqual({ url: inner, derived: 'urldefense' });
});

test('a wrapper within a wrapper is unwrapped, and named by the outer one', () => {
  const defended = `https://urldefense.com/v3/__${INNER}__;!!x$`;
  expect(unwrap(`${SAFE}${encodeURIComponent(defended)}&data=x`)).toEqual({ url: INNER, derived: 'safelinks' });
});

test('not without bound', () => {
  let url = INNER;
  for (let depth = 0; depth < 10; depth += 1) url = SAFE + encodeURIComponent(url);
  expect(unwrap(url)).toEqual({ isUndecodable: true });
});

test.each([
  `${SAFE}https%3A%2`,
  SAFE,
  'https://eur01.safelinks.protection.outlook.com/help',
  `${SAFE}${encodeURIComponent('javascript:alert(1)')}`,
  `${SAFE}${encodeURIComponent('https:///x')}`,
  `${SAFE}${encodeURIComponent('mailto:a@drop.example')}`,
  `${SAFE}${encodeURIComponent('https://panel.example/\n')}`,
  'https://urldefense.com/',
  'https://urldefense.com/v4/__https://panel.example__;',
  'https://urldefense.com/v3/__https://panel.example/a*b__;!!x$',
  'https://urldefense.com/v3/__https://panel.example/a**+b__;Kysr!!x$',
  'https://urldefense.com/v3/__https://panel.example/*__;_w!!x$',
])('what cannot be decoded: %s', (url) => {
  expect(unwrap(url)).toEqual({ isUndecodable: true });
});

test.each([
  INNER,
  URL,
  'https://safelinks.protection.outlook.com.drop.example/?url=https%3A%2F%2Fpanel.example',
  'https://drop.example/?u=https://urldefense.com/v3/__https://panel.example__;',
  'https://evilurldefense.com/v3/__https://panel.example__;',
  'panel.example/x',
])('no wrapper: %s', (url) => {
  expect(unwrap(url)).toBeUndefined();
});

test('the URL inside is added, and the wrapper passed over', () => {
  const { reading, found, derived, passedOver, notes } = collect();
  addUnwrapped({ type: 'url', value: `${SAFE}${ENCODED}` }, reading);
  addUnwrapped({ type: 'url', value: SAFE }, reading);
  addUnwrapped({ type: 'url', value: SAFE }, reading);
  addUnwrapped({ type: 'ip', value: '192.0.2.1' }, reading);
  expect(found).toEqual([INNER, '192.0.2.1']);
  expect(derived).toEqual([`safelinks: ${INNER}`]);
  expect(passedOver).toEqual([`wrapper: ${SAFE}${ENCODED}`, `wrapper: ${SAFE}`, `wrapper: ${SAFE}`]);
  expect(notes).toHaveLength(1);
});

const toVersion2 = (url: string) =>
  `https://urldefense.com/v2/url?u=${encodeURIComponent(url)
    .replace(/[-_!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '_')
    .replaceAll('%', '-')}&d=x`;

const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toVersion3(url: string): string {
  let removed = '';
  const template = url.replace(/[^\w:/?&=.-]{1,65}/gu, (run) => {
    removed += run;
    const { length } = Array.from(run);
    return length === 1 ? '*' : `**${RUNS[length - 2] ?? ''}`;
  });
  return `https://urldefense.com/v3/__${template}__;${Buffer.from(removed).toString('base64url')}!!token$`;
}

const path = fc
  .string({ unit: fc.constantFrom(...Array.from('abc012-_.~!*%+,@()[]é漢😀/?=&')), maxLength: 80 })
  .filter((text) => !text.includes('__'));

test('what the versions encode is read back', () => {
  fc.assert(
    fc.property(path, (text) => {
      const url = `https://panel.example/${text}`;
      expect(unwrap(toVersion2(url))).toEqual({ url, derived: 'urldefense' });
      expect(unwrap(toVersion3(url))).toEqual({ url, derived: 'urldefense' });
      expect(unwrap(SAFE + encodeURIComponent(url))).toEqual({ url, derived: 'safelinks' });
    }),
  );
});

test('no text throws', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void unwrap(`https://urldefense.com/v3/__${text}`)));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void unwrap(`${SAFE}${text}`)));
});
