import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE, writeTempFile } from './live.ts';

const LISTED = 'http://panel.example/d12/cp.php?m=login';
const SHOP = 'http://shop.example/~admin/panel/admin.php';
const EXPECTED = 'a MISP warninglist: an object with a name, a list, and a type of string, substring, hostname, cidr or regex';

const shared = { name: 'Shared names', description: 'a test', version: 1, type: 'hostname', list: ['panel.example'] };
const documentation = { name: 'Documentation', description: 'a test', version: 1, type: 'cidr', list: ['198.51.100.0/24'] };

const toFile = (document: unknown, name = 'list.json') => writeTempFile(name, JSON.stringify(document));
const urls = (...values: readonly string[]) => values.flatMap((value) => ['--url', value]);
const withLists = (...files: readonly string[]) => files.flatMap((file) => ['--warninglist', file]);

function observe(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runMain(['observe', ...SAMPLE, ...args], { env });
}

const rowSchema = z.looseObject({ status: z.string(), warnings: z.optional(z.array(z.string())) });
const rowsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => rowSchema.parse(JSON.parse(line)));

describe('a warninglist', () => {
  test('marks each row that it contains, whatever its fate, and drops none', async () => {
    const args = [...urls(LISTED, 'http://panel.example/other', SHOP, 'http://panel.example:x/'), '--ip', '198.51.100.60'];
    const files = withLists(toFile(shared), toFile(documentation));
    const { stdout, stderr } = await observe(['--format', 'ndjson', ...files, ...args]);
    expect(rowsOf(stdout).map(({ status, warnings }) => [status, warnings])).toEqual([
      ['listed', ['Shared names']],
      ['unlisted', ['Shared names']],
      ['listed', undefined],
      ['skipped', ['Shared names']],
      ['listed', ['Documentation']],
    ]);
    expect(stderr).toContain('5 observables: 3 listed (2 on warninglists), 1 unlisted (1 on listed hosts), 1 skipped (');
  });

  test('changes nothing of JSON', async () => {
    const plain = await observe(urls(LISTED, SHOP));
    const marked = await observe([...urls(LISTED, SHOP), ...withLists(toFile(shared))]);
    expect(marked.stdout).toBe(plain.stdout);
    expect(plain.stderr).not.toContain('warninglist');
  });

  test('has a column in csv and, where a row is marked, in a table', async () => {
    const files = withLists(toFile(shared), toFile({ ...shared, name: 'Other' }));
    const csv = (await observe(['--format', 'csv', ...files, ...urls(LISTED, SHOP)])).stdout.split('\n');
    expect(csv.map((line) => line.split(',').at(-4) ?? '')).toEqual(['warnings', 'Shared names; Other', '', '']);
    const table = (await observe(['--format', 'table', ...files, ...urls(LISTED, SHOP)])).stdout.split('\n');
    expect(table[0]).toMatch(/ SOURCE {4}WARNINGS {13}WHY$/);
    expect(table[1]).toMatch(/ snapshot {2}Shared names; Other {2}url: /);
    expect((await observe(['--format', 'table', ...files, ...urls(SHOP)])).stdout).not.toContain('WARNINGS');
  });

  test('marks answers of the live tracker, and what failed there', async () => {
    const FAILED = 'http://panel.example/failed';
    const tracker = await openTracker({
      listings: { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony' },
      faults: { 'panel.example/failed': 'html' },
    });
    const args = [...asking(tracker), '--source', 'live', '--format', 'ndjson', ...withLists(toFile(shared))];
    const { stdout, status } = await runMain(['observe', ...args, ...urls(LISTED, FAILED)]);
    expect([status, rowsOf(stdout)]).toMatchObject([
      3,
      [
        { status: 'listed', warnings: ['Shared names'] },
        { status: 'failed', warnings: ['Shared names'] },
      ],
    ]);
  });

  test('comes from the variable too', async () => {
    const { stdout } = await observe(['--format', 'ndjson', ...urls(LISTED)], {
      CCT_WARNINGLIST: `${toFile(shared)},${toFile(documentation)}`,
    });
    expect(rowsOf(stdout)).toMatchObject([{ warnings: ['Shared names'] }]);
  });
});

describe('a gate for what has no mark', () => {
  test.each([
    [[LISTED], 0],
    [[LISTED, SHOP], 10],
    [[SHOP], 10],
    [['http://unlisted.example/'], 0],
  ])('of %j ends with %i', async (values, status) => {
    const lists = withLists(toFile(shared));
    expect((await observe([...lists, '--fail-on-unmarked', ...urls(...values)])).status).toBe(status);
    // Rows that are not printed count too.
    expect((await observe([...lists, '--fail-on-unmarked', '--only', 'skipped', ...urls(...values)])).status).toBe(status);
  });

  test('is one for all that is listed, without a warninglist', async () => {
    expect((await observe(['--fail-on-unmarked', ...urls(LISTED)])).status).toBe(10);
  });
});

describe('a directory', () => {
  function openLists(files: Readonly<Record<string, string>>): string {
    const home = openTempDir();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(home, name, '..'), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    return home;
  }

  test('is read with those in it; a file that is no warninglist is a note', async () => {
    const home = openLists({
      'lists/one/list.json': JSON.stringify(shared),
      'lists/two/list.json': JSON.stringify({ ...shared, name: 'Second' }),
      'lists/two/README.md': 'no list',
      'broken.json': '{"name":',
      'schema.json': '{"type":"object"}',
    });
    const { stdout, stderr, status } = await observe(['--format', 'ndjson', ...withLists(home), ...urls(LISTED)]);
    expect([status, rowsOf(stdout)]).toMatchObject([0, [{ warnings: ['Shared names', 'Second'] }]]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `ignored: ${join(home, 'broken.json')}: invalid JSON; expected ${EXPECTED}`,
      `ignored: ${join(home, 'schema.json')}: expected ${EXPECTED}`,
    ]);
  });

  test('with many others names five', async () => {
    const others = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`x${at}.json`, '{}']));
    const home = openLists({ ...others, 'list.json': JSON.stringify(shared) });
    const { stderr } = await observe([...withLists(home), ...urls(LISTED)]);
    expect(stderr.match(/^ignored: .*x\d\.json: /gm)).toHaveLength(5);
    expect(stderr).toContain(`ignored: 3 more files of ${home}\n`);
  });

  test('without a warninglist is an error', async () => {
    const home = openLists({ 'x.json': '{}' });
    expect(await observe([...withLists(home), ...urls(LISTED)])).toEqual(
      complaint(`${home}: no .json file in it is a MISP warninglist`),
    );
  });
});

