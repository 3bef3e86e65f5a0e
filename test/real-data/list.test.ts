import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenAnswers, soundAnswer } from '../helpers/broken-answers.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import type { Row } from './real-data.ts';
import { listPath, openContractSchema, readRows } from './real-data.ts';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

let home = '';
let rows: readonly Row[] = [];

/** Runs the real program with a data folder of its own, and without any way out to a network. */
async function cct(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, CCT_API_URL: 'http://127.0.0.1:9/' };
  const { stdout } = await run(process.execPath, ['bin/cct.js', ...args], { env, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

async function writeInput(name: string, observables: readonly { type: string; value: string }[]): Promise<string> {
  const path = join(home, name);
  await writeFile(path, observables.map((observable) => JSON.stringify(observable)).join('\n'));
  return path;
}

/** The status of each row of the ledger, counted. */
async function fatesOf(input: string): Promise<Record<string, number>> {
  const ledger = (await cct('observe', '--offline', '--format', 'ndjson', input)).trimEnd().split('\n');
  const counts: Record<string, number> = {};
  for (const line of ledger) {
    const { status } = JSON.parse(line) as { status: string };
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cct-real-data-'));
  rows = await readRows();
  await cct('snapshot', 'import', listPath);
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('the list of 2018', () => {
  test('is imported whole', async () => {
    const facts: unknown = JSON.parse(await cct('snapshot', 'info'));
    expect(rows).toHaveLength(11_665);
    expect(facts).toMatchObject({ date: '2018-01-14', entries: 11_665, origin: 'list-2018-01-20.tsv' });
  });

  test('lists every row by its url, and the one without by its address', async () => {
    const observables = rows.map(({ url, ip }) =>
      url === '' ? { type: 'ip', value: ip } : { type: 'url', value: `http://${url}` },
    );
    const distinct = new Set(observables.map(({ type, value }) => `${type} ${value}`)).size;
    expect(observables.filter(({ type }) => type === 'ip')).toHaveLength(1);
    expect(await fatesOf(await writeInput('rows.ndjson', observables))).toEqual({ listed: distinct });
  });

  test('lists none of 5,000 made-up observables', async () => {
    const madeUp = Array.from({ length: 5000 }, (_, index) =>
      index % 2 === 0
        ? { type: 'url', value: `http://host-${index}.example/panel/${index}.php` }
        : { type: 'ip', value: `203.0.${100 + (index % 20)}.${index % 256}` },
    );
    const distinct = new Set(madeUp.map(({ value }) => value)).size;
    expect(await fatesOf(await writeInput('made-up.ndjson', madeUp))).toEqual({ unlisted: distinct });
  });
});

describe("the platform's closed schema of a relay answer", () => {
  test('takes the answers about every row, as our own does', async () => {
    const validate = await openContractSchema();
    // In parts: to see that documents are a set, a validator compares each with each.
    const urls = rows.filter(({ url }) => url !== '').map(({ url }) => ({ type: 'url', value: url }));
    const parts = Array.from({ length: Math.ceil(urls.length / 400) }, (_, index) => urls.slice(index * 400, (index + 1) * 400));
    const verdicts: [boolean, string[]][] = [];
    for (const [index, part] of parts.entries()) {
      const mode = index % 2 === 0 ? 'observe' : 'deliberate';
      const answer: unknown = JSON.parse(await cct(mode, '--offline', await writeInput(`part-${index}.ndjson`, part)));
      verdicts.push([validate(answer), validateAnswer(answer)]);
    }
    expect(verdicts).toEqual(Array(30).fill([true, []]));
  });

  test('refuses what our own refuses, but for where ours is narrower on purpose', async () => {
    const validate = await openContractSchema();
    expect(validate(soundAnswer)).toBe(true);
    expect(brokenAnswers.length - onlyOursRefuses.length).toBeGreaterThan(50);
    expect(brokenAnswers.filter(({ answer }) => validateAnswer(answer).length === 0)).toEqual([]);
    expect(brokenAnswers.filter(({ answer }) => validate(answer)).map(({ why }) => why)).toEqual(onlyOursRefuses);
  });
});

/** CTIM allows these; cct never says them. Counts and the order of times no JSON Schema can tell. */
const onlyOursRefuses = [
  'data.verdicts.docs.0.disposition_name is missing',
  'data.verdicts.docs.0.valid_time.start_time is missing',
  'data.judgements.docs.0.valid_time.start_time is missing',
  'data.verdicts.docs.0.valid_time.end_time is missing',
  'data.judgements.docs.0.valid_time.end_time is missing',
  'data.judgements.docs.0.external_ids is missing',
  'data.judgements.docs.0.reason is missing',
  'data.judgements.docs.0.tlp is missing',
  'an observable of a type never asked',
  'an empty observable value',
  'a time with microseconds',
  'an end before the start',
  'a start before 1970',
  'an end after 2525',
  'a uri that is none',
  'a priority above that of a machine',
  'another schema version',
  'a count of more than there are',
  'a count of fewer than there are',
  'an error of another type',
];
