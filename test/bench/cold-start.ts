import { spawnSync } from 'node:child_process';
import { functionUrlEvent } from '../helpers/lambda-events.ts';
import type { Figure } from './figures.ts';
import { median, timeMs } from './figures.ts';

const RUNS = 15;
const SECRET = 'a secret of thirty-two bytes, or so';
const BARE = `export const handler = async () => ({ statusCode: 200, headers: {}, body: '{}', isBase64Encoded: false });`;

/** Loads a handler as Lambda does, and has it answer one event with 200. */
function answerOnce(from: string): void {
  const event = JSON.stringify(functionUrlEvent({ path: '/version' }));
  const code = `const { handler } = await import(${JSON.stringify(from)});
    const { statusCode } = await handler(${event}, { awsRequestId: 'i1', getRemainingTimeInMillis: () => 30000 });
    if (statusCode !== 200) process.exitCode = 1;`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { CCT_JWT_SECRET: SECRET, CCT_SOURCE: 'live' },
  });
  if (status !== 0) throw new Error(`${from} ended with ${String(status)}: ${stderr.toString()}`);
}

/** The time from nothing to the first answer of the handler for AWS Lambda, against that of a handler that does nothing. */
export async function measureColdStart(): Promise<Figure> {
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < RUNS; round += 1) {
    bare.push(await timeMs(() => answerOnce(`data:text/javascript,${encodeURIComponent(BARE)}`)));
    own.push(await timeMs(() => answerOnce(new URL('dist/lambda.mjs', `file://${process.cwd()}/`).href)));
  }
  const [ownMs, bareMs] = [median(own), median(bare)];
  return {
    what: 'lambda: cold start and first answer',
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `bare handler: ${bareMs.toFixed(0)} ms`,
    ratio: ownMs / bareMs,
    limit: 8,
    isBetterHigh: false,
  };
}
