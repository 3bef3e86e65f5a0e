import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import { renderTable } from '../helpers/fake-pages.ts';
import { readRows } from '../helpers/run-cct.ts';
import { writeTempFile } from './live.ts';
import { LIST, toFacts, NO_TABLE, openHome } from './snapshot-home.ts';

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
      toFacts(path, {
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
      'ignored: 1 invalid row, 1 invalid address\n' +
        `${lists[0] ?? ''}: line 3: address ignored: not an IPv4 address: "FastFlux"\n` +
        `${lists[1] ?? ''}: line 3: row ignored: no dot in the host: "localhost"\n` +
        'merged: 1 duplicate entry\n' +
        '13 entries installed; use --offline to query them\n',
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
    const given = ['--url', 'https://c.example/any', '--url', 'b.example/any'];
    const { stdout } = await run('observe', '--offline', '--format', 'ndjson', ...given);
    expect(readRows(stdout)).toEqual(['listed url https://c.example/any', 'unlisted url b.example/any']);
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
        toFacts(path, {
          ...{ date: '2025-12-31', origin: 'all.php + list.tsv', entries: 3, families: 1 },
          ...{ first_listed: '2025-12-29', last_listed: '2025-12-30' },
        }),
      ]);
      expect(stderr).toContain(
        `merged: ${mergedCount} duplicate ${mergedCount === 1 ? 'entry' : 'entries'}\n3 entries installed`,
      );
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
    expect([status, stderr.split('\n')[0]]).toEqual([0, 'no snapshot is installed to add to: this is the first one']);
  });
});
