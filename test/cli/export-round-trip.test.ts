import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toSchemeless } from '../../src/core/observables/observable.ts';
import { toPlace, toSentPath } from '../../src/tracker/snapshot/place.ts';
import { writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';

const ODD_PATHS = [
  ...['/', '/a/', '/a//', '//a', '/a?', '/?a=1', '?a=1', '/a?b=/', '/a??', '/a/?q=http://b.example/', '/a#b'],
  ...['/~x/%7Ey/%2f/%2F/%zz/%', '/(a)', "/'a'", '/a)', "/a'", '/a!', '/a.', '/a,', '/a;', '/a:', '/[a]', '/{a}', '/"a"', '/<a>'],
  ...[
    '/a b',
    '/grün/',
    '/панель/?м=1',
    '/😀',
    '/a|b',
    '/a`b',
    '/a\\b',
    '/a/./b/../c/',
    '/a=',
    '/a&amp;b',
    '/@a',
    '/a,b',
    '/=1+1',
  ],
];
const WILDCARDS = ['/*', '/a*b/', '/a^b', '/?q=*'];

/** A snapshot in a directory of its own, with an entry for each path, and some without one. */
function openList(paths: readonly string[]) {
  const dir = openTempDir();
  const entry = (url: string, covers: 'url' | 'host' = 'url', ip = '') => ({
    date: '2018-01-14',
    covers,
    url,
    ip,
    family: 'Pony',
  });
  const entries = [
    ...paths.map((path, at) => entry(`n${at}.example${path}`)),
    ...[entry('bücher.example:8443/grün/'), entry('port.example:8443'), entry('tls.example:443/a'), entry('198.51.100.7:81/(a)')],
    ...[entry('whole.example', 'host'), entry('203.0.113.7'), entry('', 'url', '203.0.113.8')],
  ];
  writeFileSync(join(dir, 'list.tsv'), writeSnapshot({ date: '2018-01-31', origin: 'made up', entries }));
  return { dir, entries, list: ['--snapshot', join(dir, 'list.tsv')] };
}

async function exportAndRead(format: string, ending: string, paths: readonly string[]) {
  const { dir, entries, list } = openList(paths);
  const output = join(dir, `out${ending}`);
  const written = await runMain(['snapshot', 'export', ...list, '-f', format, '--all', '-v', '--output', output]);
  expect(written.status).toBe(0);
  const file = format === 'misp' ? (readdirSync(output).find((name) => /^[0-9a-f-]{36}\.json$/.test(name)) ?? '') : '';
  const read = await runMain(['observe', join(output, file), ...list, '-f', 'ndjson']);
  return { dir, entries, list, output, rows: toRows(read.stdout), stderr: written.stderr };
}

interface Row {
  readonly status: string;
  readonly observable: { readonly type: string; readonly value: string };
}

function toRows(ndjson: string): Row[] {
  const lines = ndjson.split('\n').slice(0, -1);
  // Zeek's file names the tracker.
  return lines
    .map((line) => JSON.parse(line) as Row)
    .filter(({ observable }) => !observable.value.includes('cybercrime-tracker'));
}

const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  url: ['1 entry: only an address is known'],
  zeek: [
    '1 entry: no host; use --resolved to export its address',
    'the path or port of 1 entry, which this format cannot express',
  ],
};

const FORMATS = [
  ['url', '.txt'],
  ['zeek', '.log'],
  ['stix', '.json'],
  ['misp', ''],
  ['ecs', '.ndjson'],
  ['csv', '.csv'],
] as const;

describe('what an export says of odd paths', () => {
  test.each(FORMATS)('as %s is listed where it is read back, and nothing is lost', async (format, ending) => {
    const isText = format === 'url';
    const paths = isText ? ODD_PATHS : [...ODD_PATHS, ...WILDCARDS];
    const { entries, rows, stderr } = await exportAndRead(format, ending, paths);
    expect(rows.filter(({ status }) => status !== 'listed')).toEqual([]);
    expect(stderr.match(/(?<=left out: ).*/g) ?? []).toEqual(LEFT_OUT[format] ?? []);
    const named = new Set(rows.map(({ observable: { value } }) => toKey(value)));
    const listed = entries.filter(({ url }) => url !== '' || !(format in LEFT_OUT)).map(({ url, ip }) => url || ip);
    expect(listed.filter((value) => !named.has(toKey(value)) && !isHostOnly(format, value))).toEqual([]);
  });

  test('is left out of url, counted, where block lists have a wildcard', async () => {
    const { rows, stderr } = await exportAndRead('url', '.txt', WILDCARDS);
    expect(stderr).toContain('left out: 4 entries: a block list wildcard in the path (* or ^)\n');
    expect(rows.filter(({ observable }) => /^n\d/.test(observable.value))).toEqual([]);
  });

  test('as csv are the observables of stix', async () => {
    const paths = [...ODD_PATHS, ...WILDCARDS];
    const [csv, stix] = [await exportAndRead('csv', '.csv', paths), await exportAndRead('stix', '.json', paths)];
    const keysOf = ({ rows }: typeof csv) => rows.map(({ observable: { type, value } }) => `${type} ${toKey(value)}`).sort();
    expect(keysOf(csv)).toEqual(keysOf(stix));
  });

  test('as stix has the ids of an answer about the same observable', async () => {
    const { dir, list, output } = await exportAndRead('stix', '.json', [...ODD_PATHS, ...WILDCARDS]);
    const again = await runMain(['observe', output, ...list, '-f', 'stix']);
    writeFileSync(join(dir, 'again.json'), again.stdout);
    const idsIn = (name: string) =>
      (JSON.parse(readFileSync(name, 'utf8')) as { objects: { type: string; id: string }[] }).objects
        .filter(({ type }) => type === 'indicator' || type === 'url')
        .map(({ id }) => id)
        .sort();
    expect(idsIn(join(dir, 'again.json'))).toEqual(idsIn(output));
  });
});

/** Zeek's file has no page for a port alone: the host is there. */
function isHostOnly(format: string, value: string): boolean {
  return format === 'zeek' && /^[^/]*:\d+$/.test(value);
}

/** Where a value points, in one spelling. */
function toKey(value: string): string {
  const { host, port, path } = toPlace(toSchemeless(value));
  return `${host}:${port}${toSentPath(path)}`;
}
