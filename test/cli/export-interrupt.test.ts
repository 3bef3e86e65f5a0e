import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openTempDir, startMain } from '../helpers/run-cct.ts';

const TURNS = [0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 70, 100];

/** Interrupts an export after some turns of the event loop. */
async function interruptAfter(turns: number, format: string) {
  const dir = openTempDir();
  const output = join(dir, 'list');
  const run = startMain(['snapshot', 'export', '--snapshot', 'sample', '-f', format, '--all', '--output', output]);
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  run.stop('SIGTERM');
  const { status, stdout, stderr } = await run.finished;
  return { status, stdout, stderr, names: readdirSync(dir), output };
}

describe('an interrupted export', () => {
  test.each(['domain', 'misp'])('as %s leaves nothing, or the whole of it', async (format) => {
    const seen = new Set<string>();
    for (const turns of TURNS) {
      const { status, stdout, stderr, names, output } = await interruptAfter(turns, format);
      expect(stdout).toBe('');
      const isWritten = names.length > 0;
      seen.add(isWritten ? 'written' : stderr);
      expect(names).toEqual(isWritten ? ['list'] : []);
      // A run that was over before has its own status.
      expect(isWritten ? [0, 143] : [143]).toContain(status);
      if (!isWritten) expect(stderr).toBe('cct: interrupted: nothing was written\n');
      else if (format === 'domain') expect(readFileSync(output, 'utf8')).toMatch(/xn--bcher-kva\.example\n$/);
    }
    expect(seen).toContain('cct: interrupted: nothing was written\n');
  });
});
