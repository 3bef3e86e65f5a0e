import { describe, expect, test } from 'vitest';
import { isCsvHeader, readCsv } from '../../../src/cli/input/csv.ts';
import { CctError } from '../../../src/core/errors.ts';
import { like } from '../../helpers/run-cct.ts';

async function* toBlocks(text: string, size = text.length + 1): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

/** What is read, each as `type value`. */
async function read(text: string, column?: string, size?: number): Promise<string[]> {
  const [header = ''] = text.split(/\r?\n/);
  const found: string[] = [];
  for await (const observables of readCsv(toBlocks(text, size), header, { name: 'a.csv', column })) {
    for (const { type, value } of observables) found.push(`${type} ${value}`);
  }
  return found;
}

const complaint = (message: string) => ({ code: 'input', message });

describe('a header', () => {
  test.each(['type,value', 'value;type', 'a|TYPE|Value', ' type\tvalue ', '"type","value"', '"type" , "value"'])(
    'is seen in %j',
    (line) => {
      expect(isCsvHeader(line)).toBe(true);
    },
  );

  test.each(['', 'type', 'type value', 'types,values', 'type;b,value', 'xtype,value'])('is not seen in %j', (line) => {
    expect(isCsvHeader(line)).toBe(false);
  });
});

describe('the columns type and value', () => {
  test.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('are read with %s between them', async (_name, delimiter) => {
    const lines = [
      ['note', 'Type', 'VALUE'],
      ['x', 'ip', '192.0.2.1'],
      ['', 'url', 'http://panel.example/'],
    ];
    const text = lines.map((cells) => `${cells.join(delimiter)}\r\n`).join('');
    expect(await read(text)).toEqual(['ip 192.0.2.1', 'url http://panel.example/']);
  });

  test('are read from cells in quotes, with delimiters, quotes and line breaks in them', async () => {
    expect(await read('type,value,note\n"url","http://panel.example/?a=1,2","said ""x""\nand y"\nip,192.0.2.1,\n')).toEqual([
      'url http://panel.example/?a=1,2',
      'ip 192.0.2.1',
    ]);
  });

  test('are read without the blanks around their cells', async () => {
    expect(await read('"type", "value"\n ip , 192.0.2.1 \n"url" ,  "http://panel.example/a b"\n')).toEqual([
      'ip 192.0.2.1',
      'url http://panel.example/a b',
    ]);
  });

  test('are refanged', async () => {
    expect(await read('type,value\nurl,hxxp://panel[.]example/x\nip,192[.]0[.]2[.]1\n')).toEqual([
      'url http://panel.example/x',
      'ip 192.0.2.1',
    ]);
  });

  test('keep types that nobody asks about, as given', async () => {
    expect(await read('type,value\ndomain,panel.example\nSHA256,abc\n')).toEqual(['domain panel.example', 'SHA256 abc']);
  });

  test('are read past empty lines and from rows with cells to spare', async () => {
    expect(await read('type,value\n\nip,192.0.2.1,more,and more\n\n')).toEqual(['ip 192.0.2.1']);
  });

  test('are read alike in whatever pieces the text comes', async () => {
    const text = 'type,value\r\n"ip","192.0.2.1"\r\nurl,"http://bücher.example/"\r\n';
    expect(await read(text, undefined, 1)).toEqual(['ip 192.0.2.1', 'url http://bücher.example/']);
  });

  test('are missed by the name of the first that is not there', async () => {
    await expect(read('type,host\nip,192.0.2.1\n')).rejects.toMatchObject(
      complaint('a.csv:1: no column "value" (there are: type, host)'),
    );
  });

  test('are refused where the value is empty, naming the line', async () => {
    await expect(read('type,value\nip,192.0.2.1\nip,\n')).rejects.toMatchObject(
      complaint('a.csv:3: observable.value: expected a non-empty string'),
    );
  });

  test('are refused where the row ends before the value, naming the line', async () => {
    await expect(read('type,value\nip\n')).rejects.toMatchObject(
      complaint('a.csv:2: observable.value: expected a non-empty string'),
    );
  });

  test('are refused where the type is blank, naming the line', async () => {
    await expect(read('type,value\n" ",192.0.2.1\n')).rejects.toMatchObject(
      complaint('a.csv:2: observable.type: expected a non-empty string'),
    );
  });
});

describe('a named column', () => {
  test('gives observables of the type that is seen in each', async () => {
    const values = ['192.0.2.1', 'http://panel.example/x', 'panel.example/x', '192.0.2.1:8080/x', 'panel.example', '2001:db8::1'];
    const types = ['ip', 'url', 'url', 'url', 'domain', 'ipv6'];
    expect(await read(`date;host\n${values.map((value) => `2026-01-02;${value}\n`).join('')}`, 'host')).toEqual(
      values.map((value, at) => `${types[at] ?? ''} ${value}`),
    );
  });

  test('gives what is none of the known types as unknown, so that it is seen to be skipped', async () => {
    expect(await read('host\n999.1.1.1\nno such thing\n', 'host')).toEqual(['unknown 999.1.1.1', 'unknown no such thing']);
  });

  test('is refanged', async () => {
    expect(await read('host\nhxxp://panel[.]example/\n192(.)0(.)2(.)1\n', 'host')).toEqual([
      'url http://panel.example/',
      'ip 192.0.2.1',
    ]);
  });

  test('is found whatever the case of its letters, and may be the only one', async () => {
    expect(await read('HOST \n192.0.2.1\n', ' Host')).toEqual(['ip 192.0.2.1']);
  });

  test('is passed over where its cell is blank or missing', async () => {
    expect(await read('date,host\n1,\n2\n3, \n4,192.0.2.1\n', 'host')).toEqual(['ip 192.0.2.1']);
  });

  test('that is missing is named, with those that are there', async () => {
    await expect(read('date;host\n1;192.0.2.1\n', 'IP')).rejects.toMatchObject(
      complaint('a.csv:1: no column "ip" (there are: date, host)'),
    );
  });
});

describe('csv that is broken', () => {
  test('by a quote inside a cell without quotes is refused, naming the line', async () => {
    await expect(read('type,value\nip,192.0.2.1\nip,19"2.0.2.2\n')).rejects.toMatchObject(
      complaint('a.csv:3: invalid CSV (INVALID_OPENING_QUOTE)'),
    );
  });

  test('by a quote that never ends is refused', async () => {
    await expect(read('type,value\nip,"192.0.2.1\n')).rejects.toMatchObject({
      code: 'input',
      message: like(/^a\.csv:\d+: invalid CSV \(CSV_QUOTE_NOT_CLOSED\)$/),
    });
  });
});

test('a failure of the text itself is passed on as it is', async () => {
  const failure = new CctError('input', 'a.csv:2: not UTF-8 text');
  async function* broken(): AsyncGenerator<string> {
    yield await Promise.resolve('type,value\n');
    throw failure;
  }
  const reading = async () => {
    const found = [];
    for await (const observable of readCsv(broken(), 'type,value', { name: 'a.csv', column: undefined })) found.push(observable);
    return found;
  };
  await expect(reading()).rejects.toBe(failure);
});
