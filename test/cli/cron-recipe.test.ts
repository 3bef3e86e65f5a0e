import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fencesOf, pageAt } from '../helpers/pages.ts';
import { like, openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker } from './live.ts';
import { toEntries } from './snapshot-home.ts';

const recipe = fencesOf(pageAt('docs/recipes.md')).find(({ marks }) => marks.includes('file=new-hits.sh'))?.text ?? '';
const lines = recipe.trimEnd().split('\n');

const HOUR_MS = 60 * 60 * 1000;

/** A machine on which the recipe's commands run, each an hour after the last, and what they print. */
function openCron(flags: readonly string[], observables: readonly string[]) {
  const home = openTempDir();
  const input = join(home, 'observables.json');
  writeFileSync(input, JSON.stringify(observables.map((value) => ({ type: 'url', value }))));
  const places: Readonly<Record<string, string>> = { 'observables.json': input, 'hits.ndjson': join(home, 'hits.ndjson') };
  let nowMs = Date.parse('2026-01-02T03:00:00Z');
  return async () => {
    let mail = '';
    for (const line of lines.filter((each) => each.startsWith('cct '))) {
      const isSilent = line.endsWith(' > /dev/null');
      const args = line.replace(' > /dev/null', '').split(' ').slice(1);
      nowMs += HOUR_MS;
      const run = await runMain([...args.map((word) => places[word] ?? word), ...(args[0] === 'snapshot' ? flags : [])], {
        env: { XDG_DATA_HOME: home },
        now: () => new Date(nowMs),
      });
      mail += run.stderr + (isSilent ? '' : run.stdout);
    }
    const [heading = '', ...rows] = mail.trimEnd().split('\n');
    const isTable = heading.startsWith('CHANGE ');
    return isTable
      ? rows.map((row) => row.split(/ {2,}/).slice(0, 5).join(' '))
      : [heading, ...rows].filter((line) => line !== '');
  };
}

describe('the recipe for a cron job', () => {
  test('is three lines', () => {
    expect(lines).toHaveLength(3);
  });

  test('prints over two days only what the day has brought', async () => {
    const [first, second, third] = toEntries(3);
    if (!first || !second || !third) throw new Error('too few entries');
    const tracker = await openTracker({ entries: [first, second] });
    const run = openCron(
      asking(tracker),
      [first, second, third].map(({ url }) => `http://${url}`),
    );
    expect([await run(), await run()]).toEqual([
      ['new listed url http://h0.example/x Pony', 'new listed url http://h1.example/x ZeuS'],
      [],
    ]);
    for (let hour = 0; hour < 10; hour += 1) expect(await run()).toEqual([]);
    tracker.set({ entries: [third, { ...first, family: 'Citadel' }] });
    expect([await run(), await run()]).toEqual([
      ['changed listed url http://h0.example/x Citadel', 'changed listed url http://h2.example/x Pony'],
      [],
    ]);
  });

  test('says that the list could not be updated, and prints no hit again', async () => {
    const entries = toEntries(1);
    const tracker = await openTracker({ entries });
    const run = openCron(asking(tracker), ['http://h0.example/x']);
    await run();
    tracker.set({ listFaults: { 'index.php': { kind: 'status', status: 503 }, 'all.php': { kind: 'status', status: 503 } } });
    expect(await run()).toEqual([like(/^cct: .*503/)]);
  });
});
