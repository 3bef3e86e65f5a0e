import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTempDir, readAnswer, readRows, runMain, spawnCct } from '../helpers/run-cct.ts';
import { complaint, SAMPLE, writeTempFile } from './live.ts';

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
    [['--ip', ''], '--ip: expected an IPv4 address, got ""'],
    [['--domain', ' , '], '--domain: expected a domain, got " , "'],
    [['--url', ''], '--url: expected a URL, got ""'],
  ])('%j', async (args, message) => {
    expect(await runMain(['observe', ...SAMPLE, ...args])).toEqual(complaint(message));
  });
});

test.each([
  ['ip', '2001:db8::1'],
  ['ip', 'hello'],
  ['ip', '192.0.2.999'],
  ['ip', '192.0.2.0/24'],
  ['domain', 'a b'],
])('what is of no type is a row, skipped, with its reason: --%s %j', async (type, value) => {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', '-q', `--${type}`, value]);
  expect([run.status, readRows(run.stdout)]).toEqual([0, [`skipped ${type} ${value}`]]);
  expect(run.stderr).toMatch(/^cct: nothing was looked up: .* \(invalid: not an? (?:IPv4 address|domain name)\)\n$/);
});

describe('an argument is a file where one of that name exists, else a value:', () => {
  test.each<[args: string[], rows: string[]]>([
    [
      ['192.0.2.1', 'panel[.]example', 'hxxp://panel[.]example/x', '2001:db8::1'],
      ['ip 192.0.2.1', 'domain panel.example', 'url http://panel.example/x', 'ipv6 2001:db8::1'],
    ],
    [
      ['--domain', 'iocs.zip', '192.0.2.1', '-q', '--ip=192.0.2.2', 'iocs[.]zip', 'http://dump.py'],
      ['domain iocs.zip', 'ip 192.0.2.1', 'ip 192.0.2.2', 'url http://dump.py'],
    ],
  ])('%j', async (args, rows) => {
    const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args]);
    expect([run.status, readRows(run.stdout).map((row) => row.replace(/^\w+ /, ''))]).toEqual([0, rows]);
  });

  test('files, stdin, arguments and flags keep the order of the command line', async () => {
    const file = writeTempFile('report.txt', '192.0.2.3\n');
    const args = ['192.0.2.1', '--ip', '192.0.2.2', file, '--domain', 'a.example', '-', '192.0.2.5', '--', '192.0.2.6'];
    const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args], { stdin: '192.0.2.4\n' });
    const values = readRows(run.stdout).map((row) => row.split(' ')[2]);
    const [one, two, three, four, five, six] = [1, 2, 3, 4, 5, 6].map((last) => `192.0.2.${last}`);
    expect([run.status, values]).toEqual([0, [one, two, three, 'a.example', four, five, six]]);
  });

  test('a file wins, with a note that names the flag for the value', async () => {
    const home = openTempDir();
    const [domain, address] = [join(home, 'panel.example'), join(home, '192.0.2.1')];
    for (const path of [domain, address]) writeFileSync(path, '198.51.100.60\n');
    const { status, stdout, stderr } = await spawnCct(['observe', ...SAMPLE, '-f', 'ndjson', 'panel.example', '192.0.2.1'], {
      cwd: home,
    }).finished;
    expect([status, readRows(stdout)]).toEqual([0, ['listed ip 198.51.100.60']]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'panel.example: read as the file of this name; for the value itself use --domain panel.example',
      '192.0.2.1: read as the file of this name; for the value itself use --ip 192.0.2.1',
    ]);
  });

  test.each([
    ['not-a-file', ''],
    ['/no/such/file.txt', ''],
    ['192.0.2.0/24', ''],
    ['iocs.zip', '; for the domain use --domain iocs.zip'],
    ['dump.py', '; for the domain use --domain dump.py'],
    ['report.draft', ''],
    ['report.txt', ''],
    ['list.pl', '; for the domain use --domain list.pl'],
    ['', ''],
    ['x'.repeat(300), ''],
    ['a\nb', ''],
  ])('%j is neither', async (operand, advice) => {
    const name = operand === '' ? '""' : operand.replace('\n', '\uFFFD');
    const message = `cannot read ${name}: no such file, and it is not an IP, URL or domain${advice}`;
    expect(await runMain(['observe', '192.0.2.1', operand])).toEqual(complaint(message));
  });

  test('what is skipped is said with -q too, and nothing is sent in a dry run', async () => {
    const run = await runMain(['observe', '-q', '--source', 'live', '10.0.0.8', 'panel.example']);
    expect([run.status, run.stdout]).toEqual([0, '{"data":{}}\n']);
    expect(run.stderr).toMatch(/nothing was looked up: 10\.0\.0\.8 \(private: .*\n.*1 domain needs a list/);
    const dry = await runMain(['observe', '--dry-run', '10.0.0.8', '192.0.2.1', 'http://panel.example/x']);
    expect([dry.status, dry.stdout]).toEqual([0, '192.0.2.1\npanel.example/x\n']);
  });

  test('a single value on a terminal is answered in JSON', async () => {
    const isTerminal = { stdin: true, stdout: true };
    const run = await runMain(['observe', ...SAMPLE, '198.51.100.60'], { isTerminal });
    expect([run.status, readAnswer(run.stdout).verdicts]).toEqual([0, ['198.51.100.60']]);
  });
});
