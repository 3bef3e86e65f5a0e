import { describe, expect, test } from 'vitest';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { complaint, SAMPLE } from './live.ts';

async function rowsOf(...args: readonly string[]) {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args]);
  expect([run.status, run.stderr]).toEqual([0, expect.stringMatching(/^\d+ observables?: /)]);
  return readRows(run.stdout).map((row) => row.replace(/^\w+ /, ''));
}

test.each<[args: string[], rows: string[]]>([
  [
    ['--ip', '192.0.2.1,192.0.2.2'],
    ['ip 192.0.2.1', 'ip 192.0.2.2'],
  ],
  [
    ['--ip', ' 192[.]0.2.1 , 192.0.2.2'],
    ['ip 192.0.2.1', 'ip 192.0.2.2'],
  ],
  [
    ['--ip=192.0.2.2', '--domain', 'a.example,b[.]example', '--ip', '192.0.2.1'],
    ['ip 192.0.2.2', 'domain a.example', 'domain b.example', 'ip 192.0.2.1'],
  ],
  [['--url', 'http://panel.example/a,b'], ['url http://panel.example/a,b']],
  [['--url', 'hxxp://panel[.]example/a'], ['url http://panel.example/a']],
  [['--url', '192.0.2.1'], ['url 192.0.2.1']],
  [['--url', 'panel.example'], ['url panel.example']],
  [
    ['--ip', '192.0.2.1,,192.0.2.2,'],
    ['ip 192.0.2.1', 'ip 192.0.2.2'],
  ],
])('%j', async (args, rows) => {
  expect(await rowsOf(...args)).toEqual(rows);
});

describe('a value that cannot be of its type is a wrong command line, and the right flag is named:', () => {
  test.each<[args: string[], message: string]>([
    [['--ip', 'panel.example'], '--ip: expected an IPv4 address, got "panel.example"; use --domain'],
    [['--ip', 'panel[.]example'], '--ip: expected an IPv4 address, got "panel[.]example"; use --domain'],
    [['--ip', 'http://192.0.2.1/'], '--ip: expected an IPv4 address, got "http://192.0.2.1/"; use --url'],
    [['--ip', '192.0.2.1,panel.example'], '--ip: expected an IPv4 address, got "panel.example"; use --domain'],
    [['--domain', '192.0.2.1'], '--domain: expected a domain, got "192.0.2.1"; use --ip'],
    [['--domain', 'http://panel.example/'], '--domain: expected a domain, got "http://panel.example/"; use --url'],
    [['--domain', '2001:db8::1'], '--domain: expected a domain, got "2001:db8::1"'],
  ])('%j', async (args, message) => {
    expect(await runMain(['observe', ...SAMPLE, ...args])).toEqual(complaint(message));
  });
});

test.each([
  ['ip', '2001:db8::1'],
  ['ip', 'hello'],
  ['ip', '192.0.2.999'],
  ['ip', '192.0.2.0/24'],
  ['ip', ''],
  ['domain', 'a b'],
])('what is of no type is a row, skipped, with its reason: --%s %j', async (type, value) => {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', '-q', `--${type}`, value]);
  expect([run.status, readRows(run.stdout)]).toEqual([0, [`skipped ${type} ${value}`]]);
  expect(run.stderr).toMatch(/^cct: nothing was looked up: .*: invalid: not an? (?:IPv4 address|domain name)\n$/);
});
