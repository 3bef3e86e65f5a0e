import { describe, expect, test } from 'vitest';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { complaint, writeTempFile } from './live.ts';
import { LIST, toFacts, NO_TABLE, openHome } from './snapshot-home.ts';

const CUT = '# cct snapshot 1\n# date: 2025-12-31\n# origin: x\n# entries: 2\n# columns: date covers url ip family\n';

describe('snapshot import', () => {
  test('installs a list, and says on stderr what of it was not usable', async () => {
    const { run, path, files } = openHome();
    const { status, stdout, stderr } = await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    expect([status, JSON.parse(stdout), files()]).toEqual([0, toFacts(path), ['snapshot.tsv']]);
    expect(stderr).toBe(
      'ignored: 1 invalid row, 1 invalid address, 1 private address, 1 invalid date\n' +
        '4 entries installed; use --offline to query them\n',
    );
  });

  test('names with -v each row that was not usable', async () => {
    const { run } = openHome();
    const { stderr } = await run('snapshot', 'import', '-v', writeTempFile('list.tsv', LIST));
    expect(stderr.split('\n').filter((line) => line.startsWith('line '))).toEqual([
      'line 4: private address ignored: 10.0.0.8',
      'line 5: address ignored: not an IPv4 address: "nowhere"',
      'line 5: date ignored: not a DD-MM-YYYY date: "31-02-2025"',
      'line 6: row ignored: no URL and no address, family "Lost"',
    ]);
  });

  test('takes the date that is given', async () => {
    const { run, path } = openHome();
    const { stdout } = await run('snapshot', 'import', '--date', '2025-11-30', writeTempFile('list.tsv', LIST));
    expect(JSON.parse(stdout)).toEqual(toFacts(path, { date: '2025-11-30' }));
  });

  test('replaces the list that was installed', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    await run('snapshot', 'import', writeTempFile('other.tsv', 'date\turl\tip\tfamily\n01-01-2026\tnew.example/\t\t\n'));
    const asked = await run('observe', '--offline', '--format', 'ndjson', '--url', 'http://new.example/', '--ip', '198.51.100.7');
    expect(readRows(asked.stdout)).toEqual(['listed url http://new.example/', 'unlisted ip 198.51.100.7']);
  });

  test.each<[what: string, content: string, args: string[], message: string]>([
    ['no list', 'hello\n', [], 'FILE: unknown list format; see `cct snapshot import --help` for the formats'],
    ['a list without a usable row', 'date\turl\tip\tfamily\n\n', [], 'FILE: no valid rows'],
    [
      'a list without dates',
      'date\turl\tip\tfamily\n01-01-1970\ta.example\t\t\n',
      [],
      'FILE: no entry has a date up to today; pass --date YYYY-MM-DD',
    ],
    ['a wrong date', LIST, ['--date', '2025-02-30'], '--date: expected a day as YYYY-MM-DD, got "2025-02-30"'],
    [
      'a date after tomorrow',
      LIST,
      ['--date', '2026-01-04'],
      '--date: 2026-01-04 is in the future; pass the day on which the list was made',
    ],
    ['a truncated snapshot', CUT, [], 'FILE: the header says 2 entries, but the file has 0; it is truncated'],
    ['a page without the table', '<html><body>Down.</body></html>', [], `FILE: ${NO_TABLE}`],
  ])('refuses %s, and keeps what was installed', async (_what, content, args, message) => {
    const { run, text } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const before = text();
    const wrong = writeTempFile('wrong.tsv', content);
    expect(await run('snapshot', 'import', wrong, ...args)).toEqual(complaint(message.replace('FILE', wrong)));
    expect(text()).toBe(before);
  });

  test('takes no date of an entry that is in the future, which would hide how old the list is', async () => {
    const { run, text } = openHome();
    const list = 'date\turl\tip\tfamily\n01-01-2099\ta.example/\t\t\n01-01-2020\tb.example/\t\t\n';
    await run('snapshot', 'import', writeTempFile('list.tsv', list));
    expect(text()).toContain('# date: 2020-01-01\n');
  });

  test('takes tomorrow as the date, which may be today where the list was made', async () => {
    const { run } = openHome();
    expect(await run('snapshot', 'import', writeTempFile('list.tsv', LIST), '--date', '2026-01-03')).toMatchObject({ status: 0 });
  });

  test('refuses a file that does not exist', async () => {
    const { run } = openHome();
    const message = 'cannot read /no/such/list.tsv: no such file';
    expect(await run('snapshot', 'import', '/no/such/list.tsv')).toEqual(complaint(message));
  });

  test('fails where a snapshot cannot be installed', async () => {
    const file = writeTempFile('file', '');
    const run = await runMain(['snapshot', 'import', writeTempFile('list.tsv', LIST)], { env: { XDG_DATA_HOME: file } });
    expect(run).toEqual(complaint(`cannot write ${file}/cct/snapshot.tsv: a part of the path is not a directory`));
  });
});
