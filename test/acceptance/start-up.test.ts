import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { cctCommand, spawnCct } from '../helpers/run-cct.ts';
import { NODE_24 } from './places.ts';

function timeMs(file: string, args: readonly string[]): number {
  const startedMs = performance.now();
  execFileSync(file, args);
  return performance.now() - startedMs;
}

test('the version is that of the package', async () => {
  const run = await spawnCct(['--version']).finished;
  expect(run).toEqual({ status: 0, signal: null, stdout: `cct ${packageJson.version}\n`, stderr: '' });
});

// Other tests run at the same time: so the best of many runs, with retries.
test('the version takes at most 1.3 times as long as the Node in it with nothing to do', { retry: 3 }, () => {
  const [file = '', ...before] = cctCommand;
  const node = before.length > 0 ? file : NODE_24;
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    bare.push(timeMs(node, ['-e', '0']));
    own.push(timeMs(file, [...before, '--version']));
  }
  expect(Math.min(...own) / Math.min(...bare)).toBeLessThanOrEqual(1.3);
});
