import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { detectType } from '../../src/text/detect-type.ts';
import { extractObservables } from '../../src/text/extract.ts';
import { refang } from '../../src/text/refang.ts';
import { resolveConfig, resolveServeConfig } from '../../src/config.ts';
import { CctError } from '../../src/core/errors.ts';
import { parseExclusions } from '../../src/core/observables/exclusions.ts';
import { triage } from '../../src/core/observables/observable.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot/matching.ts';
import { parseList } from '../../src/tracker/lists/list-detect.ts';
import { testCostly } from './cases.ts';
import { MOST_GROWTH, toShortGrowth } from './growth.ts';

// URL parsers take quadratic time for distinct letters. Ideographs without a mapping: the basic block, then extension B.
const BASIC = { first: 0x4e00, count: 20_000 };
const EXTENSION_B = { first: 0x20000, count: 42_000 };

function distinctLetters(length: number): string {
  const basic = Math.min(length, BASIC.count);
  const beyond = Math.floor((length - basic) / 2);
  const toLetter = (at: number) =>
    String.fromCodePoint(at < basic ? BASIC.first + at : EXTENSION_B.first + ((at - basic) % EXTENSION_B.count));
  return Array.from({ length: basic + beyond }, (_, at) => toLetter(at)).join('');
}

const tableHead = "<table><tr class='TableHeader'><td>-::DATE</td><td>-::URL</td><td>-::IP</td><td>-::TYPE</td></tr>";

const surfaces: Readonly<Record<string, (host: string) => unknown>> = {
  'a url': (host) => triage({ type: 'url', value: `http://${host}/` }),
  'a url with a user': (host) => triage({ type: 'url', value: `http://me@${host}/` }),
  'a url, behind an @': (host) => triage({ type: 'url', value: `http://panel.example#@${host}` }),
  'a domain': (host) => triage({ type: 'domain', value: host }, { asksDomains: true }),
  'a line of text': (host) => extractObservables(`see http://${host}/x and hxxp://${host}[.]example and ${host}.example`),
  'a value without a type': (host) => detectType(`${host}.example/x`),
  'a defanged value': (host) => refang(`hxxp://${host}[.]example`),
  'an exclusion': (host) => parseExclusions(`${host}.example`, 'own.txt'),
  'all.php': (host) => parseList(`a.example/x\n${host}.example/x`, 'list'),
  'index.php': (host) =>
    parseList(`${tableHead}<tr><td>01-01-2018</td><td>${host}/x</td><td></td><td>x</td></tr></table>`, 'list'),
  'a tab-separated list': (host) => parseList(`date\turl\tip\tfamily\n01-01-2018\t${host}/x\t192.0.2.1\tx\n`, 'list'),
  'a host list': (host) => parseList(`Domain,Malware,Date added,Source\n${host},x,2018-01-01,x\n`, 'list'),
  'a snapshot': (host) => {
    const entry = { date: '', covers: 'url', url: `${host}/x`, ip: '', family: '' } as const;
    const tracker = createSnapshotTracker({ date: '2018-01-31', origin: 'x', entries: [entry] }, { now: () => new Date(0) });
    return tracker.lookup({ type: 'url', key: `${host}/x` }, { signal: new AbortController().signal });
  },
  '--api-url': (host) => resolveConfig({ 'api-url': `http://${host}/` }, {}),
  '--proxy': (host) => resolveConfig({ proxy: `http://${host}/` }, {}),
  '--cache-url': (host) => resolveConfig({ 'cache-url': `redis://${host}/` }, {}),
  '--jwks-host': (host) => resolveServeConfig({ 'jwks-host': host }, {}),
};

let runs = 0;

/** Runs it with another host each time, since the last one is cached. An error is fine too. */
function run(work: (host: string) => unknown, host: string): void {
  runs += 1;
  try {
    work(host + String(runs));
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
  }
}

describe('a host of distinct letters takes linear time', () => {
  for (const [surface, work] of Object.entries(surfaces)) {
    testCostly(
      `in ${surface}`,
      { oneOf: 1000, why: 'hosts of 128,000 letters', isShrunk: false },
      [fc.constantFrom('', 'a.', '-')],
      (start) => {
        const growth = toShortGrowth(
          (host) => run(work, host),
          (length) => start + distinctLetters(length),
        );
        expect(growth).toBeLessThan(MOST_GROWTH);
      },
    );
  }
});
