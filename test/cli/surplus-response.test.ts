import { expect, test } from 'vitest';
import { openTempDir, readRows, runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { startSurplusTracker } from '../helpers/surplus-tracker.ts';

const URLS = ['good.example/1', 'bad.example/2', 'good.example/3', 'bad.example/4', 'good.example/5'];
const FAMILIES = ['bad.example/2', 'bad.example/4'];

/** The families of the Judgements in an answer. */
function familiesOf(json: string): string[] {
  return [...json.matchAll(/"reason":\s*"Malicious: ([^"]*)"/g)].map(([, family = '']) => family);
}

test.each([
  ['json', 'Unknown url'],
  ['json', 'Malicious: surplus'],
  ['table', 'Unknown url'],
])('a response too many shifts no answer that is printed at the end: %s, %s', async (format, message) => {
  const tracker = await startSurplusTracker({ beforeAnswer: 2, message, latencyMs: 20 });
  const env = { XDG_CACHE_HOME: openTempDir() };
  const args = ['observe', '--source', 'live', '--api-url', tracker.url, '--concurrency', '1', '--format', format];
  const run = await runMain(args, { stdin: URLS.join('\n'), env });
  expect(run.status).toBe(0);
  expect(run.stderr).toContain('2 listed, 3 unlisted');
  if (format === 'json') expect(familiesOf(run.stdout)).toEqual(FAMILIES);
  else expect(run.stdout).not.toContain('surplus');

  // What is in the cache are the answers of the second time.
  const asked = tracker.keys.length;
  const again = await runMain([...args.slice(0, -1), 'ndjson'], { stdin: URLS.join('\n'), env });
  expect(readRows(again.stdout)).toEqual(URLS.map((url) => `${url.includes('bad') ? 'listed' : 'unlisted'} url ${url}`));
  expect(tracker.keys.length).toBe(asked);
});

test('a response too many shifts no answer of a relay that is not sent yet, nor what it keeps in memory', async () => {
  const tracker = await startSurplusTracker({ beforeAnswer: 2, message: 'Unknown url', latencyMs: 20 });
  const relay = await startServe(['--source', 'live', '--api-url', tracker.url, '--concurrency', '1']);
  const post = async (urls: readonly string[]) => {
    const body = JSON.stringify(urls.map((value) => ({ type: 'url', value })));
    const response = await fetch(`${relay.url}/observe/observables`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    return familiesOf(await response.text());
  };
  await post(URLS.slice(0, 2));
  // The answer that the surplus pushed out arrives while the connection is idle.
  await expect.poll(() => tracker.sockets[0]?.destroyed, { timeout: 5_000 }).toBe(true);
  expect(await post(URLS)).toEqual(FAMILIES);
});
