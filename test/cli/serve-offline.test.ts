import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { openTempDir, readAnswer } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

const LISTED = { type: 'url', value: 'http://panel.example/d12/cp.php?m=login' };
const NEW = { type: 'url', value: 'http://new.example/x' };
const DOMAIN = { type: 'domain', value: 'panel.example' };
const PRIVATE = { type: 'ip', value: '10.0.0.8' };

/** A home in which the sample is the installed snapshot. */
function installSample(): { readonly env: Record<string, string> } {
  const home = openTempDir();
  mkdirSync(join(home, 'cct'));
  writeFileSync(join(home, 'cct', 'snapshot.tsv'), sampleSnapshotText);
  return { env: { XDG_DATA_HOME: home } };
}

describe('a relay whose tracker fails', () => {
  test('answers from the installed snapshot what is listed there, with a warning; the rest stays an error', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    const relay = await startServe(asking(tracker), installSample());
    const reply = await relay.post('/observe/observables', [LISTED, NEW, DOMAIN, PRIVATE]);
    const text = await reply.text();
    expect([reply.status, validateAnswer(JSON.parse(text))]).toEqual([200, []]);
    const { verdicts, judgements, errors } = readAnswer(text);
    expect([verdicts, judgements]).toEqual([
      [LISTED.value, DOMAIN.value],
      [LISTED.value, DOMAIN.value],
    ]);
    expect(errors.map(({ type, code }) => `${type} ${code}`).sort()).toEqual([
      'fatal service unavailable',
      'warning service unavailable',
    ]);
    expect(errors.find(({ type }) => type === 'warning')?.message).toContain(
      'Live lookup failed; answered from the snapshot of 2018-01-31.',
    );
    expect(errors.find(({ type }) => type === 'fatal')?.message).toContain(NEW.value);
    expect(relay.logged().find(({ msg }) => msg.includes('the snapshot of 2018-01-31 is'))).toBeDefined();
  });

  test('is not healthy, whatever the snapshot knows', async () => {
    const tracker = await openTracker({ rootFault: { kind: 'status', status: 503 } });
    const relay = await startServe(asking(tracker), installSample());
    expect(await (await relay.post('/health', '')).json()).toMatchObject({ errors: [{ code: 'service unavailable' }] });
  });

  test('answers with errors alone where it is told to ask the live site only', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    const relay = await startServe([...asking(tracker), '--source', 'live'], installSample());
    const { verdicts, errors } = readAnswer(await (await relay.post('/observe/observables', [LISTED])).text());
    expect([verdicts, errors.length]).toEqual([undefined, 1]);
  });

  test('remembers no answer of the snapshot: the tracker is asked again', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    const relay = await startServe(asking(tracker), installSample());
    await (await relay.post('/observe/observables', [LISTED])).text();
    tracker.set({ faultEverywhere: undefined });
    expect(readAnswer(await (await relay.post('/observe/observables', [LISTED])).text())).toMatchObject({
      verdicts: undefined,
      errors: [],
    });
    expect(tracker.lookups()).toHaveLength(2);
  });
});

describe('a relay that answers from a snapshot', () => {
  test('answers about domains and private addresses too, and links to no search that would tell of them', async () => {
    const relay = await startServe(['--snapshot', 'sample']);
    const answer = readAnswer(await (await relay.post('/observe/observables', [DOMAIN, PRIVATE])).text());
    expect(answer).toEqual({ verdicts: ['panel.example'], judgements: ['panel.example'], errors: [] });
    const links = JSON.stringify(await (await relay.post('/refer/observables', [DOMAIN, PRIVATE])).json());
    expect([links.includes('search=panel.example'), links.includes('10.0.0.8')]).toEqual([true, false]);
  });
});

describe('a relay with exclusions', () => {
  test('neither asks about them nor links to a search for them', async () => {
    const tracker = await openTracker({ listings: { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony' } });
    const file = writeTempFile('own.txt', 'panel.example\n');
    const relay = await startServe([...asking(tracker), '--exclude', file]);
    expect(await (await relay.post('/observe/observables', [LISTED])).text()).toBe('{"data":{}}\n');
    expect(await (await relay.post('/refer/observables', [LISTED])).text()).toBe('{"data":[]}\n');
    expect(tracker.requests).toEqual([]);
  });
});

describe('the description of a relay', () => {
  test.each<[flags: string[], isInstalled: boolean, source: object]>([
    [[], true, { answers: 'auto', list_date: '2018-01-31' }],
    [[], false, { answers: 'auto', list_date: null }],
    [['--source', 'live'], true, { answers: 'live', list_date: null }],
    [['--offline'], true, { answers: 'snapshot', list_date: '2018-01-31' }],
    [['--snapshot', 'sample', '--source', 'auto'], false, { answers: 'auto', list_date: '2018-01-31' }],
  ])('names the source and the date of its list with %j, list installed: %s', async (flags, isInstalled, source) => {
    const relay = await startServe([...asking(await openTracker()), ...flags], isInstalled ? installSample() : {});
    const accept = (type: string) => fetch(`${relay.url}/`, { headers: { Accept: type } });
    expect(await (await accept('application/json')).json()).toMatchObject({ source, needs_token: false });
    expect(await (await accept('text/html')).text()).toMatch(/Answers come from .* Requests need no token\./);
  });
});
