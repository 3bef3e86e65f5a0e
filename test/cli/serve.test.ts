import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { at } from '../helpers/openapi.ts';
import { withoutTimes } from '../helpers/example-room.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { like, readAnswer, runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, openTracker, toJson, writeTempFile, SAMPLE } from './live.ts';

describe('the relay and the command line', () => {
  test.each(['observe', 'deliberate'])('give the same but for times, in the same order: %s', async (mode) => {
    const everything = parseSnapshot(sampleSnapshotText).entries.flatMap(({ url, ip }) => [
      { type: 'url', value: `https://${url}` },
      ...(ip === '' ? [] : [{ type: 'ip', value: ip }]),
    ]);
    const asked = JSON.stringify([...(JSON.parse(readFileSync('observables.json', 'utf8')) as unknown[]), ...everything]);
    const relay = await startServe(SAMPLE);
    const [response, run] = await Promise.all([
      relay.post(`/${mode}/observables`, asked),
      runMain([mode, '-q', ...SAMPLE], { stdin: asked, now: () => new Date() }),
    ]);
    const text = await response.text();
    expect(withoutTimes(text)).toBe(`${JSON.stringify(JSON.parse(withoutTimes(run.stdout)))}\n`);
    expect(validateAnswer(JSON.parse(text))).toEqual([]);
    expect(readAnswer(text).verdicts?.length).toBeGreaterThan(8);
  });

  test('tell the same failures', async () => {
    const down = { kind: 'status', status: 500 } as const;
    const faults = { '192.0.2.1': down, 'a.example/x': 'html', '192.0.2.2': down } as const;
    const tracker = await openTracker({ listings: { '198.51.100.60': 'Malicious: Pony' }, faults });
    const ips = ['198.51.100.60', '192.0.2.1', '192.0.2.2', '10.0.0.8'].map((ip) => ['ip', ip] as const);
    const asked = toJson(...ips, ['url', 'http://a.example/x']);
    const relay = await startServe(asking(tracker));
    const [response, run] = await Promise.all([
      relay.post('/observe/observables', asked),
      runMain(['observe', '-q', ...asking(tracker)], { stdin: asked, now: () => new Date() }),
    ]);
    const text = await response.text();
    expect(withoutTimes(text)).toBe(`${JSON.stringify(JSON.parse(withoutTimes(run.stdout)))}\n`);
    expect(readAnswer(text).errors.map(({ code }) => code)).toEqual(['service unavailable', 'key error']);
  });
});

describe('cct serve', () => {
  test('answers from the live tracker, and asks it exactly what was meant', async () => {
    const value = 'http://panel.example/r?u=http://good.example/x&b=2#frag';
    const tracker = await openTracker({ listings: { [value.slice(7)]: 'Malicious: Pony' } });
    const relay = await startServe(asking(tracker));
    const text = await (await relay.post('/observe/observables', [{ type: 'url', value }])).text();
    expect(readAnswer(text)).toEqual({ verdicts: [value], judgements: [value], errors: [] });
    expect(tracker.lookups().map(({ key }) => key)).toEqual([value.slice(7)]);
  });

  test('asks a snapshot about what is private, and the tracker only when it is told to', async () => {
    const tracker = await openTracker();
    const relays = [
      await startServe(SAMPLE),
      await startServe(asking(tracker)),
      await startServe([...asking(tracker), '--include-private']),
    ];
    for (const relay of relays) await relay.post('/observe/observables', [{ type: 'ip', value: '10.0.0.8' }]);
    expect(relays.map((relay) => relay.logged().at(-1))).toMatchObject([{ unlisted: 1 }, { skipped: 1 }, { unlisted: 1 }]);
    expect(tracker.lookups().map(({ key }) => key)).toEqual(['10.0.0.8']);
  });

  test('gives a request 25 seconds', async () => {
    const wait = (seconds: number) => ({ kind: 'status', status: 503, retryAfter: seconds }) as const;
    const tracker = await openTracker({ faults: { '192.0.2.1': wait(14), '192.0.2.2': wait(16) } });
    const nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(['--api-url', tracker.url, '--retries', '1', '-v'], { now: () => new Date(nowMs) });
    // A wait behind which no attempt of 10 s fits is not begun.
    const late = await relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.2' }]);
    expect(readAnswer(await late.text()).errors).toMatchObject([{ message: like(/503/) }]);
    const leaving = new AbortController();
    const early = relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }], { signal: leaving.signal });
    await relay.said(/retrying in 14,000 ms/);
    leaving.abort();
    await early.catch(() => undefined);
  });

  test('serves from a snapshot that is old, and says so once', async () => {
    const file = writeTempFile('list.tsv', sampleSnapshotText);
    const relay = await startServe(['--snapshot', file]);
    expect(relay.logged()[0]).toMatchObject({ level: 'info', msg: like(/^the snapshot of 2018-01-31 is [\d,]+ days old;/) });
  });

  test('answers as the examples of its OpenAPI document say', async () => {
    const down = { kind: 'status', status: 503 } as const;
    const relay = await startServe(asking(await openTracker({ faultEverywhere: down, rootFault: down })));
    const document: unknown = await (await fetch(`${relay.url}/openapi.json`)).json();
    const exampleOf = (path: string, method: string, name: string) =>
      at(document, ['paths', path, method, 'responses', '200', 'content', 'application/json', 'examples', name, 'value']);
    const operation = ['paths', '/deliberate/observables', 'post'];
    const content = ['requestBody', 'content', 'application/json', 'examples', 'observables', 'value'];
    const observables = at(document, [...operation, ...content]);
    const answers: [answer: Promise<Response>, example: unknown][] = [
      [relay.post('/deliberate/observables', observables), exampleOf('/deliberate/observables', 'post', 'failed')],
      [relay.post('/health', ''), exampleOf('/health', 'post', 'failed')],
      [relay.post('/refer/observables', '{'), exampleOf('/refer/observables', 'post', 'refused')],
      [fetch(`${relay.url}/watchdog`), exampleOf('/watchdog', 'get', 'missing')],
    ];
    for (const [answer, example] of answers) expect(await (await answer).json()).toEqual(example);
  });
});
