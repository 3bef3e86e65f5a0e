import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../src/cli/input/read-source.ts';
import { openSource } from '../../../src/cli/input/read-source.ts';
import { like } from '../../helpers/run-cct.ts';

interface Source extends Partial<ReadOptions> {
  readonly name?: string;
  /** Bytes of a chunk; all in one by default. */
  readonly size?: number | undefined;
}

/** What is read, each as `type value`. */
async function read(text: string | Buffer, { name = 'stdin', size, format = 'auto', column }: Source = {}): Promise<string[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Buffer> {
    const step = size ?? bytes.length + 1;
    for (let at = 0; at < bytes.length; at += step) yield await Promise.resolve(bytes.subarray(at, at + step));
  }
  const found: string[] = [];
  const { batches } = await openSource({ name, chunks: chunks() }, { format, column });
  for await (const observables of batches) found.push(...observables.map(({ type, value: text }) => `${type} ${text}`));
  return found;
}

const ITEM = '{"type":"ip","value":"192.0.2.1"}';

describe('the name decides', () => {
  test.each<[names: string[], content: string, message: string]>([
    [['a.json', 'a.JSON', 'dir.csv/b.json'], '192.0.2.1\n', ':1:6: invalid JSON'],
    [['a.ndjson', 'a.jsonl', 'a.NdJson'], `[${ITEM}]`, ':1: observable: expected an object with type and value'],
    [['a.csv'], '192.0.2.1\n', ':1: no column "type" (there are: 192.0.2.1)'],
  ])('how %j are read', async (names, content, message) => {
    for (const name of names)
      await expect(read(content, { name })).rejects.toMatchObject({ code: 'input', message: name + message });
  });

  test.each(['a.txt', 'a.log', 'a', 'json', 'a.json.bak'])('nothing about %s', async (name) => {
    expect([await read('192.0.2.1\n', { name }), await read(`[${ITEM}]`, { name })]).toEqual([
      ['ip 192.0.2.1'],
      ['ip 192.0.2.1'],
    ]);
  });
});

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
    ['an array that is cut', '[{"type":"url","value":"http://panel.example/"}', /^stdin:1:\d+: invalid JSON$/],
    ['an array of which only the bracket is there', '[', /^stdin:1:2: invalid JSON$/],
    ['an object that is cut', '{"type":"url","value":"http://panel.example/"', /^stdin:1:\d+: invalid JSON$/],
    ['an object in the manner of Python', "{'type': 'url', 'value': 'http://panel.example/'}", /^stdin:1:2: invalid JSON$/],
    ['one object a line, the second broken', `${ITEM}\n{"type":"url" "http://panel.example/"}\n`, /^stdin:2: invalid JSON$/],
  ])('that this is broken JSON, never text: %s', async (_what, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'input', message: like(message) });
  });

  test('that an array of strings over several lines is text', async () => {
    expect(await read('[\n  "192.0.2.1"\n]\n')).toEqual(['ip 192.0.2.1']);
  });

  test('that an empty array is json', async () => {
    expect([await read('[]'), await read('[ \n ]\n')]).toEqual([[], []]);
  });
});

test.each<[what: string, text: string, source: Source]>([
  ['a named format', `[${ITEM}]`, { name: 'a.json', format: 'text' }],
  ['a named column, which means csv', 'host\n192.0.2.1\n', { name: 'a.json', column: 'host' }],
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
  const { isEmpty } = await openSource({ name: 'x', chunks: toChunks() }, { format: 'auto', column: undefined });
  expect(isEmpty).toBe(expected);
});

test('NUL bytes are mostly UTF-16 without a byte order mark', async () => {
  await expect(read(Buffer.from('192.0.2.1\n', 'utf16le'), { name: 'a.txt' })).rejects.toMatchObject({
    code: 'input',
    message: 'a.txt: binary content (NUL bytes; UTF-16 needs a byte order mark)',
  });
});

test('text has the observables of all lines in order, refanged, repeated ones too', async () => {
  const text = '# seen today\r\nhxxp://panel[.]example/a, then 192.0.2[.]1\r\n\r\n192.0.2.1\r\nversion 1.2.3.4.5\r\n192.0.2.2';
  const found = ['url http://panel.example/a', 'ip 192.0.2.1', 'ip 192.0.2.1', 'ip 192.0.2.2'];
  expect([await read(text), await read(text, { size: 3 })]).toEqual([found, found]);
  expect(await read(Buffer.from('\uFEFFhttp://bücher.example/\n', 'utf16le'))).toEqual(['url http://bücher.example/']);
});
