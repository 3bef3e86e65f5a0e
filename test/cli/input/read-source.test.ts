import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../src/cli/input/read-source.ts';
import { readSource } from '../../../src/cli/input/read-source.ts';
import { like } from '../../helpers/run-cct.ts';

interface Source extends Partial<ReadOptions> {
  readonly name?: string;
  /** Bytes of a chunk; all in one by default. */
  readonly size?: number | undefined;
}

/** What is read, each as `type value`. */
async function read(text: string | Buffer, source: Source = {}): Promise<string[]> {
  const { name = 'stdin', size, format = 'auto', columns = [], fields = [], encoding } = source;
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    const step = size ?? bytes.length + 1;
    for (let at = 0; at < bytes.length; at += step) yield await Promise.resolve(bytes.subarray(at, at + step));
  }
  const found: string[] = [];
  const options = { format, columns, fields, encoding };
  for await (const { findings } of readSource({ name, chunks: chunks() }, options, silentReport)) {
    found.push(...findings.map(({ type, value }) => `${type} ${value}`));
  }
  return found;
}

const silentReport = { note: () => undefined, detail: () => undefined, passOver: () => undefined };

const ITEM = '{"type":"ip","value":"192.0.2.1"}';

test.each(['a.json', 'a.ndjson', 'a.txt', 'a.log', 'a', 'a.json.bak', 'dir.csv/b'])(
  'the name %s decides nothing',
  async (name) => {
    const texts = ['192.0.2.1\n', `[${ITEM}]`, `${ITEM}\n${ITEM}`, 'type,value\nip,192.0.2.1\n'];
    for (const text of texts) expect(new Set(await read(text, { name }))).toEqual(new Set(['ip 192.0.2.1']));
  },
);

test('the name of a csv breaks a tie', async () => {
  const text = 'note,more\n"see http://panel.example/a,b",x\n';
  expect([await read(text, { name: 'a.csv' }), await read(text)]).toEqual([
    ['url http://panel.example/a,b'],
    ['url http://panel.example/a,b'],
  ]);
});

const BROKEN = /^stdin:1:\d+: invalid JSON; read it as text with --input-format text$/;

describe('the content decides, in chunks of any size', () => {
  test.each([
    ['an array of objects', `[${ITEM}]`],
    ['an array with blanks before it', ` \r\n\t[\n  ${ITEM}\n]`],
    ['an array after a byte order mark', `\uFEFF[${ITEM}]`],
    ['an object that holds all observables', `{"observables":[${ITEM}]}`],
    ['such an object on several lines', `{\n"observables":[${ITEM}]\n}`],
    ['one object a line', `${ITEM}\n${ITEM.replace('"type"', '"note":1,"type"')}\n`],
    ['a single object', ITEM],
    ['csv with commas', 'type,value\nip,192.0.2.1\n'],
    ['csv with semicolons', 'type;value\nip;192.0.2.1\n'],
    ['csv with tabs', 'value\ttype\n192.0.2.1\tip\n'],
    ['csv with bars', 'note|type|value\nx|ip|192.0.2.1\n'],
    ['csv with quotes and capitals', '"Type", "VALUE"\n"ip","192.0.2.1"\n'],
    ['csv after empty lines', '\n\ntype,value\nip,192.0.2.1\n'],
    ['a list', '192.0.2.1\n'],
    ['a bracket that is no array', '[192.0.2.1]\n'],
    ['a log', '[2026-01-02 03:04:05] GET 192.0.2.1\n'],
    ['a sentence about types and values', 'the type of value is ip, 192.0.2.1\n'],
    ['csv with other columns', 'date,host\n2026-01-02,192.0.2.1\n'],
    ['a first line of 100 kB', `${'x '.repeat(50_000)}192.0.2.1 type value\n`],
  ])('that this has one observable: %s', async (_what, text) => {
    const sizes = text.length > 1000 ? [undefined, 4096] : [undefined, 1, 7];
    for (const size of sizes) expect(new Set(await read(text, { size }))).toEqual(new Set(['ip 192.0.2.1']));
  });

  test.each([
    ['an array that is cut', '[{"type":"url","value":"http://panel.example/"}', BROKEN],
    ['an array of which only the bracket is there', '[', BROKEN],
    ['an object that is cut', '{"type":"url","value":"http://panel.example/"', BROKEN],
    [
      'one object a line, the second broken',
      `${ITEM}\n{"type":"url" "http://panel.example/"}\n`,
      /^stdin:2: invalid JSON\. Correct the line, or read all strings with --input-format records$/,
    ],
  ])('that this is broken JSON, never text: %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'input', message: like(message) });
  });

  test('that an array of strings is one of values', async () => {
    expect(await read('[\n  "192.0.2.1",\n "panel[.]example"\n]\n')).toEqual(['ip 192.0.2.1', 'domain panel.example']);
  });

  test('that an empty array is json', async () => {
    expect([await read('[]'), await read('[ \n ]\n')]).toEqual([[], []]);
  });
});

