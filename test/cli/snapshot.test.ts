import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { openTempDir, readAnswer, readRows, runMain } from '../helpers/run-cct.ts';
import { writeTempFile } from './live.ts';

const LIST = [
  'date\turl\tip\tfamily',
  '31-12-2025\tpanel.example/a.php\t198.51.100.7\tPony',
  '30-12-2025\thttp://shop.example/b/\t\tPONY',
  '01-01-1970\told.example/c\t10.0.0.8\tZeuS',
  '31-02-2025\tdate.example/d\tnowhere\t',
  '29-12-2025\t\t\tLost',
  '',
].join('\n');

/** A home of its own, in which lists can be installed and asked. */
function openHome() {
  const home = openTempDir();
  const run = (...args: readonly string[]) => runMain(args, { env: { XDG_DATA_HOME: home } });
  return { run, path: join(home, 'cct', 'snapshot.tsv'), files: () => readdirSync(join(home, 'cct')) };
}

const facts = (path: string | null, changes: object = {}) => ({
  ...{ date: '2025-12-31', origin: 'list.tsv', entries: 4, families: 2, path },
  ...changes,
});

describe('snapshot import', () => {
  test('installs a list, and says on stderr what of it was not usable', async () => {
    const { run, path, files } = openHome();
    const { status, stdout, stderr } = await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    expect([status, JSON.parse(stdout), files()]).toEqual([0, facts(path), ['snapshot.tsv']]);
    expect(stderr).toBe(
      'not usable: 1 rows dropped · 1 addresses ignored · 1 private addresses never matched · 1 dates unknown\n' +
        '4 entries are installed; --offline asks them\n',
    );
  });

  test('names with -v each row that was not usable', async () => {
    const { run } = openHome();
    const { stderr } = await run('snapshot', 'import', '-v', writeTempFile('list.tsv', LIST));
    expect(stderr.split('\n').filter((line) => line.startsWith('line '))).toEqual([
      'line 4: address-private: a private address, never matched: 10.0.0.8',
      'line 5: address-ignored: not an IPv4 address: "nowhere"',
      'line 5: date-unknown: not a date as DD-MM-YYYY: "31-02-2025"',
      'line 6: row-dropped: neither a url nor an address, family "Lost"',
    ]);
  });

  test('takes the date that is given', async () => {
    const { run, path } = openHome();
    const { stdout } = await run('snapshot', 'import', '--date', '2025-11-30', writeTempFile('list.tsv', LIST));
    expect(JSON.parse(stdout)).toEqual(facts(path, { date: '2025-11-30' }));
  });

  test('replaces the list that was installed', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    await run('snapshot', 'import', writeTempFile('other.tsv', 'date\turl\tip\tfamily\n01-01-2026\tnew.example/\t\t\n'));
    const asked = await run('observe', '--offline', '--format', 'ndjson', '--url', 'http://new.example/', '--ip', '198.51.100.7');
    expect(readRows(asked.stdout)).toEqual(['listed url http://new.example/', 'unlisted ip 198.51.100.7']);
  });

  test.each<[what: string, content: string, args: string[], complaint: (path: string) => string]>([
    [
      'no list',
      'hello\n',
      [],
      (path) => `${path}: line 1: expected the header of a list, date, url, ip, family with tabs between them`,
    ],
    [
      'a list without a usable row',
      'date\turl\tip\tfamily\n\n',
      [],
      (path) => `${path}: the list holds no usable row (0 not usable)`,
    ],
    [
      'a list without dates',
      'date\turl\tip\tfamily\n01-01-1970\ta.example\t\t\n',
      [],
      (path) => `${path}: no entry has a date: say how old the list is with --date YYYY-MM-DD`,
    ],
    ['a wrong date', LIST, ['--date', '2025-02-30'], () => '--date: expected a day as YYYY-MM-DD, got "2025-02-30"'],
    ['a snapshot', '# cct snapshot 1\n', [], (path) => `${path} is a snapshot already: use it with --snapshot ${path}`],
  ])('refuses %s, and keeps what was installed', async (_what, content, args, complaint) => {
    const { run, path } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const before = readFileSync(path, 'utf8');
    const wrong = writeTempFile('wrong.tsv', content);
    expect(await run('snapshot', 'import', wrong, ...args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: ${complaint(wrong)}\n`,
    });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('refuses a file that is not there', async () => {
    const { run } = openHome();
    expect(await run('snapshot', 'import', '/no/such/list.tsv')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: cannot read /no/such/list.tsv: no such file\n',
    });
  });
});

describe('snapshot info', () => {
  test('tells date, origin, entries, families and place of the installed one', async () => {
    const { run, path } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const { status, stdout, stderr } = await run('snapshot', 'info');
    expect([status, JSON.parse(stdout), stderr]).toEqual([0, facts(path), '']);
  });

  test('tells of the sample when it is named', async () => {
    const { status, stdout, stderr } = await runMain(['snapshot', 'info', '--snapshot', 'sample']);
    expect([status, JSON.parse(stdout), stderr]).toEqual([
      0,
      { date: '2018-01-31', origin: 'built-in sample of made-up panels', entries: 8, families: 6, path: null },
      '',
    ]);
  });

  test('without one is exit 4', async () => {
    const { run, path } = openHome();
    expect(await run('snapshot', 'info')).toEqual({
      status: 4,
      stdout: '',
      stderr: `cct: there is no snapshot at ${path}: get one with \`cct snapshot import FILE\`\n`,
    });
  });
});

