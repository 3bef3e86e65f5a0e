import { expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';
import { complaint, writeTempFile } from './live.ts';
import { openHome } from './snapshot-home.ts';
import { ENTRY, toList } from './state-file.ts';

const entry = { url: 'panel.example/a', covers: 'url', date: '2018-01-14', ip: '198.51.100.60', family: 'Pony' };
const undated = { url: 'b.example', covers: 'host', date: null, ip: null, family: null };

test('prints the entries that two files have not in common, with their numbers', async () => {
  const [before, after] = [
    toList(ENTRY, '2017-01-01\turl\told.example/\t\tPony'),
    toList('\thost\tb.example\t\t', ENTRY.replace('Pony', 'ZeuS')),
  ];
  const { status, stdout, stderr } = await runMain(['snapshot', 'diff', before, after]);
  expect([status, JSON.parse(stdout), stderr]).toEqual([
    0,
    {
      counts: { added: 1, removed: 1, changed: 1 },
      added: [undated],
      removed: [{ url: 'old.example/', covers: 'url', date: '2017-01-01', ip: null, family: 'Pony' }],
      changed: [{ from: entry, to: { ...entry, family: 'ZeuS' } }],
    },
    `${before} to ${after}: 1 added, 1 removed, 1 changed\n`,
  ]);
});

test('compares the installed list, the sample, and what can be imported', async () => {
  const home = openHome();
  const row = '14-01-2018\tpanel.example/a\t198.51.100.60\tPony\n';
  // An import leaves the second one out.
  const list = writeTempFile('list.tsv', `date\turl\tip\tfamily\n${row}${row}`);
  await home.run('snapshot', 'import', list);
  const same = await home.run('snapshot', 'diff', 'installed', list);
  expect([JSON.parse(same.stdout), same.stderr]).toEqual([
    { counts: { added: 0, removed: 0, changed: 0 }, added: [], removed: [], changed: [] },
    `installed to ${list}: no changes\n`,
  ]);
  const sample = await home.run('snapshot', 'diff', 'installed', 'sample');
  expect(sample).toMatchObject({ status: 0, stderr: 'installed to sample: 8 added, 1 removed\n' });
});

test('names what cannot be compared', async () => {
  const home = openHome();
  const diff = (...names: readonly string[]) => home.run('snapshot', 'diff', ...names);
  expect(await diff('installed', 'sample')).toMatchObject({ status: 4, stdout: '' });
  expect(await diff('sample', 'no-such-file')).toEqual(complaint('cannot read no-such-file: no such file'));
  expect(await diff('sample')).toMatchObject({ status: 2, stdout: '' });
});
