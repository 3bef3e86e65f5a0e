import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect } from 'vitest';
import type { List } from '../../src/core/lookups/list-entry.ts';
import type { ExportFormat } from '../../src/exports/export-format.ts';
import { exportFormats } from '../../src/exports/formats.ts';
import { toHeader } from '../../src/exports/header.ts';
import { exportAll, NOW, toEntry } from '../exports/lists.ts';
import { testProperty } from './cases.ts';
import { anyText } from './texts.ts';

const SYNTAX = [
  '"',
  "'",
  ';',
  '{',
  '}',
  '*',
  '#',
  '$',
  '@',
  '\\',
  '/',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  ',',
  '=',
  '|',
  '[',
  ']',
  '(',
  ')',
  '^',
  '%',
];
const label = fc.constantFrom(
  'a',
  'panel',
  '-a',
  'a-',
  'a_b',
  '',
  '8',
  'x'.repeat(64),
  'xn--bcher-kva',
  'bücher',
  'rpz-ip',
  'com',
  'localhost',
  '10',
);
const piece = fc.oneof(label, fc.constantFrom(...SYNTAX), anyText);
const host = fc.oneof(
  fc.array(label, { maxLength: 5 }).map((labels) => [...labels, 'example'].join('.')),
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.ipV4(),
);
const path = fc.oneof(
  fc.constant(''),
  fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('')}`),
);
const entry = fc
  .record({
    url: fc.tuple(host, fc.constantFrom('', ':80', ':8443', ':99999', ':x'), path).map((parts) => parts.join('')),
    ip: fc.oneof(fc.constant(''), fc.ipV4(), anyText),
    family: fc.oneof(fc.constant('Pony'), anyText),
    date: fc.constantFrom('', '2018-01-14', '2022-10-13'),
    covers: fc.constantFrom('url' as const, 'host' as const),
  })
  .map(({ url, ...rest }) => toEntry(url, rest));
const list: fc.Arbitrary<List> = fc.record({
  date: fc.constant('2022-10-13'),
  origin: anyText,
  entries: fc.array(entry, { maxLength: 12 }),
});

const NAME = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]+';
const ADDRESS = '\\d{1,3}(?:\\.\\d{1,3}){3}';

/** What every line of a format is, but for comments. */
const LINES: Readonly<Record<string, RegExp>> = {
  ip: new RegExp(`^${ADDRESS}$`),
  domain: new RegExp(`^${NAME}$`),
  url: new RegExp(`^(?:${NAME}|${ADDRESS})(?::\\d{1,5})?(?:/[A-Za-z0-9\\-._~:/?@!$&'()+,;=%]*)?$`),
  zeek: new RegExp(
    `^(?:#fields\\t.*|(?:${NAME}\\tIntel::DOMAIN|${ADDRESS}\\tIntel::ADDR|[!-~]+\\tIntel::URL)(?:\\t[^\\t\\p{Cc}]+){3})$`,
    'u',
  ),
  rpz: new RegExp(`^(?:\\$TTL 300|@ IN (?:SOA|NS) .*|(?:\\*\\.)?${NAME} CNAME \\.|32\\.${ADDRESS}\\.rpz-ip CNAME \\.)$`),
  unbound: new RegExp(`^(?:server:|local-zone: "${NAME}\\." always_nxdomain)$`),
  dnsmasq: new RegExp(`^address=/${NAME}/#$`),
  hosts: new RegExp(`^0\\.0\\.0\\.0 ${NAME}$`),
  nftables: new RegExp(`^(?:(?:add|flush) (?:table|set|element) inet cct.*|\\t${ADDRESS},|\\})$`),
};

function write(format: ExportFormat, given: List, isResolved: boolean): string {
  const { account, written } = exportAll(format, given, { isResolved });
  const output = written.render(toHeader(account, given.origin), NOW);
  return typeof output === 'string' ? output : Object.values(output).join('');
}

describe('an export of any list', () => {
  testProperty('has in each line what its format allows, and nothing else', [list, fc.boolean()], (given, isResolved) => {
    for (const [name, pattern] of Object.entries(LINES)) {
      const format: ExportFormat | undefined = Object.entries(exportFormats).find(([each]) => each === name)?.[1];
      if (!format) throw new Error(`${name} is no format`);
      const text = write(format, given, isResolved);
      const mark = name === 'rpz' ? '; ' : '# ';
      const lines = text.split('\n').slice(0, -1);
      expect([text.isWellFormed(), lines.filter((line) => !line.startsWith(mark) && !pattern.test(line))]).toEqual([true, []]);
    }
  });

  testProperty('says each entry, or counts why not', [list], (given) => {
    for (const format of [
      exportFormats.domain,
      exportFormats.ip,
      exportFormats.url,
      exportFormats.stix,
      exportFormats.suricata,
    ]) {
      const { account } = exportAll(format, given);
      const leftOut = account.leftOut.counts().reduce((sum, [, count]) => sum + count, 0);
      expect(leftOut).toBeLessThanOrEqual(given.entries.length);
      expect(account.count).toBeLessThanOrEqual(given.entries.length - leftOut);
      expect(account.count === 0).toBe(leftOut === given.entries.length);
    }
  });

  testProperty('is csv and JSON that can be read, with the same bytes each time', [list], (given) => {
    const { csv, stix, ecs, misp } = exportFormats;
    const rows: string[][] = parse(write(csv, given, false), { record_delimiter: '\n' });
    expect(rows.every(({ length }) => length === 8)).toBe(true);
    expect(JSON.parse(write(stix, given, false))).toMatchObject({ type: 'bundle' });
    const lines = write(ecs, given, false).split('\n').slice(0, -1);
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
    expect(write(misp, given, false)).toBe(write(misp, given, false));
  });
});
