import { describe, expect, test } from 'vitest';
import { isCsvHeader, readCsv } from '../../../src/cli/input/csv.ts';
import { CctError } from '../../../src/core/errors.ts';

/** The batches that are read from blocks of lines, each observable as `type value`. */
async function* readBatches(blocks: Iterable<string[]> | AsyncIterable<string[]>, header: string, column?: string) {
  async function* toBlocks() {
    yield* blocks;
  }
  for await (const observables of readCsv(toBlocks(), header, { name: 'a.csv', column })) {
    yield observables.map(({ type, value }) => `${type} ${value}`);
  }
}

/** All that is read from a text, so many lines a block. */
async function read(text: string, column?: string, size = 1000): Promise<string[]> {
  const lines = text.replace(/\n$/, '').split('\n');
  const blocks = Array.from({ length: Math.ceil(lines.length / size) }, (_, at) => lines.slice(at * size, (at + 1) * size));
  const found: string[] = [];
  for await (const batch of readBatches(blocks, lines[0]?.trimEnd() ?? '', column)) found.push(...batch);
  return found;
}

describe('a header', () => {
  test.each([
    ['type,value', true],
    ['value;type', true],
    ['a|TYPE|Value', true],
    [' type\tvalue ', true],
    ['"type" , "value"', true],
    ['', false],
    ['type', false],
    ['type value', false],
    ['types,values', false],
    ['type;b,value', false],
    ['xtype,value', false],
  ])('in %j: %s', (line, isHeader) => {
    expect(isCsvHeader(line)).toBe(isHeader);
  });
});

describe('the columns type and value', () => {
  test.each([',', ';', '\t', '|'])('are read with %j between them', async (delimiter) => {
    const lines = [
      ['note', 'Type', 'VALUE'],
      ['x', 'ip', '192.0.2.1'],
      ['', 'url', 'http://panel.example/'],
    ];
    const text = lines.map((cells) => `${cells.join(delimiter)}\r\n`).join('');
    expect(await read(text)).toEqual(['ip 192.0.2.1', 'url http://panel.example/']);
  });

  test.each([
    ['quotes', '"url","http://panel.example/?a=1,2","said ""x""\nand y"\nip,192.0.2.1,\n'],
    ['blanks around cells', ' ip , 192.0.2.1 \n"url" ,  "http://panel.example/?a=1,2"\n'],
    ['empty lines, and cells to spare', '\nip,192.0.2.1,more,and more\n \nurl,"http://panel.example/?a=1,2"\n\n'],
    ['line breaks of two kinds', 'ip,192.0.2.1\r\nurl,"http://panel.example/?a=1,2"\n'],
    ['line breaks of old Macs', 'ip,192.0.2.1\rurl,"http://panel.example/?a=1,2"\r'],
    ['no line break at the end', 'ip,192.0.2.1\nurl,"http://panel.example/?a=1,2"'],
    ['defanged values', 'ip,192[.]0[.]2[.]1\nurl,"hxxp://panel[.]example/?a=1,2"\n'],
  ])('are read from text with %s, in blocks of any size', async (_what, rows) => {
    const expected = ['ip 192.0.2.1', 'url http://panel.example/?a=1,2'];
    for (const size of [1, 2, 1000]) {
      const found = await read(`type,value,note\n${rows}`, undefined, size);
      expect(found.sort()).toEqual(expected);
    }
  });

  test('keep other types, as given', async () => {
    expect(await read('type,value\ndomain,panel.example\nSHA256,abc\n')).toEqual(['domain panel.example', 'SHA256 abc']);
  });

  test.each([
    ['type,host\nip,192.0.2.1\n', '1: no column "value" (there are: type, host)'],
    ['type,value\nip,192.0.2.1\nip,\n', '3: observable.value: expected a non-empty string'],
    ['type,value\nip\n', '2: observable.value: expected a non-empty string'],
    ['type,value\n" ",192.0.2.1\n', '2: observable.type: expected a non-empty string'],
    ['type,value\nip,192.0.2.1\nip,19"2.0.2.2\n', '3: invalid CSV (INVALID_OPENING_QUOTE)'],
    ['type,value\nip,"192.0.2.1\n', '2: invalid CSV (CSV_QUOTE_NOT_CLOSED)'],
    [`type,value\nip,"${'x'.repeat(17 * 1024 * 1024)}`, '2: invalid CSV (a record is longer than 16 MiB)'],
  ])('are refused, naming the line: %.40j', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'input', message: `a.csv:${message}` });
  });
});

test('a row leaves when its line is whole, and rows before an error leave before it', async () => {
  const events: string[] = [];
  function* blocks() {
    for (const block of ['type,value,note\r', 'ip,192.0.2.1,\r', 'ip,192.0.2.2,"a', 'b"', 'ip,192.0.2.3,\nip,"1"2']) {
      events.push('block');
      yield block.split('\n');
    }
  }
  await expect(async () => {
    for await (const batch of readBatches(blocks(), 'type,value,note')) events.push(...batch);
  }).rejects.toThrow('a.csv:6: invalid CSV');
  const [one, two, three] = ['ip 192.0.2.1', 'ip 192.0.2.2', 'ip 192.0.2.3'];
  expect(events).toEqual(['block', 'block', one, 'block', 'block', two, 'block', three]);
});

test('a line break in a cell stays as it is, wherever a block ends', async () => {
  const found = [];
  for await (const batch of readBatches([['type,value', 'note,"a'], ['b"']], 'type,value')) found.push(...batch);
  expect(found).toEqual(['note a\nb']);
});

describe('a named column', () => {
  test('has observables of the type that is seen in each', async () => {
    const values = ['192.0.2.1', 'http://panel.example/x', 'panel.example/x', '192.0.2.1:8080/x', 'panel.example', '2001:db8::1'];
    const types = ['ip', 'url', 'url', 'url', 'domain', 'ipv6'];
    expect(await read(`date;host\n${values.map((value) => `2026-01-02;${value}\n`).join('')}`, 'host')).toEqual(
      values.map((value, at) => `${types[at] ?? ''} ${value}`),
    );
  });

  test.each([
    ['has others as unknown', 'host\n999.1.1.1\nno such thing\n', 'host', ['unknown 999.1.1.1', 'unknown no such thing']],
    ['is refanged', 'host\nhxxp://panel[.]example/\n', 'host', ['url http://panel.example/']],
    ['is found in any case, also alone', 'HOST \n192.0.2.1\n', ' Host', ['ip 192.0.2.1']],
    ['may have blank and missing cells', 'date,host\n1,\n2\n3, \n4,192.0.2.1\n', 'host', ['ip 192.0.2.1']],
  ])('%s', async (_what, text, column, expected) => {
    expect(await read(text, column)).toEqual(expected);
  });

  test('that is missing is named, with the others', async () => {
    await expect(read('date;host\n1;192.0.2.1\n', 'IP')).rejects.toThrow('a.csv:1: no column "ip" (there are: date, host)');
  });
});

test('a failure of the text itself is passed on as it is', async () => {
  const failure = new CctError('input', 'a.csv:2: not UTF-8 text');
  async function* broken(): AsyncGenerator<string[]> {
    yield await Promise.resolve(['type,value']);
    throw failure;
  }
  await expect(async () => {
    for await (const batch of readBatches(broken(), 'type,value')) expect(batch).toEqual([]);
  }).rejects.toBe(failure);
});
