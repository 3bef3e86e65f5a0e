import { describe, expect, test } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer, runMain } from '../helpers/run-cct.ts';
import { complaint, writeTempFile } from './live.ts';
import { LIST, toFacts, openHome } from './snapshot-home.ts';

describe('snapshot info', () => {
  test('tells date, origin, entries, families and place of the installed one', async () => {
    const { run, path } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const { status, stdout, stderr } = await run('snapshot', 'info');
    expect([status, JSON.parse(stdout), stderr]).toEqual([0, toFacts(path), '']);
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
    expect(await run('snapshot', 'info')).toEqual(
      complaint(`no snapshot at ${path}; install one with \`cct snapshot update\` or \`cct snapshot import FILE\``, 4),
    );
  });
});

describe('an installed snapshot', () => {
  test('answers offline, with a valid answer that says when it was listed', async () => {
    const { run } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const ips = ['198.51.100.7', '10.0.0.8', '192.0.2.1'].flatMap((ip) => ['--ip', ip]);
    const { status, stdout, stderr } = await run('observe', '--offline', '--url', 'https://panel.example/a.php', ...ips);
    const answer: unknown = JSON.parse(stdout);
    expect(validateAnswer(answer)).toEqual([]);
    expect(readAnswer(stdout).verdicts).toEqual(['https://panel.example/a.php', '198.51.100.7']);
    const docs = [
      { reason: 'Malicious: Pony (first listed 2025-12-31)' },
      { reason: 'Malicious: Pony (1 entry has this address, newest 2025-12-31) (first listed 2025-12-31)' },
    ];
    expect(answer).toMatchObject({ data: { judgements: { docs } } });
    expect([status, stderr]).toEqual([0, '4 observables: 2 listed, 2 unlisted (0.0 s)\n']);
  });

  test('can be named as a file', async () => {
    const { run, path } = openHome();
    await run('snapshot', 'import', writeTempFile('list.tsv', LIST));
    const { status, stdout } = await runMain(['deliberate', '--snapshot', path, '--url', 'http://shop.example/']);
    expect([status, readAnswer(stdout)]).toEqual([0, { verdicts: ['http://shop.example/'], judgements: undefined, errors: [] }]);
  });
});

// From which age on is tested in test/tracker/snapshot/snapshot-store.test.ts.
test.each([
  ['observe --offline --ip 192.0.2.1', true],
  ['deliberate --source snapshot --ip 192.0.2.1', true],
  ['snapshot info', true],
  ['health --offline', true],
  ['observe --snapshot FILE --ip 192.0.2.1', true],
  ['observe --offline --ip 192.0.2.1 -q', false],
  ['snapshot info --snapshot sample', false],
])('whether the age of an old snapshot is reported by %s: %s', async (args, isReported) => {
  const { run, path } = openHome();
  await run('snapshot', 'import', '--date', '2025-11-30', writeTempFile('list.tsv', LIST));
  const { status, stderr } = await run(...args.replace('FILE', path).split(' '));
  const note = 'the snapshot of 2025-11-30 is 33 days old; later entries are missing\n';
  expect([status, stderr.startsWith(note)]).toEqual([0, isReported]);
});
