import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { withoutTimes } from '../helpers/example-room.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, openTracker, SAMPLE } from './live.ts';

const LISTED = 'http://panel.example/d12/cp.php?m=login';
const OTHER_PAGE = 'http://panel.example/gate.php';
const WITH_WWW = 'http://www.panel.example/gate.php';
const ON_RESOLVED = 'http://198.51.100.60/x';
const ON_ADDRESS = 'http://192.0.2.50/other';
const UNDATED = 'undated.example';

const rowSchema = z.looseObject({
  status: z.string(),
  family: z.optional(z.string()),
  first_listed: z.optional(z.string()),
  matched: z.optional(z.looseObject({ by: z.string(), from: z.string() })),
  related: z.optional(z.unknown()),
  older: z.optional(z.unknown()),
  judgement: z.optional(z.object({ reason: z.string() })),
});

async function observe(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const run = await runMain(['observe', '--format', 'ndjson', ...args], { env });
  const lines = run.stdout.split('\n').filter((line) => line !== '');
  return { ...run, rows: lines.map((line) => rowSchema.parse(JSON.parse(line))) };
}

const urls = (...values: readonly string[]) => values.flatMap((value) => ['--url', value]);

/** A home in which these rows are the installed list. */
function installList(...rows: readonly string[]): Record<string, string> {
  const home = openTempDir();
  mkdirSync(join(home, 'cct'));
  const header = ['# cct snapshot 1', '# date: 2025-12-31', '# origin: a test', `# entries: ${rows.length}`];
  const text = [...header, '# columns: date covers url ip family', ...rows, ''].join('\n');
  writeFileSync(join(home, 'cct', 'snapshot.tsv'), text);
  return { XDG_DATA_HOME: home };
}

describe('what is on a listed host', () => {
  const related = { by: 'host', entries: 1, newest: '2018-01-14', entry: 'panel.example/d12/cp.php?m=login' };
  const onAddress = { by: 'address', entries: 2, newest: '2018-01-14', entry: 'panel.example/d12/cp.php?m=login' };

  test('is unlisted and related, has no documents, and is counted', async () => {
    const { rows, stderr } = await observe([...SAMPLE, ...urls(OTHER_PAGE, WITH_WWW, ON_RESOLVED, 'http://x.panel.example/')]);
    expect(rows.map(({ status, related: found, judgement }) => [status, found, judgement])).toEqual([
      ['unlisted', related, undefined],
      ['unlisted', related, undefined],
      ['unlisted', onAddress, undefined],
      ['unlisted', undefined, undefined],
    ]);
    expect(stderr).toBe('4 observables: 4 unlisted (3 on listed hosts) (0.0 s)\n');
  });

  test('is listed by --match host, which the reason says, but never by a resolved address', async () => {
    const args = [...SAMPLE, ...urls(OTHER_PAGE, WITH_WWW, ON_ADDRESS, ON_RESOLVED)];
    const { rows } = await observe(args, { CCT_MATCH: 'host' });
    expect(rows.map(({ status, matched }) => [status, matched?.by])).toEqual([
      ['listed', 'host'],
      ['listed', 'host'],
      ['listed', 'host'],
      ['unlisted', undefined],
    ]);
    expect(rows[0]?.judgement?.reason).toBe(
      'Malicious: Pony (matched by host, which has 1 entry, newest 2018-01-14) (first listed 2018-01-14)',
    );
    expect(rows[3]?.related).toEqual(onAddress);
  });

  test.each([
    [[OTHER_PAGE], '--fail-on-listed', 0],
    [[OTHER_PAGE], '--fail-on-related', 10],
    [[LISTED], '--fail-on-related', 10],
    [['http://unlisted.example/'], '--fail-on-related', 0],
  ])('fails a gate that asks for it: %j with %s', async (values, flag, status) => {
    expect((await observe([...SAMPLE, flag, ...urls(...values)])).status).toBe(status);
  });

  test('has the same documents from the relay', async () => {
    const observables = [OTHER_PAGE, WITH_WWW, ON_ADDRESS, ON_RESOLVED, LISTED].map((value) => ({ type: 'url', value }));
    const relay = await startServe([...SAMPLE, '--match', 'host']);
    const reply = await relay.post('/observe/observables', observables);
    const run = await runMain(['observe', ...SAMPLE, '--match', 'host', ...urls(...observables.map(({ value }) => value))]);
    const answerSchema = z.object({ data: z.object({ judgements: z.object({ count: z.literal(4) }) }) });
    const answer: unknown = await reply.json();
    expect(answerSchema.safeParse(answer).success).toBe(true);
    expect(withoutTimes(JSON.stringify(answer))).toBe(withoutTimes(JSON.stringify(JSON.parse(run.stdout))));
  });
});