test.each<[what: string, text: string, source: Source]>([
  ['a named format', `[${ITEM}]`, { name: 'a.json', format: 'text' }],
  ['a named column, which means csv', 'host\n192.0.2.1\n', { name: 'a.json', columns: ['host'] }],
])('%s takes precedence over name and content', async (_what, text, source) => {
  expect(await read(text, source)).toEqual(['ip 192.0.2.1']);
});

test.each([
  ['', true],
  ['  \n', true],
  ['\r\n\r\n', true],
  ['\uFEFF', true],
  ['[]', false],
  ['nothing to see here\n', false],
])('whether %j is empty: %s', async (text, expected) => {
  async function* toChunks(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(text));
  }
  const options = { format: 'auto', columns: [], fields: [], encoding: undefined } as const;
  const batches = readSource({ name: 'x', chunks: toChunks() }, options, silentReport);
  let next = await batches.next();
  while (next.done !== true) next = await batches.next();
  expect(!next.value).toBe(expected);
});

test('NUL bytes are UTF-16 without a byte order mark, or binary content', async () => {
  expect(await read(Buffer.from('192.0.2.1\n', 'utf16le'))).toEqual(['ip 192.0.2.1']);
  await expect(read(Buffer.from('192.0.2.1\0\0\0\n'), { name: 'a.txt' })).rejects.toMatchObject({
    code: 'input',
    message: 'a.txt: binary content (NUL bytes) cannot be read directly. Try: strings -a a.txt | cct observe -',
  });
});

test.each(['utf-16le', undefined])('a mail, a page and a table may be UTF-16: --encoding %s', async (encoding) => {
  const texts = [
    'From: a@drop.example\r\nSubject: x\r\n\r\nsee http://panel.example/é\r\n',
    '<html><a href="http://panel.example/é">x</a></html>',
    'type\tvalue\r\nurl\thttp://panel.example/é\r\n',
  ];
  for (const text of texts) {
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    for (const size of [3, undefined]) expect(await read(bytes, { encoding, size })).toEqual(['url http://panel.example/é']);
  }
});

test('text has the observables of all lines in order, refanged, repeated ones too', async () => {
  const text = '# seen today\r\nhxxp://panel[.]example/a, then 192.0.2[.]1\r\n\r\n192.0.2.1\r\nversion 1.2.3.4.5\r\n192.0.2.2';
  const found = ['url http://panel.example/a', 'ip 192.0.2.1', 'ip 192.0.2.1', 'ip 192.0.2.2'];
  expect([await read(text), await read(text, { size: 3 })]).toEqual([found, found]);
  expect(await read(Buffer.from('\uFEFFhttp://bücher.example/\n', 'utf16le'))).toEqual(['url http://bücher.example/']);
});

test('a pipe that pauses after its first line is read as far as it is', async () => {
  async function* paused(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('192.0.2.1\n'));
    yield await Promise.resolve(Buffer.from('192.0.2.2\n192.0'));
    await new Promise(() => undefined);
  }
  const options = { format: 'auto', columns: [], fields: [], encoding: undefined } as const;
  const batches = readSource({ name: 'stdin', chunks: paused() }, options, silentReport);
  const values: string[] = [];
  for (let count = 0; count < 2; count += 1) {
    const next = await batches.next();
    if (next.done !== true) values.push(...next.value.findings.map(({ value }) => value));
  }
  expect(values).toEqual(['192.0.2.1', '192.0.2.2']);
});
