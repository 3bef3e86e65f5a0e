import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { answerRows } from './faults/answer-rows.ts';
import type { AnswerRow } from './faults/rows.ts';
import { serverRows } from './faults/place-rows.ts';
import { canBeHere, openServer } from './faults/place.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import type { FakeTracker } from './helpers/fake-tracker.ts';
import { readCertificate } from './helpers/certificates.ts';
import { validateAnswer } from './helpers/relay-schema.ts';
import { runMain } from './helpers/run-cct.ts';

/*
 * What becomes of one bad answer among good ones, through the whole program: of three observables the middle one meets the fault.
 * The others must be answered, the faulty one must be failed with its code, and nothing may be unlisted that is not.
 */

let tracker: FakeTracker | undefined;
afterEach(() => tracker?.close());

const LISTED = '198.51.100.60';
const FAULTY = '198.51.100.66';
const UNLISTED = '192.0.2.1';
const VALUES = [LISTED, FAULTY, UNLISTED].flatMap((ip) => ['--ip', ip]);

/** A short timeout only where nothing else ends the fault: a machine that is busy must not look like one. */
const toSettings = ({ ends }: Pick<AnswerRow, 'ends'>) => ['--timeout', ends === 'timeout' ? '400ms' : '15s', '--retries', '0'];

const faults = answerRows.filter(({ becomes }) => becomes === 'failed');

interface Answer {
  readonly data: { readonly verdicts: { readonly docs: readonly { readonly observable: { readonly value: string } }[] } };
  readonly errors: readonly { readonly type: string; readonly code: string; readonly message: string }[];
}

describe('of three observables, the one that is answered with', () => {
  test.each(faults)('$what is failed, and the others are answered', async (row) => {
    const { fault, code, message } = row;
    tracker = await startFakeTracker({ listings: { [LISTED]: 'Malicious: Pony' }, faults: { [FAULTY]: fault } });
    const run = await runMain(['observe', '--api-url', tracker.url, ...toSettings(row), ...VALUES]);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(run.status).toBe(3);
    expect(validateAnswer(answer)).toEqual([]);
    expect(answer.data.verdicts.docs.map(({ observable }) => observable.value)).toEqual([LISTED]);
    expect(answer.errors).toEqual([{ type: 'fatal', code, message: expect.stringMatching(message) as unknown }]);
    expect(answer.errors[0]?.message).toMatch(new RegExp(`: ${FAULTY.replaceAll('.', '\\.')}$`));
    expect(run.stderr).toContain('3 observables: 1 listed, 1 unlisted, 1 failed');
  });

  test('1 GiB costs no more than its first megabytes', async () => {
    tracker = await startFakeTracker({ faults: { [FAULTY]: 'huge' } });
    await runMain(['observe', '--api-url', tracker.url, ...toSettings({ ends: 'at once' }), ...VALUES]);
    expect(tracker.hugeBytesWritten).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('when the tracker as a whole', () => {
  const wholes = serverRows.filter((row) => row.becomes === 'failed' && canBeHere(row));

  test.each(wholes)('has $what, nothing is answered', async (row) => {
    const place = await openServer(row);
    onTestFinished(() => place.close());
    const run = await runMain(['observe', '--api-url', place.url, ...toSettings(row), ...VALUES]);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(run.status).toBe(4);
    expect(validateAnswer(answer)).toEqual([]);
    const message = expect.stringMatching(row.message) as unknown;
    expect(answer).toEqual({ errors: [{ type: 'fatal', code: row.code, message }] });
  });

  test.each(['self-signed', 'expired', 'other-host'] as const)('has a certificate that is %s, nothing is asked', async (name) => {
    tracker = await startFakeTracker({}, readCertificate(name));
    const run = await runMain(['observe', '--api-url', tracker.url, ...toSettings({ ends: 'at once' }), ...VALUES]);
    expect([run.status, tracker.requests]).toEqual([4, []]);
  });
});

describe('a family', () => {
  test.each([
    ['with terminal escapes', '\u001b]0;x\u0007\u009b31m'],
    ['that is a formula', '=cmd()'],
    ['10 kB long', 'A'.repeat(10_000)],
  ])('%s is safe in every format', async (_what, family) => {
    tracker = await startFakeTracker({ listings: { [LISTED]: `Malicious: ${family}` } });
    const ask = async (format: string) =>
      (await runMain(['observe', '--api-url', tracker?.url ?? '', '--ip', LISTED, '--format', format])).stdout;
    const [json, ndjson, table, csv] = await Promise.all([ask('json'), ask('ndjson'), ask('table'), ask('csv')]);
    expect(validateAnswer(JSON.parse(json))).toEqual([]);
    expect([json, ndjson, table, csv].join('').replace(/[\r\n]/g, '')).not.toMatch(/\p{Cc}/u);
    expect(csv).not.toMatch(/(?:^|,)"?[=+@-]/m);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThan(200);
  });
});

describe('a key', () => {
  test.each([
    'evil.example/r?u=http://good.example/x',
    'panel.example/x?a=1&b=2',
    'panel.example/x#frag',
    'bücher.example/ä?ö=ü',
    'panel.example/a b/c%20d',
    "panel.example/a+b'(c)",
  ])('is asked whole, with the challenge on: %s', async (key) => {
    tracker = await startFakeTracker({ listings: { [key]: 'Malicious: Pony' }, challenge: 'on' });
    const run = await runMain(['observe', '--api-url', tracker.url, '--url', `http://${key}`]);
    expect(run.status).toBe(0);
    expect([...new Set(tracker.lookups().map((request) => request.key))]).toEqual([key]);
    expect((JSON.parse(run.stdout) as Answer).data.verdicts.docs.map(({ observable }) => observable.value)).toEqual([
      `http://${key}`,
    ]);
  });
});