describe('what is no warninglist', () => {
  test.each([
    ['{"name":', `invalid JSON; expected ${EXPECTED}`],
    ['', `invalid JSON; expected ${EXPECTED}`],
    ['[]', `expected ${EXPECTED}`],
    [JSON.stringify({ ...shared, type: 'yara' }), `expected ${EXPECTED}`],
  ])('is named before anything is asked or written: %j', async (text, reason) => {
    const tracker = await openTracker();
    const file = writeTempFile('list.json', text);
    const run = await runMain(['observe', ...asking(tracker), ...withLists(toFile(shared), file), ...urls(LISTED)]);
    expect(run).toEqual(complaint(`${file}: ${reason}`));
    expect(tracker.lookups()).toEqual([]);
  });

  test('is named where it is missing', async () => {
    const { status, stdout, stderr } = await observe([...withLists('/no/such/list.json'), ...urls(LISTED)]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cct: cannot read \/no\/such\/list\.json: /);
  });
});

describe('entries that cannot be compared', () => {
  const list = ['(a+)+$', '(?=x)', '192.0.2.1\u001B[31m(', '(', '[', 5, '/panel\\.example/'];

  test('are named in a note, five of a list, and the others count', async () => {
    const files = withLists(toFile({ ...shared, type: 'regex', list }), toFile({ ...documentation, list: ['300.0.0.0/8'] }));
    const { stdout, stderr } = await observe(['--format', 'ndjson', ...files, ...urls(LISTED)]);
    expect(rowsOf(stdout)).toMatchObject([{ warnings: ['Shared names'] }]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'warninglist Shared names: ignored (a+)+$ (nested repetition), (?=x) (not supported), 192.0.2.1\uFFFD[31m( (not supported), ( (not supported), [ (not supported), and 1 more',
      'warninglist Documentation: ignored 300.0.0.0/8 (no address or range)',
    ]);
  });

  test('are not named with -q', async () => {
    const file = toFile({ ...shared, type: 'regex', list });
    expect((await observe(['-q', ...withLists(file), ...urls(LISTED)])).stderr).toBe('');
  });
});
