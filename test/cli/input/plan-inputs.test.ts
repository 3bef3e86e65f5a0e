import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { planInputs } from '../../../src/cli/input/plan-inputs.ts';
import type { Inputs } from '../../../src/cli/input/read-inputs.ts';
import type { Session } from '../../../src/cli/session.ts';
import { resolveConfig } from '../../../src/config.ts';
import { CctError } from '../../../src/core/errors.ts';

test('a stream that breaks while its first burst is looked up breaks after it', async () => {
  const broken = new CctError('input', 'stdin:2: broken');
  let hasBurst = false;
  async function* batches() {
    // Without a pause, so that the burst ends after a second.
    while (!hasBurst) {
      yield { findings: [{ type: 'ip', value: '192.0.2.1' }], isPrivate: false };
      await nextTurn();
    }
    throw broken;
  }
  const session = { config: resolveConfig({}, {}).config } as Session;
  const inputs = { isStream: true, batches } as unknown as Inputs;
  const rules = { includePrivate: false };
  const plans = planInputs(session, inputs, { rules, source: 'live' })[Symbol.asyncIterator]();
  const burst = await plans.next();
  hasBurst = true;
  expect([...(burst.value as Iterable<unknown>)]).toMatchObject([{ question: { key: '192.0.2.1' } }]);
  // Node would report a rejection that nothing handles.
  for (let turn = 0; turn < 3; turn += 1) await nextTurn();
  await expect(plans.next()).rejects.toBe(broken);
});
