import { describe, expect, test } from 'vitest';
import { createAllowance } from '../../src/cli/input/allowance.ts';
import type { Plan } from '../../src/core/lookups/plan.ts';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE, writeTempFile } from './live.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const toIp = (at: number) => `198.51.100.${at}`;
const toEve = (ips: number, urls = 0) =>
  [
    ...numbers(ips).map((at) => ({ dest_ip: toIp(at) })),
    ...numbers(urls).map((at) => ({ http: { hostname: 'panel.example', url: `/${at}` } })),
  ]
    .map((fields) => `${JSON.stringify({ timestamp: 'x', event_type: 'flow', ...fields })}\n`)
    .join('');
const toMail = (urls: number) =>
  ['From: a@drop.example', 'Subject: x', '', ...numbers(urls).map((at) => `http://panel.example/${at}`), ''].join('\n');

const ADVICE =
  'from logs or mail would be sent to the site and may be private. ' +
  'List them with --dry-run, look them up in a snapshot with --offline, or pass --yes';

describe('more than 100 lookups of logs or mail at the public site are refused before the first:', () => {
  test.each<[what: string, content: string, counts: string]>([
    ['addresses of EVE', toEve(101), '101 addresses'],
    ['addresses and URLs of EVE', toEve(100, 1), '100 addresses and 1 URL'],
    ['URLs of mail', toMail(101), '101 URLs'],
  ])('%s', async (_what, content, counts) => {
    const wanted = complaint(`${counts} ${ADVICE}`);
    expect(await runMain(['observe', writeTempFile('a.log', content)])).toEqual(wanted);
    expect(await runMain(['observe'], { stdin: content })).toEqual(wanted);
    expect(
      await runMain(['observe', '--source', 'auto', '--api-url', 'https://cybercrime-tracker.net/'], { stdin: content }),
    ).toEqual(wanted);
  });

  test('of several files together', async () => {
    const files = [writeTempFile('a.json', toEve(60)), writeTempFile('b.eml', toMail(41))];
    expect(await runMain(['observe', ...files])).toEqual(complaint(`60 addresses and 41 URLs ${ADVICE}`));
  });
});

describe('they need no word', () => {
  test.each<[where: string, args: string[]]>([
    ['at another address', []],
    ['at another address with --yes', ['--yes']],
    ['in a snapshot', SAMPLE.slice()],
  ])('%s', async (_where, args) => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', ...args], { stdin: toEve(101) });
    expect([run.status, readRows(run.stdout).length]).toEqual([0, 101]);
  });

  test('in a dry run, which prints them', async () => {
    const run = await runMain(['observe', '--dry-run'], { stdin: toEve(101) });
    expect([run.status, run.stdout.split('\n').length - 1]).toEqual([0, 101]);
  });
});

describe('the allowance', () => {
  const toPlan = (type: 'ip' | 'url' | 'domain', key: string): Plan => ({
    observable: { type, value: key },
    question: { type, key },
  });

  test('is 100 of records, each counted once, without domains and what is skipped', () => {
    const allowance = createAllowance();
    for (const at of [...numbers(100), ...numbers(100)]) allowance.add(toPlan('ip', toIp(at)), true);
    for (const at of numbers(200)) allowance.add(toPlan('domain', `${at}.example`), true);
    allowance.add({ observable: { type: 'ip', value: '10.0.0.8' }, skip: 'private', detail: 'x' }, true);
    expect(allowance.isExceeded()).toBe(false);
    allowance.add(toPlan('url', 'panel.example/'), true);
    expect(allowance.isExceeded()).toBe(true);
    expect(allowance.toError({ isWhole: false }).message).toBe(`at least 100 addresses and 1 URL ${ADVICE}`);
  });

  test('is 1,000 of lists', () => {
    const allowance = createAllowance();
    for (const at of numbers(1000)) allowance.add(toPlan('url', `panel.example/${at}`), false);
    expect(allowance.isExceeded()).toBe(false);
    allowance.add(toPlan('ip', '192.0.2.1'), false);
    expect(allowance.isExceeded()).toBe(true);
    expect(allowance.toError({ isWhole: true }).message).toMatch(/^1,001 lookups would overload the site/);
  });

  test('is not used by lists where records follow', () => {
    const allowance = createAllowance();
    for (const at of numbers(500)) allowance.add(toPlan('ip', `192.0.2.${at}`), false);
    for (const at of numbers(100)) allowance.add(toPlan('ip', toIp(at)), true);
    expect(allowance.isExceeded()).toBe(false);
  });
});
