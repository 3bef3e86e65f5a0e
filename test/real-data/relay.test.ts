import { spawn } from 'node:child_process';
import { isIP } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { validateAnswer } from '../helpers/relay-schema.ts';
import type { Asked } from './real-data.ts';
import { listPath, openContractSchema, openHome, readRows } from './real-data.ts';

const countedSchema = z.object({ data: z.object({ verdicts: z.optional(z.object({ count: z.number() })) }) });

/** Starts the relay over the installed list until the test ends; returns what sends it observables. */
async function startRelay() {
  const { cct, env } = await openHome();
  await cct('snapshot', 'import', listPath);
  const args = ['bin/cct.js', 'serve', '--offline', '--port', '0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill());
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the relay ended: ${said}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const address = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  const validate = await openContractSchema();
  /** The number of Verdicts about these observables, in a valid answer. */
  return async (path: string, observables: readonly Asked[]): Promise<number> => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(observables) });
    const answer: unknown = await response.json();
    expect([response.status, validate(answer), validateAnswer(answer)]).toEqual([200, true, []]);
    return z.parse(countedSchema, answer).data.verdicts?.count ?? 0;
  };
}

describe('the relay over the list of 2018', () => {
  test('answers about each row, in calls of the platform, as its schema requires', async () => {
    const countVerdicts = await startRelay();
    const urls = [...new Set((await readRows()).map((row) => row.url).filter((value) => value !== ''))];
    // As Inspect does: each url comes with its domain, at most 1,000 observables a call.
    const observables = urls.flatMap((value) => [
      { type: 'url', value: `http://${value}` },
      { type: 'domain', value: value.split(/[/:]/)[0] ?? '' },
    ]);
    for (let at = 0; at < observables.length; at += 1000) {
      const call = observables.slice(at, at + 1000);
      // An address is no domain; each domain is the host of a row, and is answered once a call.
      const domains = new Set(call.filter(({ type, value }) => type === 'domain' && isIP(value) === 0).map(({ value }) => value));
      expect(await countVerdicts('/deliberate/observables', call)).toBe(call.length / 2 + domains.size);
    }
  });

  test('answers about one observable a call at observe, and about unlisted and unsupported ones', async () => {
    const countVerdicts = await startRelay();
    const some = (await readRows()).filter((row) => row.url !== '').slice(0, 200);
    const asked = [
      ...some.map((row) => ({ type: 'url', value: row.url })),
      { type: 'domain', value: 'panel.example' },
      { type: 'sha256', value: 'a'.repeat(64) },
      { type: 'URL', value: `https://${some[0]?.url ?? ''}` },
    ];
    const counts = await Promise.all(asked.map((observable) => countVerdicts('/observe/observables', [observable])));
    expect(counts).toEqual(asked.map(({ type }) => (type.toLowerCase() === 'url' ? 1 : 0)));
  });
});
