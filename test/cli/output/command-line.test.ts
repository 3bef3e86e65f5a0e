import { expect, test } from 'vitest';
import { toCommandLine } from '../../../src/cli/output/command-line.ts';
import { writeTempFile } from '../live.ts';

const show = (...args: readonly string[]) => toCommandLine(args, true);

test('observables are defanged, files and flags are not', async () => {
  const file = writeTempFile('panel.example', '');
  expect(await show('observe', file, '-', '--url', 'http://a.example/x.php?a.b', '--ip=192.0.2.1,192.0.2.2', '-q')).toBe(
    `cct observe ${file} - --url 'hxxp://a[.]example/x.php?a.b' '--ip=192[.]0[.]2[.]1,192[.]0[.]2[.]2' -q`,
  );
  expect(await show('observe', 'http://a.example/', '--', '192.0.2.1')).toBe(
    "cct observe 'hxxp://a[.]example/' -- '192[.]0[.]2[.]1'",
  );
  expect(await show('observe', '-o', 'out.example', '-f', 'csv', '-q', 'a.example')).toBe(
    "cct observe -o out.example -f csv -q 'a[.]example'",
  );
  expect(await toCommandLine(['observe', '--domain', 'a.example'], false)).toBe('cct observe --domain a.example');
});

test.each([
  [['--proxy', 'http://me:secret@proxy.example:3128'], "--proxy 'http://<hidden>@proxy.example:3128/'"],
  [['--proxy=http://me:secret@proxy.example:3128'], "'--proxy=http://<hidden>@proxy.example:3128/'"],
  [['--cache-url', 'redis://:secret@cache.example/1'], "--cache-url 'redis://<hidden>@cache.example/1'"],
  [['--cache-url', 'secret'], "--cache-url '<hidden>'"],
  [['--url', 'http://me:se:cret@panel.example/x'], "--url 'hxxp://<hidden>@panel[.]example/x'"],
  [['http://me:secret@panel.example/x'], "'hxxp://<hidden>@panel[.]example/x'"],
  [['http://me:secret%40panel.example/x'], "'hxxp://<hidden>@panel[.]example/x'"],
])('a password is hidden: %j', async (args, expected) => {
  expect(await show('observe', ...args)).toBe(`cct observe ${expected}`);
});

test('a word is quoted where a shell would read more into it', async () => {
  expect(await show('observe', "it's", '', '$(x)', 'a b', '*')).toBe(String.raw`cct observe 'it'\''s' '' '$(x)' 'a b' '*'`);
});
