import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { runMain } from '../../helpers/run-cct.ts';
import { SAMPLE } from '../live.ts';

const pathOf = (file: string) => fileURLToPath(new URL(`../../vectors/files/${file}`, import.meta.url));
const pairs = z.array(z.tuple([z.string(), z.string()]));
const cases = z
  .array(z.object({ file: z.string(), want: pairs, why: z.string() }))
  .parse(JSON.parse(readFileSync(pathOf('cases.json'), 'utf8')));
const rowSchema = z.object({ observable: z.object({ type: z.string(), value: z.string() }) });

const FLAGS = ['--offline', ...SAMPLE, '--format', 'ndjson', '-v'];

/** The observables of ndjson output. */
function toPairs(stdout: string): [type: string, value: string][] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)).observable)
    .map(({ type, value }) => [type, value]);
}

test.each(cases)('$file: $why', async ({ file, want }) => {
  const { status, stdout, stderr } = await runMain(['observe', pathOf(file), ...FLAGS]);
  expect(toPairs(stdout)).toEqual(want);
  expect([status, stderr]).toEqual([0, expect.stringMatching(new RegExp(`^\\S+/${file}: .+, [\\d,]+ \\w+$`, 'm'))]);
});

test.each(cases)('$file in a pipe', async ({ file, want }) => {
  const bytes = readFileSync(pathOf(file));
  for (const size of [1, 3, 64, 1000]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
    const { stdout } = await runMain(['observe', ...FLAGS], { stdin: Readable.from(chunks) });
    expect([size, toPairs(stdout)]).toEqual([size, want]);
  }
});