describe('an installed snapshot', () => {
  test('answers offline, with a valid answer that says when it was listed', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const args = [
      '--offline',
      '--url',
      'https://panel.example/a.php',
      '--ip',
      '198.51.100.7',
      '--ip',
      '10.0.0.8',
      '--ip',
      '192.0.2.1',
    ];
    const { status, stdout, stderr } = await run('observe', ...args);
    const answer: unknown = JSON.parse(stdout);
    expect(validateAnswer(answer)).toEqual([]);
    expect(readAnswer(stdout).verdicts).toEqual(['https://panel.example/a.php', '198.51.100.7']);
    expect(answer).toMatchObject({
      data: {
        judgements: {
          docs: [
            { reason: 'Malicious: Pony (first listed 2025-12-31)' },
            { reason: 'Malicious: Pony (1 entry has this address, newest 2025-12-31) (first listed 2025-12-31)' },
          ],
        },
      },
    });
    expect([status, stderr]).toEqual([0, '4 asked · 2 listed · 2 unlisted · 0 skipped · 0 failed · 0.0 s\n']);
  });

  test('can be named as a file', async () => {
    const { run, path } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const { status, stdout } = await runMain(['deliberate', '--snapshot', path, '--url', 'http://shop.example/']);
    expect([status, readAnswer(stdout)]).toEqual([0, { verdicts: ['http://shop.example/'], judgements: undefined, errors: [] }]);
  });
});

describe('a snapshot older than 30 days', () => {
  const NOTE = 'the snapshot is of 2025-11-30, 33 days old: what was listed since then is not in it\n';

  test.each([
    ['observe', '--offline', '--ip', '192.0.2.1'],
    ['deliberate', '--source', 'snapshot', '--ip', '192.0.2.1'],
    ['snapshot', 'info'],
    ['health', '--offline'],
  ])('is told at every use: %s %s', async (...args) => {
    const { run } = openHome();
    await run('snapshot', 'import', '--date', '2025-11-30', writeTempFile('list.tsv', LIST));
    const { status, stderr } = await run(...args);
    expect([status, stderr.startsWith(NOTE)]).toEqual([0, true]);
  });

  test('is told when it is named as a file too, and not with -q', async () => {
    const { run, path } = openHome();
    await run('snapshot', 'import', '--date', '2025-11-30', writeTempFile('list.tsv', LIST));
    const loud = await runMain(['observe', '--snapshot', path, '--ip', '192.0.2.1']);
    const quiet = await runMain(['observe', '--snapshot', path, '--ip', '192.0.2.1', '-q']);
    expect([loud.stderr.startsWith(NOTE), quiet.stderr]).toEqual([true, '']);
  });

  test('is not one of 30 days', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', '--date', '2025-12-03', writeTempFile('list.tsv', LIST));
    expect((await run('snapshot', 'info')).stderr).toBe('');
  });

  test('is not the sample', async () => {
    expect((await runMain(['snapshot', 'info', '--snapshot', 'sample'])).stderr).toBe('');
  });
});

test('a snapshot that cannot be installed is a clear error', async () => {
  const file = join(openTempDir(), 'file');
  writeFileSync(file, '');
  const run = await runMain(['snapshot', 'import', writeTempFile('list.tsv', LIST)], { env: { XDG_DATA_HOME: file } });
  expect(run).toEqual({
    status: 2,
    stdout: '',
    stderr: `cct: cannot write ${file}/cct/snapshot.tsv: a part of the path is no folder\n`,
  });
});
