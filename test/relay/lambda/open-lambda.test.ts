import { expect, test } from 'vitest';
import { openLambda } from '../../../src/relay/lambda/open-lambda.ts';
import { functionUrlEvent } from '../../helpers/lambda-events.ts';
import { FIXED_NOW, readAnswer } from '../../helpers/run-cct.ts';
import { openTracker } from '../../cli/live.ts';
import { HS256_SECRET } from '../../helpers/tokens.ts';

const context = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => 30_000 };

async function open(env: Readonly<Record<string, string>>) {
  const lines: string[] = [];
  const io = { env, now: () => FIXED_NOW, monotonicMs: () => performance.now(), random: () => 0.5, userId: undefined };
  const handler = await openLambda({ io, version: '1.2.3', write: (text) => lines.push(text) });
  return { handler, logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('settings come from the environment, and answers are cached between invocations', async () => {
  const tracker = await openTracker({ listings: { '198.51.100.60': 'Malicious: Pony' } });
  const { handler, logged } = await open({ CCT_API_URL: tracker.url, CCT_ALLOW_ANONYMOUS: '1' });
  const event = functionUrlEvent({ path: '/deliberate/observables', body: [{ type: 'ip', value: '198.51.100.60' }] });
  const answers = [await handler(event, context), await handler(event, context)];
  expect(answers.map(({ body }) => readAnswer(body).verdicts)).toEqual([['198.51.100.60'], ['198.51.100.60']]);
  expect(tracker.lookups()).toHaveLength(1);
  expect(logged().map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'AWS Lambda is reachable by others, and there is no authentication: anyone can send requests'],
    ['info', 'ready on AWS Lambda · no authentication'],
    ['info', 'request'],
    ['info', 'request'],
  ]);
});

test('with a secret, a token is required', async () => {
  const { handler } = await open({ CCT_SNAPSHOT: 'sample', CCT_JWT_SECRET: HS256_SECRET });
  const { body } = await handler(functionUrlEvent({ path: '/health' }), context);
  expect(readAnswer(body).errors.map(({ code }) => code)).toEqual(['authorization error']);
});

test.each([
  [
    {},
    'AWS Lambda is reachable by others, and no authentication is set: give CCT_JWT_SECRET_FILE or CCT_JWKS_HOST, or allow it with CCT_ALLOW_ANONYMOUS',
  ],
  [
    { CCT_JWKS_HOST: 'keys.example' },
    "CCT_JWKS_HOST requires CCT_AUDIENCE: the relay's public origin, e.g. https://relay.example",
  ],
  [
    { CCT_AUDIENCE: 'https://relay.example' },
    'CCT_AUDIENCE has no effect without a secret (CCT_JWT_SECRET_FILE) or CCT_JWKS_HOST',
  ],
  [
    { CCT_ALLOW_ANONYMOUS: '1', CCT_OFFLINE: '1', CCT_SOURCE: 'live' },
    'CCT_OFFLINE and CCT_SOURCE live cannot be used together: give only one',
  ],
  [{ CCT_JWT_SECRET: '' }, 'CCT_JWT_SECRET is set, but empty: give it a value, or unset it'],
  [{ CCT_TIMEOUT: 'x' }, 'CCT_TIMEOUT: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got "x"'],
])('it does not start with %j', async (env, message) => {
  await expect(open({ CCT_SNAPSHOT: 'sample', ...env })).rejects.toMatchObject({ code: 'usage', message });
});
