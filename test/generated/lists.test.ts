import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { isIpv4 } from '../../src/core/observables/host.ts';
import { CctError } from '../../src/core/errors.ts';
import { parseList } from '../../src/tracker/lists/list-detect.ts';
import { parseHostList } from '../../src/tracker/lists/list-hosts.ts';
import { isHtmlPage, parseListPage } from '../../src/tracker/lists/list-html.ts';
import { parseLineList } from '../../src/tracker/lists/list-lines.ts';
import { mergeEntries } from '../../src/tracker/lists/list-merge.ts';
import type { ListReading } from '../../src/tracker/lists/list-reading.ts';
import { parseTsvList } from '../../src/tracker/lists/list-tsv.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot/matching.ts';
import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { isDay } from '../../src/core/day.ts';
import { parseSnapshot, writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { ListEntry } from '../helpers/fake-pages.ts';
import { renderList, renderTable } from '../helpers/fake-pages.ts';
import { testProperty } from './cases.ts';
import { mutated } from './mutations.ts';
import { address, name } from './observables.ts';
import { anyText, day, nested, OBEYED } from './texts.ts';

const path = fc.stringMatching(/^(?:\/[A-Za-z0-9_.~%&=;'"<>()-]{0,8}){0,3}$/);
const place = fc.tuple(fc.oneof(name, address), fc.constantFrom('', ':8080'), path).map((parts) => parts.join(''));
const family = fc
  .oneof(anyText, fc.constantFrom('Pony', 'ZeuS "Cit" <x>', 'a&amp;b', ''))
  // A page or a line cannot hold these unchanged.
  .map((text) => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF]/gu, '').trim());

const toListDate = (text: string) => (text === '' ? '01-01-1970' : text.split('-').reverse().join('-'));
const row = fc
  .record(
    { date: fc.oneof(day, fc.constant('')), url: place, ip: fc.oneof(address, fc.constant('')), family },
    { noNullPrototype: true },
  )
  .map((entry) => ({ shown: { ...entry, date: toListDate(entry.date) }, entry: { ...entry, covers: 'url' as const } }));
const rows = fc.array(row, { minLength: 1, maxLength: 4 });
type Row = { readonly shown: ListEntry; readonly entry: SnapshotEntry };

const toShown = (given: readonly Row[]) => given.map(({ shown }) => shown);
const toPage = (given: readonly Row[]) => renderTable(toShown(given), new URLSearchParams('m=100'));
const toLines = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const toTsv = (given: readonly Row[]) =>
  toLines(['date\turl\tip\tfamily', ...toShown(given).map((one) => [one.date, one.url, one.ip, one.family].join('\t'))]);
const unquoted = family.map((text) => text.replaceAll('"', ''));
const host = fc
  .record({ date: fc.oneof(day, fc.constant('')), url: fc.oneof(name, address), family: unquoted })
  .map((entry) => ({ ...entry, covers: 'host' as const, ip: '' }));
const toHost = ({ url, family: kind, date }: SnapshotEntry) => `${url},"${kind}",${date || '1970-01-01'},x`;
const toHosts = (entries: readonly SnapshotEntry[]) => toLines(['Domain,Malware,Date added,Source', ...entries.map(toHost)]);

describe('a list that is rendered and read is the same, in its order', () => {
  testProperty('as a page', [rows], (given) => {
    const read = parseListPage(toPage(given));
    expect([read.entries, read.rowCount]).toEqual([given.map(({ entry }) => entry), given.length]);
    expect(read.notes.filter(({ kind }) => kind !== 'address-private')).toEqual([]);
    expect(isHtmlPage(toPage(given))).toBe(true);
  });

  testProperty('as tab-separated text', [rows], (given) => {
    const unescaped = given.map(({ entry }) => ({ ...entry, family: entry.family.replaceAll('\\t', '\t').trim() }));
    expect(parseTsvList(toTsv(given)).entries).toEqual(unescaped);
  });

  testProperty(
    'as lines, which have urls only',
    [rows, fc.constantFrom('\n' as const, '<br />' as const)],
    (given, separator) => {
      const urls = given.map(({ shown }) => shown.url).filter((url) => !/<br ?\/?>/i.test(url));
      fc.pre(urls.length === given.length);
      expect(parseLineList(renderList(toShown(given), separator)).entries.map(({ url }) => url)).toEqual(urls);
    },
  );

  testProperty('as hosts', [fc.array(host, { minLength: 1, maxLength: 6 })], (given) => {
    expect(parseHostList(toHosts(given))).toEqual({ entries: given, notes: [] });
  });
});

const sound = fc.oneof(
  rows.map(toPage),
  rows.map(toTsv),
  rows.map((given) => renderList(toShown(given))),
  fc.array(host, { maxLength: 4 }).map(toHosts),
  fc.array(host, { maxLength: 4 }).map((entries) => writeSnapshot({ date: '2018-01-31', origin: 'x', entries })),
);
const piece = fc.oneof(
  anyText,
  nested,
  fc.constantFrom(
    ...'<table> </table> </tr> <td> </td> <td <!-- <![CDATA[ <script> &# & </a> -::DATE " , 01-02-2026 <html> <!DOCTYPE <title>'.split(
      ' ',
    ),
    ...["<tr class='TableHeader'>", '<a href="index.php?s=99">', '\n', '<br />', '\t'],
  ),
);
const anyList = fc.oneof(anyText, nested, { weight: 4, arbitrary: mutated(sound, piece) });

/** Checks that a list can be kept, merged and queried. */
function expectSound({ entries, notes }: ListReading): void {
  expect(entries.filter(({ date, ip, url }) => !((date === '' || isDay(date)) && (url !== '' || ip !== '')))).toEqual([]);
  expect(notes.filter(({ line, detail }) => line < 1 || OBEYED.test(detail))).toEqual([]);
  const kept = { date: '2018-01-31', origin: 'x', entries };
  expect(parseSnapshot(writeSnapshot(kept))).toEqual(kept);
  const { entries: merged, mergedCount } = mergeEntries([entries, entries]);
  expect(merged.length + mergedCount).toBe(2 * entries.length);
  const tracker = createSnapshotTracker(kept, { now: () => new Date(0) });
  const signal = new AbortController().signal;
  for (const { url, ip } of entries) {
    if (isIpv4(ip)) void tracker.lookup({ type: 'ip', key: ip }, { signal });
    void tracker.lookup({ type: 'url', key: url }, { signal });
  }
}

function expectListOrError(read: () => ListReading): void {
  let reading: ListReading;
  try {
    reading = read();
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    expect([thrown.code, OBEYED.test(thrown.message)]).toEqual(['input', false]);
    return;
  }
  expectSound(reading);
}

describe('any text', () => {
  testProperty('is a list of some kind, or an error', [anyList], (text) => expectListOrError(() => parseList(text, 'x')));

  for (const [kind, parse] of Object.entries({ parseListPage, parseTsvList, parseHostList, parseLineList })) {
    testProperty(`is a list or an error for ${kind}`, [anyList], (text) => expectListOrError(() => parse(text)));
  }

  testProperty('that is a page cut anywhere before the end of its table is an error', [rows, fc.nat()], (given, at) => {
    const page = toPage(given);
    const end = page.indexOf('</table>');
    expect(() => parseListPage(page.slice(0, at % end))).toThrow(CctError);
  });
});
