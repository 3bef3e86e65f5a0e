import { describe, expect, test } from 'vitest';
import type { ReadOptions } from '../../../src/cli/input/read-source.ts';
import { openSource } from '../../../src/cli/input/read-source.ts';
import { like } from '../../helpers/run-cct.ts';

interface Source extends Partial<ReadOptions> {
  readonly name?: string;
  /** Bytes a piece; all in one by default. */
  readonly size?: number;
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
  test.each(['a.json', 'a.JSON', 'dir.csv/b.json'])('that %s is json', async (name) => {
    await expect(read('192.0.2.1\n', { name })).rejects.toMatchObject({ code: 'input', message: `${name}:1:6: invalid JSON` });
  });

  test.each(['a.ndjson', 'a.jsonl', 'a.NdJson'])('that %s is ndjson', async (name) => {
    await expect(read(`[${ITEM}]`, { name })).rejects.toMatchObject({
      code: 'input',
      message: `${name}:1: observable: expected an object with type and value`,
    });
  });

  test('that a .csv is csv', async () => {
    await expect(read('192.0.2.1\n', { name: 'a.csv' })).rejects.toMatchObject({
      code: 'input',
      message: 'a.csv:1: no column "type" (there are: 192.0.2.1)',
    });
  });

  test.each(['a.txt', 'a.log', 'a', 'json', 'a.json.bak'])('nothing about %s', async (name) => {
    expect([await read('192.0.2.1\n', { name }), await read(`[${ITEM}]`, { name })]).toEqual([
      ['ip 192.0.2.1'],
      ['ip 192.0.2.1'],
    ]);
  });
});

describe('the content decides', () => {
  test.each([
    ['an array of objects', `[${ITEM}]`],
    ['an array with blanks before it', ` \r\n\t[\n  ${ITEM}\n]`],
    ['an object that holds all observables', `{"observables":[${ITEM}]}`],
    ['such an object on several lines', `{\n"observables":[${ITEM}]\n}`],
    ['one object a line', `${ITEM}\n${ITEM.replace('"type"', '"note":1,"type"')}\n`],
    ['a single object', ITEM],
  ])('that this is json or ndjson: %s', async (_what, text) => {
    expect(new Set(await read(text))).toEqual(new Set(['ip 192.0.2.1']));
  });

  test('that an empty array is json', async () => {
    expect([await read('[]'), await read('[ \n ]\n')]).toEqual([[], []]);
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

  test.each([
    ['commas', 'type,value\nip,192.0.2.1\n'],
    ['semicolons', 'type;value\nip;192.0.2.1\n'],
    ['tabs', 'value\ttype\n192.0.2.1\tip\n'],
    ['bars', 'note|type|value\nx|ip|192.0.2.1\n'],
    ['quotes and capitals', '"Type", "VALUE"\n"ip","192.0.2.1"\n'],
    ['empty lines before it', '\n\ntype,value\nip,192.0.2.1\n'],
  ])('that a line with type and value heads csv: %s', async (_what, text) => {
    expect(await read(text)).toEqual(['ip 192.0.2.1']);
  });

  test.each([
    ['a list', '192.0.2.1\n'],
    ['a bracket that is no array', '[192.0.2.1]\n'],
    ['a log', '[2026-01-02 03:04:05] GET 192.0.2.1\n'],
    ['a sentence about types and values', 'the type of value is ip, 192.0.2.1\n'],
    ['csv with other columns', 'date,host\n2026-01-02,192.0.2.1\n'],
  ])('that anything else is text: %s', async (_what, text) => {
    expect(await read(text)).toEqual(['ip 192.0.2.1']);
  });

  test('alike in whatever pieces it comes', async () => {
    const texts = [`[${ITEM}]`, `${ITEM}\n${ITEM}\n`, 'type,value\nip,192.0.2.1\n', '192.0.2.1\n'];
    const whole = await Promise.all(texts.map((text) => read(text)));
    expect(await Promise.all(texts.map((text) => read(text, { size: 1 })))).toEqual(whole);
    expect(whole.map(({ length }) => length)).toEqual([1, 2, 1, 1]);
  });

  test('after a byte order mark too', async () => {
    expect(await read(`\uFEFF[${ITEM}]`)).toEqual(['ip 192.0.2.1']);
  });
});

describe('the format that is named', () => {
  test('stands over name and content', async () => {
    expect(await read(`[${ITEM}]`, { name: 'a.json', format: 'text' })).toEqual(['ip 192.0.2.1']);
  });

  test('is csv when a column is named', async () => {
    expect(await read('host\n192.0.2.1\n', { name: 'a.json', column: 'host' })).toEqual(['ip 192.0.2.1']);
  });
});

describe('a source that holds nothing', () => {
  const isEmpty = async (text: string) => (await openSource({ name: 'x', chunks: toChunks(text) }, auto)).isEmpty;
  const auto: ReadOptions = { format: 'auto', column: undefined };
  async function* toChunks(text: string): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from(text));
  }

  test('is empty: no bytes, blanks, line breaks, or a byte order mark alone', async () => {
    expect(await Promise.all(['', '  \n', '\r\n\r\n', '\uFEFF'].map(isEmpty))).toEqual([true, true, true, true]);
  });

  test('is not empty when it only holds no observables: an empty array, a text without any', async () => {
    expect(await Promise.all(['[]', 'nothing to see here\n'].map(isEmpty))).toEqual([false, false]);
  });
});

test('NUL bytes are told as what they mostly are: UTF-16 without a byte order mark', async () => {
  await expect(read(Buffer.from('192.0.2.1\n', 'utf16le'), { name: 'a.txt' })).rejects.toMatchObject({
    code: 'input',
    message: 'a.txt: binary content (NUL bytes; UTF-16 needs a byte order mark)',
  });
});

test('a first line of a megabyte is read as text', async () => {
  expect(await read(`${'x '.repeat(500_000)}192.0.2.1 type value\n`)).toEqual(['ip 192.0.2.1']);
});

describe('text', () => {
  test('gives the observables of all lines in order, refanged, repeated ones too', async () => {
    const text = '# seen today\r\nhxxp://panel[.]example/a, then 192.0.2[.]1\r\n\r\n192.0.2.1\r\nversion 1.2.3.4.5\r\n';
    expect(await read(text)).toEqual(['url http://panel.example/a', 'ip 192.0.2.1', 'ip 192.0.2.1']);
  });

  test('need not end in a line break', async () => {
    expect(await read('192.0.2.1\n192.0.2.2', { size: 3 })).toEqual(['ip 192.0.2.1', 'ip 192.0.2.2']);
  });

  test('in UTF-16 is read alike', async () => {
    expect(await read(Buffer.from('\uFEFFhttp://bücher.example/\n', 'utf16le'))).toEqual(['url http://bücher.example/']);
  });
});
