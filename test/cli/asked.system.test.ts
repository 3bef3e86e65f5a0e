import { expect, test } from 'vitest';
import { startFakeProxy } from '../helpers/fake-proxy.ts';
import { like, spawnCct } from '../helpers/run-cct.ts';

test('more than 1,000 lookups at the public site send nothing', async () => {
  const ips = Array.from({ length: 1001 }, (_, at) => `198.51.${100 + Math.floor(at / 250)}.${at % 250}`).join('\n');
  const proxy = await startFakeProxy();
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url };
  // A single lookup shows that the proxy would see it. It refuses to pass it on.
  const one = await spawnCct(['observe', '--retries', '0', '--ip', '192.0.2.1'], { env }).finished;
  const seenOfOne = [...proxy.requests];
  const many = await spawnCct(['observe', '--retries', '0'], { env, stdin: ips }).finished;
  const seenOfMany = proxy.requests.slice(seenOfOne.length);
  await proxy.close();
  expect([one.status, seenOfOne]).toEqual([4, [{ method: 'CONNECT', target: 'cybercrime-tracker.net:443' }]]);
  expect([many.status, many.stdout, many.stderr, seenOfMany]).toEqual([
    2,
    '',
    like(/^cct: 1,001 lookups would overload the site/),
    [],
  ]);
});