describe('the age of an entry', () => {
  test.each(['2018-01-01', '8y', '3000d'])('%s hides older and undated ones, which the row names', async (since) => {
    const args = [...SAMPLE, '--listed-since', since, '--domain', `old.example,${UNDATED}`, ...urls(LISTED)];
    const { rows } = await observe(args);
    expect(rows.map(({ status, older }) => [status, older])).toEqual([
      ['unlisted', { date: '2016-05-05', entry: 'old.example/statistics/Log%20in/' }],
      ['unlisted', { date: null, entry: 'undated.example/pony/admin.php' }],
      ['listed', undefined],
    ]);
  });

  test('hides what is only related to older entries no more silently, and the summary counts it', async () => {
    const args = [...SAMPLE, '--listed-since', '2020-01-01', ...urls(OTHER_PAGE, ON_RESOLVED, 'old.example')];
    const { rows, stderr } = await observe(args);
    expect(rows.map(({ related, older }) => [related, older])).toEqual([
      [undefined, { date: '2018-01-14', entry: 'panel.example/d12/cp.php?m=login' }],
      [undefined, { date: '2018-01-14', entry: 'panel.example/d12/cp.php?m=login' }],
      [undefined, { date: '2016-05-05', entry: 'old.example/statistics/Log%20in/' }],
    ]);
    expect(stderr).toBe('3 observables: 3 unlisted (3 older than --listed-since) (0.0 s)\n');
  });

  test.each(['2999-01-01', '5 years', '2020-13-01', 'yesterday', '5', '-5y'])('%s is refused, with the forms', async (since) => {
    const { status, stderr, stdout } = await observe([...SAMPLE, `--listed-since=${since}`, ...urls(LISTED)]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cct: --listed-since: .*expected a date such as 2020-01-01, or an age such as 90d or 5y/);
  });

  test('of a future date is none', async () => {
    const env = installList('2999-01-01\turl\tnew.example/x\t\tPony', '2017-01-01\turl\tnew.example/y\t\tPony');
    const { rows, stderr } = await observe(['--offline', ...urls('new.example')], env);
    expect(rows).toMatchObject([{ status: 'listed', first_listed: '2017-01-01', matched: { date: '2017-01-01' } }]);
    expect(stderr).toContain('the newest hit is 9 years old: 2017-01-01\n');
  });

  test('of the newest hit is not told where one is younger, or has no date', async () => {
    const env = installList('2025-12-01\turl\tnew.example/x\t\tPony', '\turl\tundated.example/\t\tPony');
    const runs = [['new.example'], ['undated.example'], ['unlisted.example']].map((values) =>
      observe(['--offline', ...urls(...values)], env),
    );
    for (const { stderr } of await Promise.all(runs)) expect(stderr).not.toContain('newest hit');
  });
});

describe('the live tracker', () => {
  const list = ['2018-01-14\turl\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony'];
  const listings = { 'panel.example/d12/cp.php?m=login': 'Malicious: PONY' };

  test('has the evidence of the installed list, whatever its age, and never lists by host', async () => {
    const tracker = await openTracker({ listings });
    const flags = ['--match', 'host', '--listed-since', '2020-01-01'];
    const { rows, stderr } = await observe([...asking(tracker), ...flags, ...urls(LISTED)], installList(...list));
    expect(rows).toMatchObject([
      {
        ...{ status: 'listed', source: 'live', family: 'Pony', first_listed: '2018-01-14' },
        matched: { by: 'url', date: '2018-01-14', from: 'snapshot' },
        judgement: { reason: 'Malicious: PONY (first listed 2018-01-14)' },
      },
    ]);
    expect(stderr).toContain('the newest hit is 7 years old: 2018-01-14');
    const other = await observe([...asking(tracker), '--match', 'host', ...urls(OTHER_PAGE)], installList(...list));
    expect(other.rows).toMatchObject([{ status: 'unlisted', source: 'live', related: { by: 'host', entries: 1 } }]);
  });

  test('is asked alone with --source live', async () => {
    const tracker = await openTracker({ listings });
    const args = [...asking(tracker), '--source', 'live', ...urls(LISTED, OTHER_PAGE)];
    const { rows } = await observe(args, installList('a broken list'));
    expect(rows.map(({ matched, related }) => [matched, related])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
