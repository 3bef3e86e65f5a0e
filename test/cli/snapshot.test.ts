import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleSnapshotText } from '../../src/tracker/sample-snapshot.ts';
import { renderTable } from '../helpers/fake-pages.ts';
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

const NO_TABLE = "an HTML page without the tracker's table: not the list";

/** A home of its own, in which lists can be installed and asked. */
function openHome() {
  const home = openTempDir();
  const run = (...args: readonly string[]) => runMain(args, { env: { XDG_DATA_HOME: home } });
  const path = join(home, 'cct', 'snapshot.tsv');
  const rows = () => readFileSync(path, 'utf8').split('\n').slice(5, -1);
  return { run, path, rows, files: () => readdirSync(join(home, 'cct')) };
}

const facts = (path: string | null, changes: object = {}) => ({
  ...{ date: '2025-12-31', origin: 'list.tsv', entries: 4, families: 2 },
  ...{ first_listed: '2025-12-30', last_listed: '2025-12-31', path },
  ...changes,
});

describe('snapshot import', () => {
  test('installs a list, and says on stderr what of it was not usable', async () => {
    const { run, path, files } = openHome();
    const { status, stdout, stderr } = await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    expect([status, JSON.parse(stdout), files()]).toEqual([0, facts(path), ['snapshot.tsv']]);
    expect(stderr).toBe(
      'not usable: 1 rows dropped · 1 addresses ignored · 1 private addresses never matched · 1 dates not understood\n' +
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
      (path) => `${path}: no list that cct reads: 1 of 1 lines name no host (see cct snapshot import --help)`,
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
    [
      'a snapshot that is cut',
      '# cct snapshot 1\n# date: 2025-12-31\n# origin: x\n# entries: 2\n# columns: date covers url ip family\n',
      [],
      (path) => `${path}: the header says 2 entries, but there are 0: the file is cut`,
    ],
    ['a page without the table', '<html><body>Down.</body></html>', [], (path) => `${path}: ${NO_TABLE}`],
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

const TSV = 'date\turl\tip\tfamily\n';
const HOSTS = 'Domain,Malware,Date added,Source\n';

describe('several lists', () => {
  const files = () => [
    writeTempFile('list.tsv', `${TSV}31-12-2025\ta.example/x\t198.51.100.7\t\n30-12-2025\tnowhere.example\tFastFlux\t\n`),
    writeTempFile('all.php', 'b.example/y<br />A.EXAMPLE/x<br />localhost<br />'),
    writeTempFile('hosts.csv', `${HOSTS}c.example,pony,2026-01-01,CyberCrime\n`),
    writeTempFile(
      'index.php',
      renderTable([{ date: '29-12-2025', url: 'a.example/x', ip: '', family: 'Pony' }], new URLSearchParams()),
    ),
    writeTempFile('sample.tsv', sampleSnapshotText),
  ];
  const ROWS = [
    '2025-12-31\turl\ta.example/x\t198.51.100.7\t',
    '2025-12-30\turl\tnowhere.example\t\t',
    '\turl\tb.example/y\t\t',
    '2026-01-01\thost\tc.example\t\tpony',
    '2025-12-29\turl\ta.example/x\t\tPony',
  ];

  test('become one snapshot, without duplicates, each row of them used or named with its file', async () => {
    const { run, path, rows } = openHome();
    const lists = files();
    const { status, stdout, stderr } = await run('snapshot', 'import', '-v', ...lists);
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      facts(path, {
        ...{
          date: '2026-01-01',
          origin: 'list.tsv + all.php + hosts.csv + index.php + built-in sample of made-up panels',
          entries: 13,
          families: 6,
        },
        ...{ first_listed: '2016-05-05', last_listed: '2026-01-01' },
      }),
    ]);
    expect(rows().slice(0, 5)).toEqual(ROWS);
    expect(stderr).toBe(
      'not usable: 1 rows dropped · 1 addresses ignored · 0 private addresses never matched · 0 dates not understood\n' +
        `${lists[0] ?? ''}: line 3: address-ignored: not an IPv4 address: "FastFlux"\n` +
        `${lists[1] ?? ''}: line 3: row-dropped: no dot in the host: "localhost"\n` +
        '1 entries were the same as others: each is there once\n' +
        '13 entries are installed; --offline asks them\n',
    );
  });

  test('are not installed at all when one of them is none', async () => {
    const { run, path } = openHome();
    const wrong = writeTempFile('error.html', '<html><body>Not found</body></html>');
    const { status, stdout, stderr } = await run('snapshot', 'import', ...files(), wrong);
    expect([status, stdout, stderr, existsSync(path)]).toEqual([2, '', `cct: ${wrong}: ${NO_TABLE}\n`, false]);
  });

  test('of hosts answer for each url on them', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', ...files());
    const { stdout } = await run(
      'observe',
      '--offline',
      '--format',
      'ndjson',
      '--url',
      'https://c.example/any',
      '--url',
      'b.example/any',
    );
    expect(readRows(stdout)).toEqual(['listed url https://c.example/any', 'unlisted url b.example/any']);
  });

  test('without any date want one', async () => {
    const { run } = openHome();
    const all = writeTempFile('all.php', 'a.example\n');
    expect(await run('snapshot', 'import', all)).toEqual({
      ...{ status: 2, stdout: '' },
      stderr: `cct: ${all}: no entry has a date: say how old the list is with --date YYYY-MM-DD\n`,
    });
    expect(await run('snapshot', 'import', all, '--date', '2025-12-01')).toMatchObject({ status: 0 });
  });
});

describe('a list that is added with --merge', () => {
  test('joins the installed one, which keeps its order and its date', async () => {
    const { run, path, rows } = openHome();
    await run('snapshot', 'import', '--date', '2025-12-31', writeTempFile('all.php', 'a.example/x\nb.example\n'));
    const list = writeTempFile('list.tsv', `${TSV}30-12-2025\tc.example\t\t\n29-12-2025\ta.example/x\t198.51.100.7\tPony\n`);
    for (const mergedCount of [1, 2]) {
      const { status, stdout, stderr } = await run('snapshot', 'import', '--merge', list);
      expect([status, JSON.parse(stdout)]).toEqual([
        0,
        facts(path, {
          ...{ date: '2025-12-31', origin: 'all.php + list.tsv', entries: 3, families: 1 },
          ...{ first_listed: '2025-12-29', last_listed: '2025-12-30' },
        }),
      ]);
      expect(stderr).toContain(`${mergedCount} entries were the same as others: each is there once\n3 entries are installed`);
    }
    expect(rows()).toEqual([
      '2025-12-29\turl\ta.example/x\t198.51.100.7\tPony',
      '\turl\tb.example\t\t',
      '2025-12-30\turl\tc.example\t\t',
    ]);
  });

  test('is the first one where none is installed, which is said', async () => {
    const { run } = openHome();
    const { status, stderr } = await run('snapshot', 'import', '--merge', writeTempFile('list.tsv', LIST));
    expect([status, stderr.split('\n')[0]]).toEqual([0, 'there is no installed snapshot to add to: this is the first one']);
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
      {
        ...{ date: '2018-01-31', origin: 'built-in sample of made-up panels', entries: 8, families: 6 },
        ...{ first_listed: '2016-05-05', last_listed: '2018-01-14', path: null },
      },
      '',
    ]);
  });

  test('tells of a list without dates that there are none', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', '--date', '2026-01-01', writeTempFile('all.php', 'a.example\n'));
    expect(JSON.parse((await run('snapshot', 'info')).stdout)).toMatchObject({ first_listed: null, last_listed: null });
  });

  test('without one is exit 4', async () => {
    const { run, path } = openHome();
    expect(await run('snapshot', 'info')).toEqual({
      status: 4,
      stdout: '',
      stderr: `cct: there is no snapshot at ${path}: get one with \`cct snapshot update\` or \`cct snapshot import FILE\`\n`,
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
