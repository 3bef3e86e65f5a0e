import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { openTempDir, runMain, startMain } from '../helpers/run-cct.ts';
import { SAMPLE, writeTempFile } from './live.ts';

const placeSchema = z.strictObject({ file: z.string(), line: z.number(), time: z.optional(z.string()) });
const rowSchema = z.looseObject({
  observable: z.object({ value: z.string() }),
  seen: z.optional(z.strictObject({ first: placeSchema, count: z.optional(z.number()), last: z.optional(placeSchema) })),
});

/** Where each value was seen, without the directory of the file. */
async function seenIn(args: readonly string[], stdin = '') {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args], { stdin });
  expect(run.status).toBe(0);
  const rows = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)));
  const shorten = ({ file, ...place }: z.infer<typeof placeSchema>) => ({ file: file.replace(/^.*\//, ''), ...place });
  return rows.map(({ observable, seen }) => ({
    value: observable.value,
    ...(seen && { seen: { ...seen, first: shorten(seen.first), ...(seen.last && { last: shorten(seen.last) }) } }),
  }));
}

const LOG = 'see 192.0.2.1\nnothing\n192.0.2.2 and 192.0.2.1\n192.0.2.1\n';

describe('text', () => {
  test('in a file tells first, last and how often', async () => {
    expect(await seenIn([writeTempFile('a.log', LOG)])).toEqual([
      { value: '192.0.2.1', seen: { first: { file: 'a.log', line: 1 }, count: 3, last: { file: 'a.log', line: 4 } } },
      { value: '192.0.2.2', seen: { first: { file: 'a.log', line: 3 }, count: 1, last: { file: 'a.log', line: 3 } } },
    ]);
  });

  test('in two files is counted over both, also where the type is written otherwise', async () => {
    const files = [writeTempFile('a.log', LOG), writeTempFile('b.csv', 'type,value\nIP,192.0.2.2\n')];
    expect((await seenIn(files)).map(({ seen }) => [seen?.count, seen?.last?.file])).toEqual([
      [3, 'a.log'],
      [2, 'b.csv'],
    ]);
  });

  test('in a pipe, a compressed file or a directory tells the first alone, and all with --seen', async () => {
    const directory = openTempDir();
    mkdirSync(join(directory, 'in'));
    writeFileSync(join(directory, 'in', 'a.log'), LOG);
    const inputs: readonly (readonly [args: string[], stdin: string])[] = [
      [['-'], LOG],
      [[writeTempFile('a.log.gz', gzipSync(LOG))], ''],
      [[join(directory, 'in')], ''],
    ];
    for (const [args, stdin] of inputs) {
      expect((await seenIn(args, stdin)).map(({ seen }) => [seen?.first.line, seen?.count, seen?.last])).toEqual([
        [1, undefined, undefined],
        [3, undefined, undefined],
      ]);
      expect((await seenIn(['--seen', ...args], stdin)).map(({ seen }) => [seen?.count, seen?.last?.line])).toEqual([
        [3, 4],
        [1, 3],
      ]);
    }
  });

  test('that is interrupted tells with --seen what it has seen so far', async () => {
    const stdin = new PassThrough();
    const run = startMain(['observe', ...SAMPLE, '--seen', '--format', 'ndjson', '-v'], { stdin });
    stdin.write('see 198.51.100.60\nsetup.exe\n198.51.100.60\n');
    await run.said(/passed over setup\.exe/);
    run.stop('SIGINT');
    const { stdout, status } = await run.finished;
    expect(status).toBe(130);
    expect(rowSchema.parse(JSON.parse(stdout)).seen).toMatchObject({ count: 2, last: { line: 3 } });
  });

  test('beside a file is counted in the order of the input', async () => {
    const file = writeTempFile('a.log', LOG);
    const [first] = await seenIn(['-', file, '--seen'], 'see 192.0.2.1\n');
    expect(first?.seen).toMatchObject({ first: { file: 'stdin', line: 1 }, count: 4, last: { file: 'a.log', line: 4 } });
  });

  test('with a value that is broken over two lines has the first of them', async () => {
    const text = 'nothing\nhxxp://panel[.]\nexample/a\n';
    expect(await seenIn(['-'], text)).toEqual([{ value: 'http://panel.example/a', seen: { first: { file: 'stdin', line: 2 } } }]);
  });
});

describe('what typed input or an argument names too tells where records name it', () => {
  const SEEN = [{ file: 'a.log', line: 1 }, 3, { file: 'a.log', line: 4 }];
  const seenOfFirst = async (args: readonly string[], stdin = '') => {
    const { seen } = (await seenIn(args, stdin)).find(({ value }) => value === '192.0.2.1') ?? {};
    return seen && [seen.first, seen.count, seen.last];
  };
  const openFiles = () => ({
    log: writeTempFile('a.log', LOG),
    typed: writeTempFile('ioc.json', '[{"type":"IP","value":"192.0.2.1"}]'),
  });

  test('in any order', async () => {
    const { log, typed } = openFiles();
    const orders = [
      [typed, log],
      [log, typed],
      ['192.0.2.1', log],
      [log, '192.0.2.1'],
      ['192.0.2.1', typed, log],
    ];
    for (const args of orders) expect(await seenOfFirst(args)).toEqual(SEEN);
  });

  test('also of streams with --seen', async () => {
    const { log, typed } = openFiles();
    const compressed = join(openTempDir(), 'a.log');
    writeFileSync(compressed, gzipSync(LOG));
    for (const args of [
      [typed, compressed],
      [compressed, typed],
      ['192.0.2.1', compressed],
    ]) {
      expect(await seenOfFirst([...args, '--seen'])).toEqual(SEEN);
    }
    expect(await seenOfFirst([typed, log, '-', '--seen'], '192.0.2.1\n')).toEqual([SEEN[0], 4, { file: 'stdin', line: 1 }]);
  });

  test('but no row waits for a stream without it', async () => {
    expect(await seenOfFirst(['192.0.2.1', '-'], LOG)).toBeUndefined();
  });
});

describe('a record tells its own time', () => {
  const ip = '192.0.2.1';
  const EVE = `{"timestamp":"2026-11-01T10:00:00.5+0000","event_type":"alert","dest_ip":"${ip}"}`;
  const ZEEK = `#separator \\x09\n#fields\tts\tuid\tid.orig_h\n1762000000.123456\tC1\t${ip}`;

  test.each([
    ['Suricata EVE', EVE, 1, '2026-11-01T10:00:00.5+0000'],
    [
      'ECS',
      `{"@timestamp":"2026-11-01T10:00:00Z","ecs":{"version":"8"},"destination":{"ip":"${ip}"}}`,
      1,
      '2026-11-01T10:00:00Z',
    ],
    ['Zeek JSON', `{"ts":1762000000.123,"uid":"C1","id.orig_h":"${ip}"}`, 1, '2025-11-01T12:26:40.123Z'],
    ['Splunk', `{"preview":false,"_time":"2026-11-01 10:00:00","dest_ip":"${ip}"}`, 1, '2026-11-01 10:00:00'],
    ['Zeek TSV', ZEEK, 3, '2025-11-01T12:26:40.123Z'],
    ['CEF', `CEF:0|a|b|1|2|n|5|src=${ip} rt=1762000000123`, 1, '2025-11-01T12:26:40.123Z'],
    ['csv', `Time,Dest IP\n2026-11-01 10:00,${ip}`, 2, '2026-11-01 10:00'],
    [
      'a wrapped Splunk event',
      `{"preview":false,"result":{"_time":"2026-11-01 10:00:00","dest_ip":"${ip}"}}`,
      1,
      '2026-11-01 10:00:00',
    ],
    [
      'an Elasticsearch hit',
      `{"_index":"x","_source":{"@timestamp":"2026-11-01T10:00:00Z","ip":"${ip}"}}`,
      1,
      '2026-11-01T10:00:00Z',
    ],
    ['Sysmon', `{"EventData":{"UtcTime":"2026-11-01 10:00:00.5","DestinationIp":"${ip}"}}`, 1, '2026-11-01 10:00:00.5'],
    [
      'a Windows event',
      `{"Event":{"System":{"TimeCreated":{"#attributes":{"SystemTime":"2026-11-01T10:00:00Z"}}},"EventData":{"DestinationIp":"${ip}"}}}`,
      1,
      '2026-11-01T10:00:00Z',
    ],
    [
      'a first time that is null',
      `{"timestamp":null,"@timestamp":"2026-11-01T10:00:00Z","ip":"${ip}"}`,
      1,
      '2026-11-01T10:00:00Z',
    ],
    [
      'first times that are empty',
      `{"timestamp":"","ts":" ","eventTime":null,"_time":"2026-11-01 10:00","ip":"${ip}"}`,
      1,
      '2026-11-01 10:00',
    ],
    ['FortiGate as JSON', `{"date":"2026-11-01","time":"10:15:00","dstip":"${ip}"}`, 1, '2026-11-01 10:15:00'],
    ['microseconds', `{"timestamp":1762000000123456,"ip":"${ip}"}`, 1, '2025-11-01T12:26:40.123Z'],
    ['a number that JSON rounds', `{"timestamp":1762000000123456789,"ip":"${ip}"}`, 1, undefined],
    ['a number without an end', `{"timestamp":1e400,"ip":"${ip}"}`, 1, undefined],
    ['csv with a date and a time', `Date;Time;Dest IP\n2026-11-01;10:15;${ip}`, 2, '2026-11-01 10:15'],
    ['csv with a time before its date', `Time,Date,Dest IP\n9:05 PM,11/1/2026,${ip}`, 2, '11/1/2026 9:05 PM'],
    [
      'csv with a whole time behind one of day',
      `Time,Timestamp,Dest IP\n10:15,2026-11-01T10:15:00Z,${ip}`,
      2,
      '2026-11-01T10:15:00Z',
    ],
    ['csv with a date that has the time', `Date,Time,Dest IP\n2026-11-01 10:15:00,10:15:00,${ip}`, 2, '2026-11-01 10:15:00'],
    ['csv with a time of day alone', `Time,Dest IP\n10:15:01,${ip}`, 2, '10:15:01'],
    ['csv with an empty first time', `Time,Event Time,Dest IP\n,2026-11-01 10:00,${ip}`, 2, '2026-11-01 10:00'],
    ['a time that is an object', `{"timestamp":{"a":1},"event_type":"x","dest_ip":"${ip}"}`, 1, undefined],
    ['an empty time', `Time,Dest IP\n,${ip}`, 2, undefined],
  ])('%s', async (_what, text, line, time) => {
    expect(await seenIn(['-'], `${text}\n`)).toEqual([
      { value: ip, seen: { first: { file: 'stdin', line, ...(time === undefined ? {} : { time }) } } },
    ]);
  });
});

test.each([
  ['typed JSON', '[{"type":"ip","value":"192.0.2.1"}]'],
  ['typed lines', '{"type":"ip","value":"192.0.2.1"}\n'],
  ['JSON strings', '["192.0.2.1"]'],
  ['mail', 'From: a@relay.example\nSubject: x\n\n192.0.2.1\n'],
])('%s has no records to tell of', async (_what, text) => {
  expect(await seenIn([writeTempFile('in', text)])).toEqual([{ value: '192.0.2.1' }]);
});

test('a row of csv that has several lines is named by the first', async () => {
  const text = 'note,url\n"a\nb",http://panel.example/a\nx,http://panel.example/b\n';
  expect((await seenIn(['-'], text)).map(({ value, seen }) => [value, seen?.first.line])).toEqual([
    ['http://panel.example/a', 2],
    ['http://panel.example/b', 4],
  ]);
});
