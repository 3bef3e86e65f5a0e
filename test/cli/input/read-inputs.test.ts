import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InputsOptions } from '../../../src/cli/input/read-inputs.ts';
import { openInputs } from '../../../src/cli/input/read-inputs.ts';

let directory = '';
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'cct-inputs-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, lines: number): string {
  const path = join(directory, name);
  writeFileSync(path, 'http://panel.example/a\n'.repeat(lines));
  return path;
}

const open = (options: Partial<InputsOptions>) =>
  openInputs({
    format: 'auto',
    encoding: undefined,
    columns: [],
    fields: [],
    given: [],
    openStdin: () => expect.unreachable(),
    signal: new AbortController().signal,
    report: { note: () => undefined, detail: () => undefined, passOver: () => undefined },
    ...options,
  });

test.each([false, true])('the bytes that were read are those of all inputs at the end; with counts %s', async (countsStreams) => {
  const values = [{ type: 'ip', value: '192.0.2.1' }];
  const given = [{ path: write('short', 10) }, { values }, { path: write('long', 1_000) }];
  const inputs = await open({ given, countsStreams, maxCheckedBytes: 1_000 });
  expect(inputs.isStream).toBe(true);
  let found = 0;
  for await (const { findings } of inputs.batches()) found += findings.length;
  expect(found).toBeGreaterThan(1);
  expect(inputs.progress).toEqual({ readBytes: 1_010 * 23, totalBytes: 1_010 * 23 });
});
