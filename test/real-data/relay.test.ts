import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { listPath, openContractSchema, readRows } from './real-data.ts';

const run = promisify(execFile);
const countedSchema = z.object({ data: z.object({ verdicts: z.optional(z.object({ count: z.number() })) }) });

let home = '';
let url = '';
let stop: () => void = () => undefined;

/** Starts the relay over the installed list, with no way out to a network; resolves to where it listens. */
async function startRelay(): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, CCT_API_URL: 'http://127.0.0.1:9/' };
  await run(process.execPath, ['bin/cct.js', 'snapshot', 'import', listPath], { env });
  const child = spawn(process.execPath, ['bin/cct.js', 'serve', '--offline', '--port', '0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  stop = () => void child.kill();
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the relay ended: ${said}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const address = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

async function ask(path: string, observables: readonly { type: string; value: string }[]): Promise<unknown> {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(observables) });
  expect(response.status).toBe(200);
  return response.json();
}

function verdictsIn(answer: unknown): number {
  return z.parse(countedSchema, answer).data.verdicts?.count ?? 0;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cct-real-data-'));
  url = await startRelay();
});

afterAll(async () => {
  stop();
  await rm(home, { recursive: true, force: true });
});

describe('the relay over the list of 2018', () => {
  test('answers about every row, in calls of the platform, as its schema asks', async () => {
    const validate = await openContractSchema();
    const urls = [...new Set((await readRows()).map((row) => row.url).filter((value) => value !== ''))];
    // As Inspect makes them: each url comes with its domain. No more than 1,000 observables a call.
    const observables = urls.flatMap((value) => [
      { type: 'url', value: `http://${value}` },
      { type: 'domain', value: value.split(/[/:]/)[0] ?? '' },
    ]);
    for (let at = 0; at < observables.length; at += 1000) {
      const call = observables.slice(at, at + 1000);
      const answer = await ask('/deliberate/observables', call);
      expect([validate(answer), validateAnswer(answer)]).toEqual([true, []]);
      // An address is no domain; every domain is the host of a row, and is answered once a call.
      const domains = new Set(call.filter(({ type, value }) => type === 'domain' && isIP(value) === 0).map(({ value }) => value));
      expect(verdictsIn(answer)).toBe(call.length / 2 + domains.size);
    }
  });

  test('answers about one observable a call at observe, and about one that it does not know', async () => {
    const validate = await openContractSchema();
    const some = (await readRows()).filter((row) => row.url !== '').slice(0, 200);
    const asked = [
      ...some.map((row) => ({ type: 'url', value: row.url })),
      { type: 'domain', value: 'panel.example' },
      { type: 'sha256', value: 'a'.repeat(64) },
      { type: 'URL', value: `https://${some[0]?.url ?? ''}` },
    ];
    const answers = await Promise.all(asked.map((observable) => ask('/observe/observables', [observable])));
    expect(answers.map((answer) => [validate(answer), validateAnswer(answer), verdictsIn(answer)])).toEqual(
      asked.map(({ type }) => [true, [], type.toLowerCase() === 'url' ? 1 : 0]),
    );
  });
});
